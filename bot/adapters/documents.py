"""The text in files that people send, by python-docx, pypdf, openpyxl and charset-normalizer.

A file may be made to hurt: what it unpacks to, its pages and the time that it takes are bounded, and whatever a library
raises over a broken one is an answer to the person and no fault of ours.
"""

import csv
import io
import time
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from bot.adapters import document_limits
from bot.briefs.model import LONGEST_TEXT
from bot.briefs.ports import Reading
from bot.kernel.errors import Refusal
from bot.kernel.text import storable
from bot.kernel.words import count

if TYPE_CHECKING:
    import asyncio

SECONDS = 10.0
MOST_PAGES = 200
TEXTS = frozenset({".txt", ".md", ".markdown", ".csv", ".tsv", ".json"})
READABLE = "text, Markdown, CSV, JSON, DOCX, PDF, XLSX, and pictures (JPEG, PNG, WebP)"
INSTEAD: dict[str, str] = {
    ".doc": "is in Word's old format. Open it in Word, save it as .docx, and send that",
    ".xls": "is in Excel's old format. Open it in Excel, save it as .xlsx, and send that",
    ".odt": "is an OpenDocument file. Save it as .docx or PDF, and send that",
    ".ods": "is an OpenDocument file. Save it as .xlsx or CSV, and send that",
    ".rtf": "is an RTF file. Save it as .docx or PDF, and send that",
    ".pages": "is a Pages file. Export it as DOCX or PDF, and send that",
    ".heic": "is a picture in Apple's own format. Send it as a photo, or save it as JPEG",
}
NOTHING_STARTED = "Nothing was started and nothing is charged."


class DocumentReader:
    """See `bot.briefs.ports.Documents`. Each file is read by a process of its own, which calls `read_here`."""

    def __init__(self, seconds: float = SECONDS, draining: "asyncio.Event | None" = None) -> None:
        from bot.adapters.reading_process import ReadingProcesses  # which that process has no use for

        self._processes = ReadingProcesses(seconds, draining)

    def check_kind(self, name: str) -> None:
        suffix = PurePath(name).suffix.lower()
        if suffix in INSTEAD:
            raise Refusal(f"{name} {INSTEAD[suffix]}. {NOTHING_STARTED}")
        if suffix not in _READERS:
            raise Refusal(f"I cannot read {name}. I read {READABLE}; or paste the text here. {NOTHING_STARTED}")

    async def read(self, name: str, data: bytes) -> Reading:
        self.check_kind(name)
        return await self._processes.read(name, data)


def read_here(name: str, data: bytes, seconds: float) -> Reading:
    """Read in this process, which the file may end. The libraries are imported when they are first needed."""
    watch = Watch(name, time.monotonic() + seconds)
    try:
        reading = _READERS[PurePath(name).suffix.lower()](data, watch)
    except (Refusal, MemoryError):
        raise
    except Exception as error:  # libraries raise anything over a broken file, and it is not our fault
        if type(error).__name__ == "LimitReachedError":
            raise _too_large(watch) from error
        raise Refusal(
            f"{name} is broken, or is not what its name says. Open it, save it again, and send the copy; "
            f"or paste the text here. {NOTHING_STARTED}"
        ) from error
    text = storable(reading.text).strip()
    if not text:
        raise Refusal(f"There is no text in {name}. Send another file, or write what you need. {NOTHING_STARTED}")
    return Reading(text, reading.extent)


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

    def _too_long(self) -> Refusal:
        return Refusal(
            f"{self.name} has more than {LONGEST_TEXT:,} characters, and one brief holds {LONGEST_TEXT:,}. "
            f"Send the part that matters, or split it into several briefs. {NOTHING_STARTED}"
        )

    def take_bytes(self, data: bytes) -> None:
        """No encoding writes a character with more than four bytes, so that this many are too many characters."""
        if len(data) > 4 * (LONGEST_TEXT + 1):
            raise self._too_long()

    def check_time(self) -> None:
        if time.monotonic() > self._until:
            raise OutOfTime(
                f"{self.name} takes too long to read. Send the pages that matter as a smaller file, or paste the text. "
                f"{NOTHING_STARTED}"
            )


