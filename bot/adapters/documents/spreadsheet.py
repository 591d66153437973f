"""Excel workbooks by openpyxl: https://openpyxl.readthedocs.io."""

import io
import re
from collections.abc import Sequence
from typing import Any

# Numbers as anybody writes them; a leading zero is a code's, and more digits than a float holds are an id's.
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?")


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet: numbers as numbers, everything else as text, so that no cell is ever a formula."""
    from openpyxl import Workbook  # and its XML take 7 MB, for a brief that wants a workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if NUMBER.fullmatch(value):
        return WriteOnlyCell(sheet, float(value) if "." in value else int(value))
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell
