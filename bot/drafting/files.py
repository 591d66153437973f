"""The file that a client gets: data in the format that the brief asks for, prose in the one that the client chose."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.access.model import Person
from bot.briefs import formats
from bot.briefs.formats import Format, NotInFormat
from bot.briefs.model import Brief
from bot.drafting.ports import Deliverables, LettersMissing, NotMade
from bot.kernel.card import Document
from bot.kernel.text.file_format import FileFormat
from bot.kernel.translation import gettext as _
from bot.kernel.translation import reading_as

log = structlog.get_logger(__name__)

# Makes an Excel workbook of one sheet from its rows.
Workbook = Callable[[Sequence[Sequence[str]]], bytes]


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A finished text as a file. prose: which format that is; None for data, which come as they were asked for.

    note: why it is another format than was chosen, in the words of whoever gets it.
    """

    document: Document
    prose: FileFormat | None
    note: str = ""


def format_of(brief: Brief, text: str) -> Format | None:
    """The format that the brief asks for, where the text is in it; a person may have made something else of it."""
    wanted = formats.asked_by(brief)
    try:
        if wanted is not None:
            formats.check(wanted, text)
    except NotInFormat:
        return None
    return wanted


def file_of(brief: Brief, text: str, workbook: Workbook) -> Document:
    """The text as a file in the format that the brief asks for; otherwise, or where it is not in it, as Markdown."""
    found = format_of(brief, text)
    if found is Format.XLSX:
        data = base64.b64encode(workbook(formats.rows_of(text))).decode()
        return Document(f"brief-{brief.id}.{found}", data, binary=True)
    return Document(f"brief-{brief.id}.{found or Format.MARKDOWN}", text + "\n")


def chosen(brief: Brief, client: Person) -> FileFormat:
    """How the brief's client wants prose: as they said for this brief, else as for all of theirs; not where the brief
    itself asks for a format of data.
    """
    if formats.asked_by(brief) is not None:
        return FileFormat.MARKDOWN
    return FileFormat(brief.file_format or client.file_format or FileFormat.MARKDOWN)


class Files:
    """Makes finished texts into files. What takes a process of its own is made outside of transactions."""

    def __init__(self, workbook: Workbook, deliverables: Deliverables) -> None:
        self._workbook = workbook
        self._deliverables = deliverables

    def at_once(self, brief: Brief, text: str) -> FinishedFile:
        """The text as data or as Markdown."""
        document = file_of(brief, text, self._workbook)
        return FinishedFile(document, FileFormat.MARKDOWN if document.name.endswith(".md") else None)

    async def finished(self, brief: Brief, text: str, wanted: FileFormat, client: Person, brand: str) -> FinishedFile:
        """The text in that format, where it is prose; as Word where a PDF has not its letters; as Markdown where no
        file could be made, with a note that says so.
        """
        plain = self.at_once(brief, text)
        if plain.prose is None or wanted is FileFormat.MARKDOWN:
            return plain
        about = {"title": brief.title, "language": brief.language or client.reader.language, "whose": brand}
        note = ""
        try:
            try:
                made = await self._deliverables.make(wanted, text, **about)
            except LettersMissing:
                wanted = FileFormat.WORD
                with reading_as(client.reader):
                    note = _(
                        "A PDF cannot show some letters of this text, so it comes as {format}.", format=wanted.words
                    )
                made = await self._deliverables.make(wanted, text, **about)
        except NotMade as error:
            log.warning("a file is not made", brief=brief.id, format=wanted.value, error=str(error))
            with reading_as(client.reader):
                note = _("Making the {format} file failed, so this is the text.", format=wanted.words)
            return replace(plain, note=note)
        return FinishedFile(Document.of(f"brief-{brief.id}.{wanted}", made), wanted, note)
