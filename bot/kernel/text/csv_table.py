"""Tables as CSV that no spreadsheet takes for orders: https://owasp.org/www-community/attacks/CSV_Injection."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain, repeat

from bot.kernel.text import played

# A cell that begins so is a formula to some spreadsheet; wide letters are read as the narrow ones.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(rows: Iterable[Sequence[str | int | float]]) -> str:
    """The rows by RFC 4180, with a quote before every text that a spreadsheet would work out.

    What is played has a column behind the others that says so in each row, wherever the file goes.
    """
    if played.is_played():
        rows = [(*row, mark) for row, mark in zip(rows, chain(["played"], repeat("yes")), strict=False)]
    out = io.StringIO()
    writer = csv.writer(out)  # its own end of line has a lone "\r" in a cell quoted as well
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return out.getvalue()


def _plain(cell: str | int | float) -> str | int | float:
    """A text with white space before its sign is as much a formula. Numbers are none."""
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\0", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(STARTS) else text
