"""The text in files that people send: what kind of file it is, and whether it is read within its limits.

A file may be made to hurt: what it unpacks to, its pages and the time that it takes are bounded, and whatever a library
raises over a broken one is an answer to the person and no fault of ours.
"""

import time
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from bot.adapters.documents import kinds as file_kinds
from bot.adapters.documents import limits as document_limits
from bot.adapters.documents import strict_office
from bot.adapters.documents import words as file_words
from bot.adapters.documents.words import NotText
from bot.briefs.model import LONGEST_TEXT
from bot.intake.ports import Reading
from bot.kernel.errors import Refusal
from bot.kernel.text.storable import is_blank, storable
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number

if TYPE_CHECKING:
    import asyncio

SECONDS = 10.0
TEXTS = frozenset({".txt", ".md", ".markdown", ".csv", ".tsv", ".json", ".html", ".eml", ".xml"})
# The reader of each kind: module and function. The libraries are imported by whoever first needs them.
READERS = {
    ".txt": ("text", "text"),
    ".csv": ("text", "table"),
    ".tsv": ("text", "table"),
    ".html": ("text", "page"),
    ".eml": ("text", "mail"),
    ".rtf": ("text", "rich"),
    ".docx": ("word", "word"),
    ".odt": ("open_document", "open_document"),
    ".pptx": ("slides", "slides"),
    ".pdf": ("pdf", "pdf"),
    ".xlsx": ("excel", "workbook"),
    ".xls": ("calamine", "workbook"),
    ".xlsb": ("calamine", "workbook"),
    ".ods": ("open_document", "open_table"),
}


class DocumentReader:
    """See `bot.intake.ports.Documents`. Each file is read by a process of its own, which calls `read_here`."""

    def __init__(self, seconds: float = SECONDS, draining: "asyncio.Event | None" = None) -> None:
        from bot.adapters.documents.process import ReadingProcesses  # which that process has no use for

        self._processes = ReadingProcesses(seconds, draining)

    def check_kind(self, name: str) -> None:
        suffix = file_kinds.by_name(name)
        if suffix in file_words.NOT_FETCHED:
            raise file_words.instead(name, suffix) if suffix in file_words.INSTEAD else file_words.unreadable(name)

    async def read(self, name: str, data: bytes, mime_type: str = "") -> Reading:
        return await self._processes.read(name, data, mime_type)


def read_here(name: str, data: bytes, seconds: float, mime_type: str = "") -> Reading:
    """Read in this process, which the file may end; the readers look at the clock between pages and rows."""
    watch = Watch(name, time.monotonic() + seconds)
    try:
        return _read_as(name, data, mime_type, watch)
    except (Refusal, MemoryError):
        raise
    except Exception as error:
        if type(error).__name__ == "LimitReachedError":
            raise too_large(name) from error
        raise file_words.broken(name) from error


def _read_as(name: str, data: bytes, mime_type: str, watch: "Watch") -> Reading:
    """Read it as what its content shows; where that is text, as its type or name says. Raises Refusal, and anything."""
    kind = file_kinds.by_content(name, data) or file_kinds.kind_of_text(name, mime_type, data)
    if kind in file_kinds.PICTURES:
        return Reading("", "", picture=file_kinds.PICTURES[kind])
    if kind in file_words.INSTEAD:
        raise file_words.instead(name, kind)
    if kind == file_kinds.FLAT:
        raise file_words.unreadable(name)
    if data.startswith(b"PK") and not document_limits.fits(data):
        raise too_large(name)
    if kind in strict_office.KINDS:
        data = strict_office.transitional(data)
    module, function = READERS[kind]
    reader: Reader = getattr(import_module(f"bot.adapters.readers.{module}"), function)
    try:
        return _checked(watch, kind, reader(data, watch))
    except NotText:
        raise _no_text(name) from None


def _no_text(name: str) -> Refusal:
    """What is said of content that is nothing that is known, by what its name says that it is."""
    told = file_kinds.by_name(name)
    if told in file_words.INSTEAD:
        return file_words.instead(name, told)
    if told in READERS and told not in file_kinds.KINDS_OF_TEXT:
        return file_words.broken(name)
    return file_words.not_text(name) if told in TEXTS else file_words.unreadable(name)


def _checked(watch: "Watch", kind: str, reading: Reading) -> Reading:
    """The reading with text that can be kept, and with a word on a name that says something else."""
    text, told, texts = storable(reading.text).strip(), file_kinds.by_name(watch.name), file_kinds.KINDS_OF_TEXT
    if is_blank(text):
        raise file_words.empty(watch.name, reading.notes)
    watch.check_length(text)
    misnamed = told != kind and (told in READERS or told in file_words.INSTEAD) and not {told, kind} <= texts
    note = (file_words.misnamed(told, kind),) if misnamed else ()
    return Reading(text, reading.extent, tuple(map(storable, (*note, *reading.notes))))


def too_large(name: str) -> Refusal:
    """What unpacks to more than can be taken in."""
    return file_words.refusal(file_words.too_large(name))


class OutOfTime(Refusal):
    """Reading took all the time that it may."""


class Watch:
    """The limits of one reading; each check raises Refusal once one is passed."""

    def __init__(self, name: str, until: float) -> None:
        self.name = name
        self._until = until
        self._characters = 0

    def take(self, text: str) -> str:
        """Count a piece of text that was read."""
        self.check_time()
        self._characters += len(text)
        if self._characters > LONGEST_TEXT:
            raise self._too_long()
        return text

    def check_length(self, text: str) -> None:
        """Of the whole text, with all that was put between its pieces."""
        if len(text) > LONGEST_TEXT:
            raise self._too_long()

    def take_bytes(self, data: bytes) -> None:
        """No encoding writes a character with more than four bytes, so that this many are too many characters."""
        if len(data) > 4 * (LONGEST_TEXT + 1):
            raise self._too_long()

    def _too_long(self) -> Refusal:
        return file_words.refusal(
            _(
                "{file} has more than {most} characters, and one brief holds {most}. Send the part that matters, or "
                "split it into several briefs.",
                file=self.name,
                most=number(LONGEST_TEXT),
            )
        )

    def check_time(self) -> None:
        if time.monotonic() > self._until:
            raise OutOfTime(str(file_words.refusal(file_words.too_slow(self.name))))


Reader = Callable[[bytes, Watch], Reading]
