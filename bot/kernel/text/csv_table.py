"""Tables as CSV that no spreadsheet takes for orders: https://owasp.org/www-community/attacks/CSV_Injection."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

Cell = str | int | float | Decimal
# A cell that begins so is a formula to some spreadsheet; wide letters are read as the narrow ones.
UNSEEN = " \u00a0\u200b\u200c\u200d\u200e\u200f\u061c\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\ufeff"
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows by RFC 4180, with a quote before every text that a spreadsheet would work out."""
    out = io.StringIO()
    writer = csv.writer(out)  # its own end of line has a lone "\r" in a cell quoted as well
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return out.getvalue()


def _plain(cell: Cell) -> Cell:
    """A text with white space, or marks that nobody sees, before its sign is as much a formula. Numbers are none."""
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\0", "")
    return f"'{text}" if text.lstrip(UNSEEN).startswith(STARTS) else text
