"""The formats in which finished prose comes as a file. Data have formats of their own (`bot.briefs.formats`)."""

from enum import StrEnum

from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_


class FileFormat(StrEnum):
    """A format of files; its value is the files' ending."""

    MARKDOWN = "md"
    WORD = "docx"
    PDF = "pdf"

    @property
    def words(self) -> str:
        """What a button calls it."""
        return _(_WORDS[self])


_WORDS = {
    FileFormat.MARKDOWN: N_("Text (Markdown)"),
    FileFormat.WORD: N_("Word (DOCX)"),
    FileFormat.PDF: N_("PDF"),
}
