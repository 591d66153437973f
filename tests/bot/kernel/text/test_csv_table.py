"""Files for spreadsheets."""

import csv
import io
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from bot.kernel.text.csv_table import table

ORDERS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\u00a0=1", "\0=1", "=A1\n=B1")


def test_no_cell_is_an_order() -> None:
    """What a spreadsheet would work out begins with a quote, and is a text to it; numbers stay numbers."""
    cells = next(csv.reader(io.StringIO(table([[*ORDERS, -12, "plain", ""]]), newline="")))
    assert all(cell.startswith("'") for cell in cells[: len(ORDERS)])
    assert cells[len(ORDERS) :] == ["-12", "plain", ""]


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4), max_size=4))
def test_read_back(rows: list[list[str]]) -> None:
    """Whatever is in a cell, a reader of CSV finds as many rows and cells, with its words in them."""
    found = list(csv.reader(io.StringIO(table(rows), newline="")))
    assert [len(row) for row in found] == [len(row) for row in rows]
    for before, after in zip(chain.from_iterable(rows), chain.from_iterable(found), strict=True):
        assert after.removeprefix("'") == before.replace("\0", "").removeprefix("'")
