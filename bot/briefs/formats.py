"""Data in the format that a brief asks for: which one that is, what the drafter is told of it, and a strict check.

CSV by https://www.rfc-editor.org/rfc/rfc4180, JSON by https://www.rfc-editor.org/rfc/rfc8259, tables in Markdown by
https://github.github.com/gfm/#tables-extension-. A workbook is drafted as CSV.
"""

import csv
import io
import json
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from bot.briefs.model import Brief
from bot.kernel.errors import EchoPilotError
from bot.kernel.task_type import TaskType

LOOKED_AT = 2_000  # characters: the ask stands at the beginning, before the data
FENCE = re.compile(r"```[\w-]*\n(.*)\n```", re.DOTALL)
WORDS = r"csv|json|xlsx?|excel|spreadsheet|workbook|markdown"
ASKED = re.compile(
    r"\b(?:to|into|as|in|return|output|deliver|want|need|give me|format:?)\s+"
    rf"(?:an?\s+|the\s+|valid\s+|one\s+|clean\s+)*({WORDS})\b",
    re.IGNORECASE,
)
NAMED = re.compile(rf"(?<![.\w])({WORDS})\b", re.IGNORECASE)
SEPARATOR = re.compile(r":?-+:?")


class Format(StrEnum):
    """A format of files; its value is the files' ending."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    MARKDOWN = "md"


_FORMATS = {"csv": Format.CSV, "json": Format.JSON, "markdown": Format.MARKDOWN}
_TABLE = "a header row, then one row for each record, every row with as many fields as the header"
_CSV = f"Answer with nothing but CSV by RFC 4180: {_TABLE}; no words around it, no code fence."
GUIDANCE: dict[Format, str] = {
    Format.CSV: _CSV,
    Format.XLSX: f"It becomes an Excel workbook. {_CSV}",
    Format.JSON: "Answer with nothing but JSON by RFC 8259: one array or object; no words around it, no code fence.",
    Format.MARKDOWN: f"Answer with nothing but one table in Markdown: {_TABLE}; no words around it, no code fence.",
}


class NotInFormat(EchoPilotError):
    """The text is not in the format; `str(error)` says where and why."""


def asked_by(brief: Brief) -> Format | None:
    """The format that a brief wants its data in; None where it names none, or is of another type.

    What stands behind "to", "as" or "in" counts, the last of these; without them, a format that is the only one named.
    """
    if brief.task_type is not TaskType.DATA_TRANSFORM:
        return None
    start = brief.text[:LOOKED_AT]
    asked = ASKED.findall(start) or sorted({word.lower() for word in NAMED.findall(start)})
    if not asked or (len(asked) > 1 and not ASKED.search(start)):
        return None
    return _FORMATS.get(asked[-1].lower(), Format.XLSX)


def bare(text: str) -> str:
    """The text without the code fence around the whole of it, which models like to add."""
    text = text.strip()
    found = FENCE.fullmatch(text)
    return found[1].strip("\n") if found else text


def check(wanted: Format, text: str) -> None:
    """Raise NotInFormat unless the whole text is in the format."""
    if wanted is Format.JSON:
        _json(text)
    elif wanted is Format.MARKDOWN:
        _markdown(text)
    else:
        rows_of(text)


def rows_of(text: str) -> list[list[str]]:
    """The rows of a CSV text, header first. Raises NotInFormat."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise NotInFormat(f"it is not CSV: {error}") from None
    _same_width(rows, "CSV")
    return rows


def _same_width(rows: Sequence[Sequence[str]], name: str) -> None:
    if not rows or len(rows[0]) < 2:
        raise NotInFormat(f"it is not {name}: the first line is no header of two columns or more")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise NotInFormat(f"it is not {name}: row {number} has {len(row)} fields, the header {len(rows[0])}")


def _json(text: str) -> None:
    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            raise NotInFormat(f"it is not JSON to rely on: an object has a key twice, among {', '.join(keys)}")
        return dict(pairs)

    def refuse(word: str) -> Any:
        raise NotInFormat(f"it is not JSON: {word} is no value")

    try:
        value = json.loads(text, object_pairs_hook=distinct, parse_constant=refuse)
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotInFormat(f"it is not JSON: {error}") from None
    if not isinstance(value, dict | list):
        raise NotInFormat("it is not JSON of an array or object")


def _markdown(text: str) -> None:
    lines = text.split("\n")
    if len(lines) < 2 or not all(line.startswith("|") and line.rstrip().endswith("|") for line in lines):
        raise NotInFormat("it is not a table in Markdown: every line has to begin and end with |")
    rows = [re.split(r"(?<!\\)\|", line.strip()[1:-1]) for line in lines]
    if not all(SEPARATOR.fullmatch(cell.strip()) for cell in rows[1]):
        raise NotInFormat("it is not a table in Markdown: its second line has to separate the header, as | --- | --- |")
    _same_width(rows, "a table in Markdown")
