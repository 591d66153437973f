"""Old Excel files and binary ones, by calamine: https://github.com/dimastbk/python-calamine."""

import csv
import io
from typing import TYPE_CHECKING

from bot.adapters.documents import words as file_words
from bot.adapters.readers.cell_words import shown
from bot.intake.ports import Reading
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext

if TYPE_CHECKING:
    from bot.adapters.documents.documents import Watch


def workbook(data: bytes, watch: "Watch") -> Reading:
    """Every sheet as CSV below its name: the values, as they were stored."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise file_words.locked(watch.name) from None
    sheets, hidden, others = [], [], 0
    for about in book.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet:
            others += 1
            continue
        seen = about.visible is SheetVisibleEnum.Visible
        hidden += [] if seen else [about.name]
        lines = [f"### {about.name}{'' if seen else ' (hidden)'}"]
        for row in book.get_sheet_by_name(about.name).iter_rows():
            watch.check_time()
            if line := _line([shown(value) for value in row]):
                lines.append(watch.take(line))
        sheets.append("\n".join(lines))
    notes = [file_words.hidden(hidden)] if hidden else []
    notes.append(_("only values were read: comments, pictures, links and number formats were not"))
    if others:
        notes.append(
            ngettext("{n} chart or macro sheet was not read", "{n} charts or macro sheets were not read", others)
        )
    return Reading("\n\n".join(sheets), ngettext("{n} sheet", "{n} sheets", len(sheets)), tuple(notes))


def _line(cells: list[str]) -> str:
    last = max((number for number, text in enumerate(cells, 1) if text), default=0)
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells[:last])
    return line.getvalue()
