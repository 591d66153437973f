"""The keys of the chain: as set, or one that is made once and kept in a file beside the database, never in it."""

import os
import secrets
from pathlib import Path

from bot.audit import chain
from bot.audit.chain import KeyRing
from bot.kernel.errors import EchoPilotError

BYTES = 32
FILE = "audit.key"
FOR_ITS_OWNER = 0o600


class NoKey(EchoPilotError):
    """There is no key with which the chain could be checked or go on."""


class Keys:
    """Where keys are had from. given: the setting's, with commas between them; empty: the file's."""

    def __init__(self, given: str, file: Path) -> None:
        self._given = given
        self.file = file

    @property
    def are_set(self) -> bool:
        """Whether the setting has them."""
        return bool(self._given)

    def known(self) -> KeyRing:
        """The keys that there are, none where none was ever made. Raises NoKey where the file cannot be read."""
        return self._read(self._given or self._of_file())

    def made(self) -> KeyRing:
        """The same; where there is none, one is made. Only for chains that nothing was sealed of yet."""
        return self.known() or self._make()

    def _read(self, words: str) -> KeyRing:
        return chain.ring(one.strip().encode() for one in words.replace("\n", ",").split(",") if one.strip())

    def _of_file(self) -> str:
        try:
            return self.file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise NoKey(f"The audit log's key {self.file} cannot be read ({type(error).__name__}).") from None

    def _make(self) -> KeyRing:
        """Make the file, all of it or nothing; of two processes that do so at once, the second takes the first's."""
        passing = self.file.with_name(f"{self.file.name}.{secrets.token_hex(4)}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FOR_ITS_OWNER)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(f"{secrets.token_hex(BYTES)}\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(passing, self.file)
            except FileExistsError:
                pass
            finally:
                passing.unlink()
        except OSError as error:
            raise NoKey(
                f"The audit log's key cannot be written to {self.file} ({type(error).__name__}). Set AUDIT_KEY instead."
            ) from None
        return self.known()
