"""Pages of a long list. Source: https://developers.notion.com/reference/intro#pagination"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sandbox.notion.errors import invalid, invalid_body

LARGEST_PAGE = 100
_T = TypeVar("_T")


def page(
    items: Sequence[_T],
    given: Mapping[str, Any],
    kind: str,
    show: Callable[[_T], dict[str, Any]],
    key: Callable[[_T], str],
) -> dict[str, Any]:
    """One page from `start_cursor` on, at most `page_size` items; a cursor is the id of the first item to come."""
    size = _size(given.get("page_size", LARGEST_PAGE))
    cursor = given.get("start_cursor")
    keys = [key(item) for item in items]
    if cursor is not None and cursor not in keys:
        raise invalid(f"The start_cursor provided is invalid: {cursor}")
    start = 0 if cursor is None else keys.index(cursor)
    rest = keys[start + size : start + size + 1]
    return {
        "object": "list",
        "results": [show(item) for item in items[start : start + size]],
        "next_cursor": rest[0] if rest else None,
        "has_more": bool(rest),
        "type": kind,
        kind: {},
    }


def _size(given: object) -> int:
    try:
        size = int(str(given))
    except ValueError as error:
        raise invalid_body("page_size", "be a number", given) from error
    if not 1 <= size <= LARGEST_PAGE:
        edge = f"be ≤ `{LARGEST_PAGE}`" if size > LARGEST_PAGE else "be ≥ `1`"
        raise invalid_body("page_size", edge, size)
    return size
