"""What taking briefs in needs from outside."""

from dataclasses import dataclass
from typing import Protocol

from bot.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read out of a file. `extent` is how much it is in its own measure: "3 pages"; "" for plain text."""

    text: str
    extent: str


class BrokenOff(Refusal):
    """A file whose reader had to be ended, or died: `str(error)` is for the person, `why` for operators."""

    def __init__(self, words: str, why: str) -> None:
        super().__init__(words)
        self.why = why


class Documents(Protocol):
    """Reads the text out of files that people send."""

    def check_kind(self, name: str) -> None:
        """Raise Refusal, before the file is fetched, where files of this name's kind cannot be read."""
        ...

    async def read(self, name: str, data: bytes) -> Reading:
        """The text of a file of this name.

        Raises Refusal, in words for the person, where it is of a kind that cannot be read, locked, broken, without
        text, or larger than one brief can hold; BrokenOff where it took more time or memory than it may, or ended
        whatever read it; ProviderError where the program stops before it was read.
        """
        ...
