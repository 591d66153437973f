"""Filters and sorts of a query. Text is compared exactly, but `contains` and its kin ignore case.

Source: https://developers.notion.com/reference/filter-data-source-entries and .../sort-data-source-entries
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sandbox.notion import values
from sandbox.notion.errors import invalid, invalid_body
from sandbox.notion.properties import Property, find


@dataclass(frozen=True)
class Row:
    """What a query looks at: plain values by property name, and the page's own times (ISO, UTC)."""

    page_id: str
    cells: Mapping[str, Any]
    times: Mapping[str, str]


Read = Callable[[Row], Any]
Test = Callable[[Row], bool]
_TEXT = frozenset({"title", "rich_text", "url", "email", "phone_number"})
_TIMESTAMPS = ("created_time", "last_edited_time")
_DEEPEST = 2
_DATE_LENGTH = len("2026-01-01")
_EMPTY: dict[str, Callable[[Any, Any], bool]] = {
    "is_empty": lambda cell, _: cell in (None, "", []),
    "is_not_empty": lambda cell, _: cell not in (None, "", []),
}
_EQUAL: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda cell, wanted: cell == wanted,
    "does_not_equal": lambda cell, wanted: cell != wanted,
}
_MEMBERS: dict[str, Callable[[Any, Any], bool]] = {
    "contains": lambda cell, wanted: wanted in cell,
    "does_not_contain": lambda cell, wanted: wanted not in cell,
}
_WORDS: dict[str, Callable[[Any, Any], bool]] = {
    "contains": lambda cell, wanted: wanted.lower() in (cell or "").lower(),
    "does_not_contain": lambda cell, wanted: wanted.lower() not in (cell or "").lower(),
    "starts_with": lambda cell, wanted: (cell or "").lower().startswith(wanted.lower()),
    "ends_with": lambda cell, wanted: (cell or "").lower().endswith(wanted.lower()),
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "greater_than": lambda cell, wanted: cell is not None and cell > wanted,
    "less_than": lambda cell, wanted: cell is not None and cell < wanted,
    "greater_than_or_equal_to": lambda cell, wanted: cell is not None and cell >= wanted,
    "less_than_or_equal_to": lambda cell, wanted: cell is not None and cell <= wanted,
}
_DATES: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda cell, wanted: _whole_day(cell, wanted) == _start(wanted),
    "before": lambda cell, wanted: _start(cell) < _start(wanted),
    "after": lambda cell, wanted: _whole_day(cell, wanted) > _start(wanted),
    "on_or_before": lambda cell, wanted: _whole_day(cell, wanted) <= _start(wanted),
    "on_or_after": lambda cell, wanted: _start(cell) >= _start(wanted),
}
_SPANS = {
    "past_week": (-7, 0),
    "past_month": (-30, 0),
    "past_year": (-365, 0),
    "next_week": (0, 7),
    "next_month": (0, 30),
    "next_year": (0, 365),
}


def compile_filter(
    given: object, columns: Mapping[str, Property], now: datetime, path: str = "filter", depth: int = 0
) -> Test:
    """The filter as a function of a row; raises NotionError 400."""
    if not isinstance(given, Mapping):
        raise invalid_body(path, "be an object", given)
    for joint, combine in (("and", all), ("or", any)):
        if joint in given:
            if depth >= _DEEPEST:
                raise invalid(f"body failed validation: body.{path} is nested too deeply.")
            parts = given[joint]
            if not isinstance(parts, list):
                raise invalid_body(f"{path}.{joint}", "be an array", parts)
            tests = [
                compile_filter(part, columns, now, f"{path}.{joint}[{number}]", depth + 1)
                for number, part in enumerate(parts)
            ]
            return _joined(combine, tests)
    if "timestamp" in given:
        return _timestamp(given, now, path)
    return _property(given, columns, now, path)


def _joined(combine: Callable[[list[bool]], bool], tests: list[Test]) -> Test:
    return lambda row: combine([test(row) for test in tests])


def sort_rows(rows: list[Row], given: object, columns: Mapping[str, Property]) -> list[Row]:
    """The rows in the wanted order, empty cells last; raises NotionError 400."""
    if not isinstance(given, list):
        raise invalid_body("sorts", "be an array", given)
    for number, sort in reversed(list(enumerate(given))):
        read = _sort_key(sort, columns)
        direction = sort.get("direction", "ascending")
        if direction not in {"ascending", "descending"}:
            raise invalid_body(f"sorts[{number}].direction", 'be `"ascending"` or `"descending"`', direction)
        rows = _ordered(rows, read, descending=direction == "descending")
    return rows


