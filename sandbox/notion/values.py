"""The cells of a row: what Notion accepts for each property type, and what it gives back.

Source: https://developers.notion.com/reference/page-property-values
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sandbox.notion import richtext
from sandbox.notion.errors import invalid, invalid_body
from sandbox.notion.properties import COMPUTED_TYPES, Property, find, option

BOT_ID = "b0700000-0000-4000-8000-000000000001"
_LISTS = frozenset({"multi_select", "people", "files", "relation"})
_MOST_ITEMS = 100  # of a cell: options, people, relations, files
_LONGEST = {"url": richtext.LONGEST_URL, "email": 200, "phone_number": 200}


def parse(columns: Mapping[str, Property], given: object, path: str = "properties") -> dict[str, Any]:
    """Cell values by property name from a request; raises NotionError 400 that names every wrong property."""
    if not isinstance(given, Mapping):
        raise invalid_body(path, "be an object", given, undefined=given is None)
    wrong, cells = [], {}
    for key, value in given.items():
        name = find(columns, key)
        if name is None:
            wrong.append(f"{key} is not a property that exists.")
        elif columns[name]["type"] in COMPUTED_TYPES:
            raise invalid_body(f"{path}.{key}", "be not present", value)
        elif columns[name]["type"] == "title" and isinstance(value, list):
            cells[name] = richtext.parse(value, f"{path}.{key}")  # a title may come without its inner key
        elif not isinstance(value, Mapping) or columns[name]["type"] not in value:
            wrong.append(f"{key} is expected to be {columns[name]['type']}.")
        else:
            cells[name] = _cell(columns[name], value[columns[name]["type"]], f"{path}.{key}.{columns[name]['type']}")
    if wrong:
        raise invalid(" ".join(wrong))
    return cells


def render(column: Property, value: Any) -> dict[str, Any]:
    """The cell as the API returns it; an unset cell has its type's empty value."""
    kind = column["type"]
    extra = {"has_more": False} if kind == "relation" else {}
    return {"id": column["id"], "type": kind, kind: empty(kind) if value is None else value, **extra}


def empty(kind: str) -> Any:
    """What an unset cell of this type holds."""
    if kind in {"title", "rich_text"} | _LISTS:
        return []
    return False if kind == "checkbox" else None


def plain(kind: str, value: Any) -> Any:
    """The cell as a plain Python value: text, number, bool, option name, ISO date (or start/end pair), or a list."""
    if value is None:
        return empty(kind) if kind in _LISTS or kind == "checkbox" else "" if kind in {"title", "rich_text"} else None
    match kind:
        case "title" | "rich_text":
            return richtext.plain(value)
        case "select" | "status":
            return value["name"]
        case "multi_select" | "files":
            return [item["name"] for item in value]
        case "people" | "relation":
            return [item["id"] for item in value]
        case "date":
            return value["start"] if value["end"] is None else (value["start"], value["end"])
        case _:
            return value


def _cell(column: Property, value: Any, path: str) -> Any:
    match column["type"]:
        case "title" | "rich_text":
            return richtext.parse(value, path)
        case "number":
            return _of_type(value, int | float, "a number", path)
        case "checkbox":
            return _of_type(value, bool, "a boolean", path, nullable=False)
        case "select" | "status":
            return None if value is None else option(column, value, path)
        case "multi_select":
            return [option(column, item, f"{path}[{number}]") for number, item in enumerate(_list(value, path))]
        case "date":
            return None if value is None else _date(value, path)
        case "people" | "relation" | "files":
            return _references(column["type"], value, path)
        case kind:
            text = _of_type(value, str, "a string", path)
            if text is not None and len(text) > _LONGEST[kind]:
                raise invalid_body(f"{path}.length", f"be ≤ `{_LONGEST[kind]}`", len(text))
            return text


def _of_type(value: Any, kind: Any, name: str, path: str, *, nullable: bool = True) -> Any:
    wrong_bool = isinstance(value, bool) and kind is not bool
    if (value is None and nullable) or (isinstance(value, kind) and not wrong_bool):
        return value
    raise invalid_body(path, f"be {name}" + (" or `null`" if nullable else ""), value)


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise invalid_body(path, "be an array", value)
    if len(value) > _MOST_ITEMS:
        raise invalid_body(f"{path}.length", f"be ≤ `{_MOST_ITEMS}`", len(value))
    return value


def _references(kind: str, value: Any, path: str) -> list[dict[str, Any]]:
    needed = "name" if kind == "files" else "id"
    for number, item in enumerate(_list(value, path)):
        if not isinstance(item, Mapping) or needed not in item:
            raise invalid_body(f"{path}[{number}].{needed}", "be defined", None, undefined=True)
    extra = {"object": "user"} if kind == "people" else {}
    return [{**extra, **item} for item in value]


def _date(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping) or "start" not in value:
        raise invalid_body(f"{path}.start", "be defined", None, undefined=True)
    for key in ("start", "end"):
        if value.get(key) is not None:
            moment(value[key], f"{path}.{key}")
    return {"start": value["start"], "end": value.get("end"), "time_zone": value.get("time_zone")}


def moment(text: object, path: str) -> datetime | date:
    """An ISO 8601 date or date and time; raises NotionError 400."""
    try:
        given = str(text)
        return date.fromisoformat(given) if len(given) == len("2026-01-01") else datetime.fromisoformat(given)
    except ValueError as error:
        shown = json.dumps(text)
        raise invalid(
            f"body failed validation: body.{path} should be a valid ISO 8601 date string, instead was `{shown}`."
        ) from error
