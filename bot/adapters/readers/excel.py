"""Excel workbooks by openpyxl, row by row: what a file says of its own extent is not believed."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.adapters.documents import words as file_words
from bot.adapters.readers import calamine
from bot.adapters.readers.cell_words import is_blank_format, pieces, shown
from bot.adapters.readers.excel_parts import Beside, beside, formulas_in, marked_in
from bot.intake.ports import Reading
from bot.kernel.errors import Refusal
from bot.kernel.text.placing import placed
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext

if TYPE_CHECKING:
    from bot.adapters.documents.documents import Watch


DAMAGED = N_("something in it is damaged, and may be missing")


def workbook(data: bytes, watch: "Watch") -> Reading:
    """Every sheet as CSV below its name. What openpyxl stumbles over is read by calamine, which reads values alone."""
    try:
        return _workbook(data, watch)
    except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, Refusal):
            raise
        found = calamine.workbook(data, watch)
        return replace(found, notes=(_(DAMAGED), *found.notes))


def _workbook(data: bytes, watch: "Watch") -> Reading:
    """A formula without a stored result stands in its cell."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, rich_text=marked_in(data))
    written = load_workbook(io.BytesIO(data), read_only=True) if formulas_in(data) else book
    missed: Counter[str] = Counter()
    try:
        sheets: list[str] = []
        hidden: list[str] = []
        partly: list[str] = []
        for sheet in book.worksheets:
            state = "" if sheet.sheet_state == "visible" else " (hidden)"
            hidden += [sheet.title] if state else []
            around = beside(data, sheet)
            partly += [sheet.title] if around.hides else []
            rows = _rows(sheet, written[sheet.title], around, watch, missed)
            lines = [f"### {sheet.title}{state}", *rows, *(watch.take(line) for line in around.lines())]
            sheets.append("\n".join(lines))
            missed["picture"] += around.pictures
            missed["chart"] += around.charts
        missed["chart"] += len(book.chartsheets)
    finally:
        book.close()
        written.close()
    return Reading(
        "\n\n".join(sheets), ngettext("{n} sheet", "{n} sheets", len(sheets)), tuple(_notes(hidden, partly, missed))
    )


def _notes(hidden: list[str], partly: list[str], missed: Counter[str]) -> Iterator[str]:
    if hidden:
        yield file_words.hidden(hidden)
    if partly:
        sheets = file_words.listed(partly)
        yield _("rows or columns that are hidden in {sheets} were read all the same", sheets=sheets)
    formulas, unseen = missed.pop("formula", 0), missed.pop("hidden", 0)
    if unseen:
        yield _("hidden words were left out")
    if formulas:
        yield ngettext(
            "{n} formula has no stored result, so the formula stands in its place",
            "{n} formulas have no stored result, so the formulas stand in their place",
            formulas,
        )
    yield from file_words.not_read(missed)


def _rows(sheet: Any, written: Any, around: Beside, watch: "Watch", missed: Counter[str]) -> Iterator[str]:
    """The sheet's rows as CSV, without empty ones and without empty cells at the end."""
    sheet.reset_dimensions()
    if written is not sheet:
        written.reset_dimensions()
    formulas = iter(written.rows) if written is not sheet else None
    for row in sheet.rows:
        watch.check_time()
        asked = next(formulas, ()) if formulas is not None else row
        cells = [_cell(cell, formula, around, missed) for cell, formula in zip(row, asked, strict=False)]
        last = max((number for number, text in enumerate(cells, 1) if text), default=0)
        if last:
            line = io.StringIO()
            csv.writer(line, lineterminator="").writerow(cells[:last])
            yield watch.take(line.getvalue())


def _text(cell: Any) -> str:
    value = cell.value
    text = pieces(value) if isinstance(value, list) else shown(value, cell.number_format or "General")
    return placed(text, 0, line=bool(cell.has_style and cell.font.strike))


def _cell(cell: Any, formula: Any, around: Beside, missed: Counter[str]) -> str:
    if around.rich and cell.value is not None and cell.coordinate in around.rich:
        return around.rich[cell.coordinate]
    text = _text(cell) if cell.value is not None else ""
    if text and is_blank_format(cell.number_format or ""):
        missed["hidden"] += 1
        return ""
    if formula is not cell and formula.data_type == "f":
        asks = str(getattr(formula.value, "text", None) or formula.value or "")
        if cell.value is None and asks:
            missed["formula"] += 1
            return asks if asks.startswith("=") else f"={asks}"
        if asks.upper().startswith("=HYPERLINK(") and '"' in asks and (address := asks.split('"')[1]) not in text:
            return f"{text} ({address})"
    if text and around.links and (address := around.links.get(cell.coordinate, "")) and address not in text:
        return f"{text} ({address})"
    return text