def _sort_key(sort: Mapping[str, Any], columns: Mapping[str, Property]) -> Read:
    if sort.get("timestamp") in _TIMESTAMPS:
        return lambda row: row.times[sort["timestamp"]]
    name = find(columns, str(sort.get("property")))
    if name is None:
        raise invalid(f"Could not find sort property with name or id: {sort.get('property')}")
    return lambda row: row.cells[name]


def _ordered(rows: list[Row], read: Read, *, descending: bool) -> list[Row]:
    filled = [row for row in rows if read(row) not in (None, "")]
    filled.sort(key=lambda row: _sortable(read(row)), reverse=descending)
    return filled + [row for row in rows if read(row) in (None, "")]


def _sortable(cell: Any) -> Any:
    if isinstance(cell, tuple | list):
        return str(cell)
    return cell.lower() if isinstance(cell, str) else cell


def _property(given: Mapping[str, Any], columns: Mapping[str, Property], now: datetime, path: str) -> Test:
    key = given.get("property")
    if not isinstance(key, str):
        raise invalid_body(f"{path}.property", "be a string", key, undefined=key is None)
    name = find(columns, key)
    if name is None:
        raise invalid(f"Could not find property with name or id: {key}")
    kind = columns[name]["type"]
    asked = next((field for field in given if field not in {"property", "type"}), "")
    if asked != kind and not (asked in _TEXT and kind in _TEXT):
        raise invalid(f"database property {kind} does not match filter {asked}")
    return _condition(lambda row: row.cells[name], kind, given[asked], now, f"{path}.{asked}")


def _timestamp(given: Mapping[str, Any], now: datetime, path: str) -> Test:
    name = given["timestamp"]
    if name not in _TIMESTAMPS or name not in given:
        raise invalid_body(f"{path}.timestamp", f"be one of {_TIMESTAMPS} with a condition of that name", name)
    return _condition(lambda row: row.times[name], name, given[name], now, f"{path}.{name}")


def _condition(read: Read, kind: str, given: object, now: datetime, path: str) -> Test:
    if not isinstance(given, Mapping) or len(given) != 1:
        raise invalid_body(path, "be an object with one condition", given)
    ((condition, wanted),) = given.items()
    if condition in _SPANS and kind in {"date", *_TIMESTAMPS}:
        return _span(read, condition, now)
    test = _tests(kind).get(condition)
    if test is None:
        raise invalid_body(f"{path}.{condition}", "be not present", wanted)
    if condition in _EMPTY:
        return lambda row: test(read(row), None)
    if kind in {"date", *_TIMESTAMPS}:
        values.moment(wanted, f"{path}.{condition}")
        return lambda row: read(row) is not None and test(_first(read(row)), wanted)
    _check_wanted(kind, wanted, f"{path}.{condition}")
    return lambda row: test(read(row), wanted)


def _tests(kind: str) -> dict[str, Callable[[Any, Any], bool]]:
    if kind in _TEXT:
        return _EQUAL | _WORDS | _EMPTY
    match kind:
        case "number":
            return _EQUAL | _ORDER | _EMPTY
        case "checkbox":
            return _EQUAL
        case "select" | "status":
            return _EQUAL | _EMPTY
        case "multi_select" | "people" | "relation":
            return _MEMBERS | _EMPTY
        case "files":
            return _EMPTY
        case _:
            return _DATES | _EMPTY


def _check_wanted(kind: str, wanted: object, path: str) -> None:
    if kind == "number" and (isinstance(wanted, bool) or not isinstance(wanted, int | float)):
        raise invalid_body(path, "be a number", wanted)
    if kind == "checkbox" and not isinstance(wanted, bool):
        raise invalid_body(path, "be a boolean", wanted)
    if kind not in {"number", "checkbox"} and not isinstance(wanted, str):
        raise invalid_body(path, "be a string", wanted)


def _span(read: Read, condition: str, now: datetime) -> Test:
    first, last = (now + timedelta(days=days) for days in _SPANS[condition])
    return lambda row: read(row) is not None and first <= _start(_first(read(row))) <= last


def _first(cell: Any) -> str:
    return str(cell[0] if isinstance(cell, tuple) else cell)


def _start(text: str) -> datetime:
    """The moment, or the beginning of the day; without a zone it is UTC."""
    parsed = values.moment(text, "filter")
    moment = parsed if isinstance(parsed, datetime) else datetime.combine(parsed, time.min)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _whole_day(cell: str, wanted: str) -> datetime:
    """The cell's moment; its day's beginning when the filter names a whole day."""
    moment = _start(cell)
    return datetime.combine(moment.date(), time.min, moment.tzinfo) if len(wanted) == _DATE_LENGTH else moment