Reader = Callable[[bytes, Watch], Reading]


def _text(data: bytes, watch: Watch) -> Reading:
    from charset_normalizer import from_bytes

    watch.take_bytes(data)
    try:
        return Reading(watch.take(data.decode("utf-8-sig")), "")
    except UnicodeDecodeError:
        found = from_bytes(data).best()
    if found is None or "\x00" in str(found):
        raise Refusal(f"{watch.name} is not text. I read {READABLE}. {NOTHING_STARTED}")
    return Reading(watch.take(str(found)), "")


def _table(data: bytes, watch: Watch) -> Reading:
    text = _text(data, watch).text
    delimiter = "\t" if watch.name.lower().endswith(".tsv") else ","
    rows = sum(1 for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row))
    return Reading(text, count(rows, "row"))


def _docx(data: bytes, watch: Watch) -> Reading:
    from docx import Document
    from docx.table import Table

    _check_unpacked(data, watch)
    document = Document(io.BytesIO(data))
    if not document_limits.cells_fit(document):
        raise _too_large(watch)
    parts = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            parts += [watch.take(_row([cell.text for cell in row.cells])) for row in block.rows]
        else:
            style = (block.style.name if block.style is not None else "") or ""
            mark = "# " if style.startswith(("Heading", "Title")) else "- " if style.startswith("List") else ""
            parts.append(watch.take(f"{mark}{block.text}" if block.text.strip() else ""))
    return Reading("\n".join(parts), "")


def _xlsx(data: bytes, watch: Watch) -> Reading:
    from openpyxl import load_workbook

    _check_unpacked(data, watch)
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        sheets = [f"### {sheet.title}\n" + "\n".join(_rows(sheet, watch)) for sheet in book.worksheets]
    finally:
        book.close()
    return Reading("\n\n".join(sheets), count(len(sheets), "sheet"))


def _rows(sheet: Any, watch: Watch) -> Iterator[str]:
    """The sheet's rows as CSV, without empty ones and without empty cells at the end."""
    for row in sheet.iter_rows(values_only=True):
        watch.check_time()
        last = max((number for number, value in enumerate(row, 1) if value is not None), default=0)
        if last:
            line = io.StringIO()
            csv.writer(line, lineterminator="").writerow(["" if value is None else value for value in row[:last]])
            yield watch.take(line.getvalue())


def _pdf(data: bytes, watch: Watch) -> Reading:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    document_limits.limit_pdf()
    reader = PdfReader(io.BytesIO(data), xref_stream_maximum_entries=document_limits.PDF_OBJECTS)
    try:
        locked = reader.is_encrypted and not reader.decrypt("")
    except DependencyError:
        locked = True
    if locked:
        raise Refusal(
            f"{watch.name} is locked with a password. Save a copy without it, and send that. {NOTHING_STARTED}"
        )
    pages = len(reader.pages)
    if pages > MOST_PAGES:
        raise Refusal(
            f"{watch.name} has {pages:,} pages; I read up to {MOST_PAGES}. Send the pages that matter as a file of "
            f"their own. {NOTHING_STARTED}"
        )
    texts = [watch.take(page.extract_text().strip()) for page in reader.pages]
    if not any(texts):
        raise Refusal(
            f"There is no text in {watch.name}; it is probably a scan. Send its pages as photos, which a model can "
            f"read, or paste the text. {NOTHING_STARTED}"
        )
    return Reading("\n\n".join(filter(None, texts)), count(pages, "page"))


def _check_unpacked(data: bytes, watch: Watch) -> None:
    if not document_limits.fits(data):
        raise _too_large(watch)


def _too_large(watch: Watch) -> Refusal:
    return Refusal(
        f"{watch.name} unpacks to more than I can take in. Send the part that matters as a smaller file. "
        f"{NOTHING_STARTED}"
    )


def _row(cells: list[str]) -> str:
    return " | ".join(" ".join(cell.split()) for cell in cells)


_READERS: dict[str, Reader] = {
    **dict.fromkeys(TEXTS, _text),
    ".csv": _table,
    ".tsv": _table,
    ".docx": _docx,
    ".pdf": _pdf,
    ".xlsx": _xlsx,
}
