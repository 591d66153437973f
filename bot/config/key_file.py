"""A secret that is made once and kept in a file for its owner alone: beside the database, and never in it."""

import os
import secrets
from pathlib import Path

from bot.kernel.errors import EchoPilotError

BYTES = 32
FOR_ITS_OWNER = 0o600


class NoKey(EchoPilotError):
    """There is no key where there has to be one."""


class KeyFile:
    """The file. what: as whose key errors call it; setting: what can be set in its place."""

    def __init__(self, path: Path, what: str, setting: str) -> None:
        self.path = path
        self._what, self._setting = what, setting

    def read(self) -> str:
        """What is in it, "" where it was never made. Raises NoKey where it cannot be read."""
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise NoKey(f"{self._what} {self.path} cannot be read ({type(error).__name__}).") from None

    def make(self) -> str:
        """Make the file, all of it or nothing; of two processes that do so at once, the second takes the first's.

        Returns what is in it. Raises NoKey.
        """
        passing = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FOR_ITS_OWNER)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(f"{secrets.token_hex(BYTES)}\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(passing, self.path)
            except FileExistsError:
                pass
            finally:
                passing.unlink()
        except OSError as error:
            raise NoKey(
                f"{self._what} cannot be written to {self.path} ({type(error).__name__}). Set {self._setting} instead."
            ) from None
        return self.read()
