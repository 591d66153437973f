"""What taking briefs in needs from outside."""

from dataclasses import dataclass
from typing import Protocol

from bot.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read out of a file. `extent` is how much it is in its own measure: "3 pages"; "" for plain text.

    notes: what was not read of it, or was guessed, a clause each.
    picture: the MIME type of a picture, which has no text, and which a model has to see.
    """

    text: str
    extent: str
    notes: tuple[str, ...] = ()
    picture: str = ""


class BrokenOff(Refusal):
    """A file whose reader had to be ended, or died: `str(error)` is for the person, `why` for operators."""

    def __init__(self, words: str, why: str) -> None:
        super().__init__(words)
        self.why = why


class Documents(Protocol):
    """Reads the text out of files that people send."""

    def check_kind(self, name: str) -> None:
        """Raise Refusal, before the file is fetched, where nothing can be read in it whatever it is in truth."""
        ...

    async def read(self, name: str, data: bytes, mime_type: str = "") -> Reading:
        """The text of a file of this name, and of the type that its sender gives. Its content decides what it is.

        Raises Refusal, in words for the person, where it is of a kind that cannot be read, locked, broken, without
        text, or larger than one brief can hold; BrokenOff where it took more time or memory than it may, or ended
        whatever read it; ProviderError where the program stops before it was read.
        """
        ...
