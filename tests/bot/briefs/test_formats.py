"""Data in the format that a brief asks for: which that is, and a strict check."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.adapters.documents.spreadsheet import workbook
from bot.briefs.formats import Format, NotInFormat, asked_by, bare, check, rows_of
from bot.kernel.task_type import TaskType
from tests.briefs import made_up

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
TABLES = st.integers(min_value=2, max_value=4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Convert this CSV to JSON:\na,b\n1,2", Format.JSON),
        ("Turn the JSON below into an Excel workbook.", Format.XLSX),
        ("Please return a clean CSV with one row per order", Format.CSV),
        ("Reformat the list as a Markdown table", Format.MARKDOWN),
        ("Make a spreadsheet of these addresses", Format.XLSX),
        ("Format: json", Format.JSON),
        ("Sort the orders by city. See orders.csv", None),
        ("CSV and JSON are both fine", None),
        ("Sort these addresses by city", None),
    ],
)
def test_which_format(text: str, wanted: Format | None) -> None:
    """The format that data is to be put into counts, not the one that it comes in; without one it is prose."""
    assert asked_by(made_up(text, TaskType.DATA_TRANSFORM)) == wanted


def test_other_types_have_no_format() -> None:
    """A text about CSV is a text."""
    assert asked_by(made_up("Write in CSV", TaskType.DRAFTING)) is None


@given(TABLES)
def test_good_tables_pass(table: list[list[str]]) -> None:
    """Whatever stands in its cells, a table that was written by the rules is read, and read back the same."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    assert rows_of(out.getvalue()) == table
    records = [dict(zip(map(str, range(len(row))), row, strict=True)) for row in table]
    check(Format.JSON, json.dumps(records))
    cells = [[cell.replace("\\", "").replace("|", "\\|") for cell in row] for row in table]
    lines = [f"|{'|'.join(row)}|" for row in [cells[0], ["---"] * len(cells[0]), *cells[1:]]]
    check(Format.MARKDOWN, "\n".join(lines))


@pytest.mark.parametrize(
    ("wanted", "text", "words"),
    [
        (Format.CSV, "", "no header"),
        (Format.CSV, "Here is your data.", "no header"),
        (Format.CSV, "a,b\n1,2,3\n", "row 2 has 3 fields, the header 2"),
        (Format.CSV, 'a,b\n1,"2\n', "unexpected end of data"),
        (Format.CSV, 'a,b\n1,"2"x\n', "expected after"),
        (Format.CSV, "a,b\n1,2\n\n3,4", "row 3 has 0 fields"),
        (Format.XLSX, "a\n1", "no header"),
        (Format.JSON, "Here it is: {}", "Expecting value"),
        (Format.JSON, '{"a": 1,}', "property name"),
        (Format.JSON, '{"a": 1, "a": 2}', "a key twice"),
        (Format.JSON, '[NaN]', "NaN is no value"),
        (Format.JSON, '"text"', "array or object"),
        (Format.JSON, '[1] and more', "Extra data"),
        (Format.JSON, "[" * 100_000, "recursion"),
        (Format.MARKDOWN, "a | b\n--- | ---", "begin and end"),
        (Format.MARKDOWN, "| a | b |\n| 1 | 2 |", "second line"),
        (Format.MARKDOWN, "| a | b |\n| - | - |\n| 1 |", "row 3 has 1 fields"),
    ],
)  # fmt: skip
def test_bad_data_does_not(wanted: Format, text: str, words: str) -> None:
    """What is not wholly in the format is refused, with words that say where."""
    with pytest.raises(NotInFormat, match=words):
        check(wanted, text)


def test_a_fence_around_it_all() -> None:
    """The code fence that models like to add is taken off, and only as a whole."""
    assert bare("```csv\na,b\n1,2\n```\n") == "a,b\n1,2"
    assert bare("Sure:\n```csv\na,b\n```") == "Sure:\n```csv\na,b\n```"


def test_a_workbook() -> None:
    """Numbers are numbers, codes and formulas are text, and the header stays in view."""
    rows = [["Name", "Amount", "Code"], ["Ali", "12.50", "007"], ["=1+1", "-3", "12345678901234567890"]]
    sheet = load_workbook(io.BytesIO(workbook(rows))).active
    assert sheet is not None
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == [
        ["Name", "Amount", "Code"], ["Ali", 12.5, "007"], ["=1+1", -3, "12345678901234567890"]
    ]  # fmt: skip
    assert sheet["A3"].data_type == "s"
    assert sheet.freeze_panes == "A2"
