"""What backups need from outside: something that makes, opens and moves them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.backups.model import Manifest, Tried
from bot.kernel.errors import EchoPilotError


class BackupRefused(EchoPilotError):
    """Something about a backup cannot be done; the text says why and what to do."""


class Busy(BackupRefused):
    """Another backup is being made or tried there just now."""


@dataclass(frozen=True, slots=True)
class Key:
    """A pair of age keys: https://age-encryption.org/v1. secret: never kept on the machine that makes backups."""

    public: str
    secret: str


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A backup that was opened. file: its database, in the scratch folder. files: what lay beside that."""

    manifest: Manifest
    file: Path
    files: Sequence[Path]


class Vault(Protocol):
    """Makes backups in a folder of this machine, keeps copies in a second place, and opens both.

    Everything that takes long is done by a short process of its own. All raise BackupRefused; what makes or tries a
    backup raises Busy while another one does.
    """

    @property
    def encrypts(self) -> bool:
        """Whether there is a public key to encrypt to."""
        ...

    @property
    def second(self) -> str:
        """The second place in words; "" where there is none."""
        ...

    async def make(self, manifest: Manifest, still_tried: Sequence[str] = ()) -> Manifest:
        """Make a backup of the database while it runs; returns what it then says of itself.

        still_tried: the names of older ones whose one-off keys stay, besides those of the newest.
        """
        ...

    async def keys(self) -> Collection[str]:
        """The names of the backups whose one-off key is still here."""
        ...

    async def trial(self, name: str, place: str, secret: str = "") -> Sequence[Tried]:
        """Restore a backup into a scratch database, look it through, and throw that away.

        secret: a key that opens it; without one the one-off key that was left beside it, while that is there.
        """
        ...

    async def unpack(self, source: str, into: Path, secret: str = "", bot: str = "") -> Unpacked:
        """Open a backup and check every byte of it.

        source: a name, the path of a file, or "newest". bot: the number of the bot whose newest is meant; "" for any.
        """
        ...

    async def put_back(self, unpacked: Unpacked, url: str) -> Sequence[Tried]:
        """Put an opened backup into the database at that address, which is empty, and look it through."""
        ...

    async def listed(self, place: str) -> Sequence[Manifest]:
        """The backups that are there, in any order; others may keep theirs there too."""
        ...

    async def broken(self, place: str) -> Sequence[str]:
        """The names of what is called as backups are there, of which the manifest cannot be read, or the file is gone
        or cut.
        """
        ...

    async def send(self, name: str) -> None:
        """Copy a backup to the second place, never over another, and read it back."""
        ...

    async def forget(self, place: str, backups: Sequence[Manifest]) -> None:
        """Delete these backups there."""
        ...

    async def new_key(self) -> Key:
        """A new pair of keys; nothing is kept of it."""
        ...

    async def try_out(self) -> None:
        """Write where backups go, and take that away again."""
        ...
