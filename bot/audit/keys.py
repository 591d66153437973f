"""The keys of the chain: as set, or one that is made once and kept in a file beside the database, never in it."""

from pathlib import Path

from bot.audit import chain
from bot.audit.chain import KeyRing
from bot.config.key_file import KeyFile

FILE = "audit.key"


class Keys:
    """Where keys are had from. given: the setting's, with commas between them; empty: the file's."""

    def __init__(self, given: str, file: Path) -> None:
        self._given = given
        self._kept = KeyFile(file, "The audit log's key", "AUDIT_KEY")

    @property
    def file(self) -> Path:
        """Where the key is kept that is not set."""
        return self._kept.path

    @property
    def are_set(self) -> bool:
        """Whether the setting has them."""
        return bool(self._given)

    def known(self) -> KeyRing:
        """The keys that there are, none where none was ever made. Raises NoKey where the file cannot be read."""
        return _read(self._given or self._kept.read())

    def made(self) -> KeyRing:
        """The same; where there is none, one is made. Only for chains that nothing was sealed of yet."""
        return self.known() or _read(self._kept.make())


def _read(words: str) -> KeyRing:
    return chain.ring(one.strip().encode() for one in words.replace("\n", ",").split(",") if one.strip())
