"""The columns of a data source. Source: https://developers.notion.com/reference/property-object"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

from sandbox.notion.errors import invalid, invalid_body

Property = dict[str, Any]
OPTION_TYPES = frozenset({"select", "multi_select", "status"})
COMPUTED_TYPES = frozenset({"created_time", "last_edited_time"})
TYPES = (
    "title",
    "rich_text",
    "number",
    "select",
    "multi_select",
    "status",
    "date",
    "checkbox",
    "url",
    "email",
    "phone_number",
    "people",
    "files",
    "relation",
    "created_time",
    "last_edited_time",
)
_CURRENCIES = (
    "dollar australian_dollar canadian_dollar singapore_dollar euro pound yen ruble rupee won yuan real lira rupiah "
    "franc hong_kong_dollar new_zealand_dollar krona norwegian_krone mexican_peso rand new_taiwan_dollar danish_krone "
    "zloty baht forint koruna shekel chilean_peso philippine_peso dirham colombian_peso riyal ringgit leu "
    "argentine_peso uruguayan_peso peruvian_sol"
)
NUMBER_FORMATS = ("number", "number_with_commas", "percent", *_CURRENCIES.split())
_COLOURS = ("default", "gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
_STATUS = ("Not started", "In progress", "Done")


def create(given: object, path: str, *, by_api: bool = True) -> dict[str, Property]:
    """Properties by name for a new data source: exactly one title. Raises NotionError 400.

    The API cannot create a status property (https://developers.notion.com/reference/property-object#status); the
    stand-in's Python door can (`by_api=False`), as a person can in Notion's own window.
    """
    if not isinstance(given, Mapping):
        raise invalid_body(path, "be an object", given, undefined=given is None)
    made = {name: _definition(name, spec, f"{path}.{name}", by_api) for name, spec in given.items()}
    if sum(column["type"] == "title" for column in made.values()) != 1:
        raise invalid("Title is not provided" if not _titles(made.values()) else "Only one title property is allowed.")
    return made


def update(current: Mapping[str, Property], given: object, path: str) -> dict[str, Property]:
    """The properties after an update: null removes, `name` renames, an unknown name adds. Raises NotionError 400."""
    if not isinstance(given, Mapping):
        raise invalid_body(path, "be an object", given)
    changed = dict(current)
    for key, spec in given.items():
        name = find(changed, key)
        if name is None:
            changed[key] = _definition(key, spec, f"{path}.{key}", by_api=True)
        elif spec is None:
            if changed[name]["type"] == "title":
                raise invalid("Cannot delete title property.")
            del changed[name]
        else:
            changed = _changed(changed, name, spec, f"{path}.{key}")
    return changed


def find(columns: Mapping[str, Property], key: str) -> str | None:
    """The name of the property with this name or id.

    Ids are shown as a URL needs them; a body takes them without that: github.com/seratch/notion-sdk-jvm/issues/75
    """
    if key in columns:
        return key
    return next((name for name, column in columns.items() if unquote(column["id"]) == key), None)


def option(column: Property, given: object, path: str) -> dict[str, Any]:
    """The option of a select, multi_select or status; a new name makes a new option, but not for a status."""
    if not isinstance(given, Mapping) or not ({"name", "id"} & set(given)):
        raise invalid_body(f"{path}.name", "be defined", None, undefined=True)
    options: list[dict[str, Any]] = column[column["type"]]["options"]
    for known in options:
        if given.get("name", known["name"]) == known["name"] and given.get("id", known["id"]) == known["id"]:
            return known
    name = str(given.get("name", ""))
    if column["type"] == "status" or not name:
        raise invalid(f'Invalid status option. Status option "{name}" does not exist.')
    options.append(_new_option(name, given.get("color"), len(options)))
    return options[-1]


def _titles(columns: Iterable[Property]) -> list[Property]:
    return [column for column in columns if column["type"] == "title"]


def _definition(name: str, spec: object, path: str, by_api: bool) -> Property:
    if not isinstance(spec, Mapping):
        raise invalid_body(path, "be an object", spec)
    kind = next((kind for kind in TYPES if kind in spec), None)
    if kind is None:
        raise invalid_body(f"{path}.title", "be defined", None, undefined=True)
    if kind == "status" and by_api:
        raise invalid(f'Creating status properties is not supported by the API: "{name}".')
    identifier = "title" if kind == "title" else quote(f"{uuid4().hex[:12]}:", safe="")
    return {
        "id": identifier,
        "name": name,
        "description": spec.get("description"),
        "type": kind,
        kind: _settings(kind, spec[kind], path),
    }


def _settings(kind: str, given: object, path: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise invalid_body(f"{path}.{kind}", "be an object", given)
    if kind in OPTION_TYPES:
        return _options(kind, given)
    if kind == "number":
        return {"format": _format(given.get("format", "number"), f"{path}.number.format")}
    if kind == "relation":
        if "data_source_id" not in given:
            raise invalid_body(f"{path}.relation.data_source_id", "be defined", None, undefined=True)
        return {**given, "type": given.get("type", "single_property")}
    return {}


def _format(given: object, path: str) -> object:
    if given not in NUMBER_FORMATS:
        named = ", ".join(f'`"{name}"`' for name in NUMBER_FORMATS)
        raise invalid_body(path, f"be {named}", given)
    return given


def _options(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    named = given.get("options", [{"name": name} for name in _STATUS] if kind == "status" else [])
    options = [_new_option(str(spec["name"]), spec.get("color"), number) for number, spec in enumerate(named)]
    if kind != "status":
        return {"options": options}
    group = {"id": str(uuid4()), "name": "To-do", "color": "gray", "option_ids": [made["id"] for made in options]}
    return {"options": options, "groups": [group]}


def _new_option(name: str, colour: object, number: int) -> dict[str, Any]:
    if "," in name:
        raise invalid(f"Invalid select option, commas not allowed: {name}")
    if len(name) > 100:
        raise invalid(f"Invalid select option, names are limited to 100 characters: {name[:100]}")
    chosen = colour or _COLOURS[number % len(_COLOURS)]
    return {"id": str(uuid4()), "name": name, "color": chosen, "description": None}


def _changed(columns: dict[str, Property], name: str, spec: object, path: str) -> dict[str, Property]:
    if not isinstance(spec, Mapping):
        raise invalid_body(path, "be an object", spec)
    column = dict(columns[name])
    kind = next((kind for kind in TYPES if kind in spec), column["type"])
    if kind != column["type"] and column["type"] == "title":
        raise invalid("Cannot change the type of the title property.")
    if kind == "status" and kind in spec:
        raise invalid(f'Cannot update status property "{name}" through the API.')
    if kind in spec:
        del column[column["type"]]
        column |= {"type": kind, kind: _settings(kind, spec[kind], path)}
    column["name"] = spec.get("name", name)
    return {column["name"] if key == name else key: column if key == name else kept for key, kept in columns.items()}
