"""What finished work needs from outside."""

from typing import Protocol

from bot.kernel.errors import EchoPilotError
from bot.kernel.text.file_format import FileFormat


class NotMade(EchoPilotError):
    """There is no such file; the text says why, for the log."""


class LettersMissing(NotMade):
    """The text has letters that a file of this format cannot show."""


class Deliverables(Protocol):
    """Makes Word files and PDFs of Markdown."""

    async def make(self, wanted: FileFormat, text: str, *, title: str, language: str, whose: str) -> bytes:
        """The text as such a file. title, whose: what its properties say; language: its words', as BCP 47 has it.

        Raises NotMade, LettersMissing.
        """
        ...
