"""Tables as CSV that no spreadsheet takes for orders: https://owasp.org/www-community/attacks/CSV_Injection."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain, repeat

from bot.kernel.text import played

Cell = str | int | float | Decimal
# A cell that begins so is a formula to some spreadsheet; wide letters are read as the narrow ones.
UNSEEN = " \u00a0\u200b\u200c\u200d\u200e\u200f\u061c\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\ufeff"
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(rows: Iterable[Sequence[Cell]], *, headed: bool = True) -> str:
    """The rows by RFC 4180, with a quote before every text that a spreadsheet would work out. headed: the first row
    names the columns; else they go on with a table that is begun.

    What is played has a column behind the others that says so in each row, wherever the file goes.
    """
    if played.is_played():
        marks = chain(["played"] if headed else [], repeat("yes"))
        rows = [(*row, mark) for row, mark in zip(rows, marks, strict=False)]
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
