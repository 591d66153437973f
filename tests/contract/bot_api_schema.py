"""Checks bot calls against the Bot API's own description of its methods and types (tests/data)."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.telegram.params import Upload

_SOURCE = Path(__file__).parent.parent / "data" / "telegram_bot_api_schema.json"
_INTEGER = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

Fields = dict[str, tuple[str, int]]


@cache
def _read(source: Path) -> Any:
    """Once in a process, for nobody writes to it: every test has a stand-in of its own, with a schema beside it."""
    return json.loads(source.read_text(encoding="utf-8"))


class BotApiSchema:
    """Finds unknown methods, unknown or missing parameters and mistyped values, nested ones included.

    It can observe a stand-in: `stand_in.on_call.append(schema)` collects everything wrong in `found`.
    """

    def __init__(self, source: Path = _SOURCE) -> None:
        content = _read(source)
        self._methods: dict[str, Fields] = content["methods"]
        self._types: dict[str, Fields] = content["types"]
        self._unions: dict[str, list[str]] = content["unions"]
        self.found: list[str] = []

    def __call__(self, method: str, params: Mapping[str, object]) -> None:
        self.found += self.violations(method, params)

    def violations(self, method: str, params: Mapping[str, object]) -> list[str]:
        """What is wrong with a call, one sentence each; parameters are objects or as they stand in a form."""
        if method not in self._methods:
            return [f"{method}: unknown method"]
        given = {name: value for name, value in params.items() if not _attached(name, params)}
        fields = self._methods[method]
        wire = {name: self._from_form(value, fields[name][0]) for name, value in given.items() if name in fields}
        return list(self._object(method, {**given, **wire}, fields))

    def _from_form(self, value: object, kind: str) -> object:
        """A form knows only strings: read one as the schema's type says, and leave what cannot be read."""
        names = _alternatives(kind)
        if not isinstance(value, str) or "String" in names:
            return value
        if names == ["Integer"]:
            return int(value) if _INTEGER.fullmatch(value) else value
        if names == ["Float"]:
            return float(value) if _NUMBER.fullmatch(value) else value
        try:
            return json.loads(value)
        except ValueError:
            return value

    def _object(self, where: str, given: Mapping[str, object], fields: Fields) -> Iterator[str]:
        for name, (kind, required) in fields.items():
            if name in given:
                yield from self._value(f"{where}.{name}", given[name], kind)
            elif required:
                yield f"{where}: {name} is missing"
        for name in given.keys() - fields.keys():
            yield f"{where}: {name} is unknown"

    def _value(self, where: str, value: object, kind: str) -> list[str]:
        """The complaints of the alternative that fits best."""
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: {value!r} is not an {kind}"]
            return [
                complaint
                for index, item in enumerate(value)
                for complaint in self._value(f"{where}[{index}]", item, kind.removeprefix("Array of "))
            ]
        return min((list(self._single(where, value, name)) for name in _alternatives(kind)), key=len)

    def _single(self, where: str, value: object, name: str) -> Iterator[str]:
        if name in self._unions:
            yield from min((list(self._single(where, value, member)) for member in self._unions[name]), key=len)
        elif name in self._types and name != "InputFile":
            if isinstance(value, dict):
                yield from self._object(where, value, self._types[name])
            else:
                yield f"{where}: {value!r} is not a {name}"
        elif not _scalar(value, name):
            yield f"{where}: {value!r} is not a {name}"


def _alternatives(kind: str) -> list[str]:
    return re.split(r", | and | or ", kind)


def _scalar(value: object, name: str) -> bool:
    if name == "InputFile":
        return isinstance(value, Upload) or (isinstance(value, str) and value.startswith("attach://"))
    kinds: dict[str, tuple[type, ...]] = {"String": (str,), "Integer": (int,), "Float": (int, float)}
    if name in {"Boolean", "True"}:
        return isinstance(value, bool)
    return name not in kinds or (isinstance(value, kinds[name]) and not isinstance(value, bool))


def _attached(name: str, params: Mapping[str, object]) -> bool:
    """Whether this is the upload that another parameter refers to as `attach://<name>`."""
    if not isinstance(params[name], Upload):
        return False
    return any(f"attach://{name}" in repr(value) for value in params.values() if not isinstance(value, Upload))
