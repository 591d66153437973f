"""What a caller sent: form fields as nested objects, checked against the SDK's own parameter types.

Stripe's form encoding is `metadata[brief]=7&expand[0]=customer` (https://docs.stripe.com/api/metadata). The SDK's
`stripe.params` TypedDicts are generated from Stripe's OpenAPI description, so they say what the real API accepts.
"""

import re
import sys
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from stripe import RequestOptions
from typing_extensions import get_type_hints, is_typeddict

from sandbox.stripe.errors import Json, StripeError, missing_parameter

KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
SHOWN_ENUM_LIMIT = 30
# The SDK's types leave them out, but Stripe empties them: https://github.com/stripe/stripe-node/pull/1834
EMPTIED_AS_WELL = frozenset({"email"})


def decoded(fields: Iterable[tuple[str, str]]) -> Json:
    """Form fields as nested dictionaries; lists are still dictionaries of positions, as only the type can tell.

    Raises StripeError for a field name that is no `name[part][part]`.
    """
    tree: Json = {}
    for name, value in fields:
        match = KEY.fullmatch(name)
        if match is None:
            raise StripeError(f"Invalid request: could not understand the parameter name {name!r}")
        parts = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        node = tree
        for part in parts[:-1]:
            node = node.setdefault(part or str(len(node)), {})
            if not isinstance(node, dict):
                raise StripeError("Invalid request: a parameter is both a value and a hash", param=match[1])
        node[parts[-1] or str(len(node))] = value
    return tree


def checked(shape: type, given: Json) -> Json:
    """The parameters with their real types (int, bool, Decimal, float, str, list, dict), checked against a TypedDict.

    Raises StripeError: `parameter_unknown`, `parameter_missing`, `parameter_invalid_empty`,
    `parameter_invalid_integer`, or without a code where Stripe has none (a wrong boolean, enum, array or hash).
    """
    return _hash(shape, given, "")


@cache
def _fields(shape: type) -> tuple[dict[str, Any], frozenset[str]]:
    """The names and types of a TypedDict's fields, and which are required; the SDK's own request options left out."""
    options = RequestOptions.__annotations__
    inherited = vars(sys.modules[RequestOptions.__module__])
    hints = get_type_hints(shape, {**inherited, **vars(sys.modules[shape.__module__]), "StripeContext": str})
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset())
    return {name: kind for name, kind in hints.items() if name not in options}, required - options.keys()


def _hash(shape: type, given: Json, where: str) -> Json:
    kinds, required = _fields(shape)
    unknown = [_below(where, name) for name in given if name not in kinds]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        raise StripeError(
            f"Received unknown parameter{plural}: {', '.join(unknown)}", code="parameter_unknown", param=unknown[0]
        )
    for name in sorted(required - given.keys()):
        raise missing_parameter(_below(where, name))
    return {name: _value(kinds[name], value, _below(where, name)) for name, value in given.items()}


def _below(where: str, name: str) -> str:
    return f"{where}[{name}]" if where else name


def _value(kind: Any, given: Any, where: str) -> Any:
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    literals = [word for one in kinds if get_origin(one) is Literal for word in get_args(one)]
    if given == "":
        if "" in literals or where in EMPTIED_AS_WELL:
            return ""
        raise StripeError(
            f"You passed an empty string for '{where}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{where}' cannot be unset. You should remove '{where}' from your request or supply a non-empty "
            "value.",
            code="parameter_invalid_empty",
            param=where,
        )
    if isinstance(given, dict):
        return _nested(kinds, given, where)
    words = [word for word in literals if word]
    if words:
        return _word(words, given, where)
    return _scalar(kinds, given, where)


def _nested(kinds: tuple[Any, ...], given: Json, where: str) -> Any:
    for kind in kinds:
        origin = get_origin(kind)
        if is_typeddict(kind):
            return _hash(kind, given, where)
        if origin is list:
            return [_value(get_args(kind)[0], value, f"{where}[{key}]") for key, value in _positions(given, where)]
        if origin is dict:
            return {key: _text(value, _below(where, key)) for key, value in given.items()}
    raise StripeError(f"Invalid {_scalar_name(kinds)}: {where} must not be a hash", param=where)


def _positions(given: Json, where: str) -> list[tuple[str, Any]]:
    if not all(key.isdecimal() for key in given):
        raise StripeError("Invalid array", param=where)
    return sorted(given.items(), key=lambda pair: int(pair[0]))


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise StripeError("Invalid string: a hash was given", param=where)
    return value


def _word(words: list[str], given: str, where: str) -> str:
    """A word of a closed list: the SDK's types leave it open for later versions, a pinned version does not."""
    if given not in words:
        *most, last = words[:SHOWN_ENUM_LIMIT]
        listed = f"{', '.join(most)}{',' if len(most) > 1 else ''} or {last}" if most else last
        raise StripeError(f"Invalid {where}: must be one of {listed}", param=where)
    return given


def _scalar(kinds: tuple[Any, ...], given: str, where: str) -> Any:
    if int in kinds:
        if not re.fullmatch(r"-?\d{1,18}", given):
            raise StripeError(f"Invalid integer: {given}", code="parameter_invalid_integer", param=where)
        return int(given)
    if bool in kinds:
        if given not in ("true", "false"):
            raise StripeError(f"Invalid boolean: {given}", param=where)
        return given == "true"
    if Decimal in kinds:
        return _decimal(given, where)
    if float in kinds:
        return float(_decimal(given, where))
    if str in kinds:
        return given
    expected = "array" if any(get_origin(kind) is list for kind in kinds) else "hash"
    raise StripeError(f"Invalid {expected}", param=where)


def _decimal(given: str, where: str) -> Decimal:
    try:
        number = Decimal(given)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise StripeError(f"Invalid decimal: {given}", param=where)
    return number


def _scalar_name(kinds: tuple[Any, ...]) -> str:
    names = {int: "integer", bool: "boolean", Decimal: "decimal", float: "decimal"}
    return next((names[kind] for kind in kinds if kind in names), "string")
