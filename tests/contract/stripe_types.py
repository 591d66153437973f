"""Checks what the Stripe stand-in sends against the annotations of the SDK's classes."""

import sys
from decimal import Decimal
from types import NoneType
from typing import Any, ForwardRef, Literal, TypeVar, Union, get_args, get_origin

import stripe
from stripe import ListObject, StripeObject

PLAIN = (str, int, bool, float)


class _Names(dict[str, Any]):
    """Names that the SDK's annotations use, also those that it only imports for type checkers."""

    def __init__(self, module: str) -> None:
        super().__init__(vars(sys.modules[module]))

    def __missing__(self, name: str) -> Any:
        if name in PLAIN_NAMES:
            raise KeyError(name)
        return getattr(stripe, name, Any)


PLAIN_NAMES = {kind.__name__ for kind in PLAIN}


def problems(value: Any, kind: Any, where: str = "") -> list[str]:
    """Where a decoded JSON value does not fit the annotation `kind`, one line for each; empty if it fits."""
    origin = get_origin(kind)
    if kind is Any or isinstance(kind, (TypeVar, ForwardRef)):
        return []
    if origin is Union:
        return _union(value, kind, where)
    if origin is Literal:
        return [] if value in get_args(kind) else [f"{where}: {value!r} is none of {get_args(kind)[:5]}"]
    if origin is list:
        return _list(value, get_args(kind)[0], where)
    if kind is Decimal:
        return [] if isinstance(value, str) else [f"{where}: a decimal must be sent as a string, not {value!r}"]
    if kind in (*PLAIN, NoneType):
        fits = type(value) is kind or (kind is float and type(value) is int)
        return [] if fits else [f"{where}: {value!r} is no {kind.__name__}"]
    return _object(value, kind, where)


def _union(value: Any, kind: Any, where: str) -> list[str]:
    tried = [problems(value, member, where) for member in get_args(kind)]
    if any(not found for found in tried):
        return []
    return min(tried, key=len) if not isinstance(value, dict) else max(tried, key=len)


def _list(value: Any, kind: Any, where: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{where}: {value!r} is no list"]
    return [line for at, one in enumerate(value) for line in problems(one, kind, f"{where}[{at}]")]


def _object(value: Any, kind: Any, where: str) -> list[str]:
    shape = get_origin(kind) or kind
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no {shape.__name__}"]
    if shape is ListObject:
        missing = {"object", "data", "has_more", "url"} - value.keys()
        return [f"{where}: without {sorted(missing)}"] if missing else _list(value["data"], get_args(kind)[0], where)
    if not (isinstance(shape, type) and issubclass(shape, StripeObject)) or "Untyped" in shape.__name__:
        return []
    return _fields(value, shape, where)


def _fields(value: dict[str, Any], shape: type[StripeObject], where: str) -> list[str]:
    kinds = {name: _evaluated(kind, shape) for name, kind in shape.__annotations__.items() if name[0].islower()}
    found = [f"{where}.{name}: unknown to {shape.__name__}" for name in value if name not in kinds]
    for name, kind in kinds.items():
        if name in value:
            found += problems(value[name], kind, f"{where}.{name}")
        elif NoneType not in get_args(kind):
            found.append(f"{where}.{name}: missing")
    return found


def _evaluated(kind: Any, shape: type) -> Any:
    """An annotation with the names inside it looked up, however deep they are quoted."""
    if isinstance(kind, str):
        kind = ForwardRef(kind)
    if isinstance(kind, ForwardRef):
        return _evaluated(
            eval(kind.__forward_arg__, vars(sys.modules[shape.__module__]), _Names(shape.__module__)), shape
        )
    origin, members = get_origin(kind), get_args(kind)
    if origin in (None, Literal):
        return kind
    return kind.copy_with(tuple(_evaluated(member, shape) for member in members))
