"""A demo that is kept: EchoPilot's database, and what the stand-ins know, in a folder."""

import pickle
from collections.abc import Sequence
from pathlib import Path

from bot.kernel.errors import EchoPilotError
from sandbox.memory import Remembers

FOLDER = Path("data/demo")
_UNREADABLE = (pickle.UnpicklingError, AttributeError, ImportError, LookupError, EOFError, TypeError, ValueError)


class CannotGoOn(EchoPilotError):
    """What was kept is not whole, or fits nothing that is there now."""


class Kept:
    """The folder of a demo. Its database and what the stand-ins know belong together.

    So what they know is there only between two demos: where one was killed, nobody takes up a half of it.
    """

    def __init__(self, folder: Path, stand_ins: Sequence[Remembers]) -> None:
        self.folder = folder
        self._stand_ins = {stand_in.name: stand_in for stand_in in stand_ins}
        self._known = folder / "sandbox.pickle"
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def database(self) -> Path:
        """EchoPilot's own."""
        return self.folder / "demo.db"

    def take_up(self) -> bool:
        """Have the stand-ins know what they knew; returns whether there was a demo before. Raises CannotGoOn."""
        if not self._known.exists():
            if self.database.exists():
                raise self._cannot("the demo before was killed, and what its sandbox knew is lost")
            return False
        try:
            memories = pickle.loads(self._known.read_bytes())
            if set(memories) != set(self._stand_ins):
                raise self._cannot(f"it was kept with other providers as the sandbox: {', '.join(sorted(memories))}")
            for name, memory in memories.items():
                self._stand_ins[name].remember(memory)
        except _UNREADABLE as error:
            raise self._cannot(f"another version wrote it ({error!r})") from None
        return True

    def begin(self) -> None:
        """From now on what is known changes: only `keep` makes it whole again."""
        self._known.unlink(missing_ok=True)

    def keep(self) -> None:
        """Write down what the stand-ins know, once nobody asks them any more."""
        memories = {name: stand_in.memory() for name, stand_in in self._stand_ins.items()}
        half = self._known.with_suffix(".half")
        half.write_bytes(pickle.dumps(memories))
        half.replace(self._known)

    def _cannot(self, why: str) -> CannotGoOn:
        return CannotGoOn(f"The demo in {self.folder} cannot go on: {why}. Begin anew: rm -r {self.folder}")
