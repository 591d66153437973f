"""Pages of lists: cursors, limits and filters (https://docs.stripe.com/api/pagination)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.store import Shelf

DEFAULT_LIMIT = 10
LARGEST_LIMIT = 100
CURSORS = frozenset({"limit", "starting_after", "ending_before", "expand"})
COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "gt": int.__gt__,
    "gte": int.__ge__,
    "lt": int.__lt__,
    "lte": int.__le__,
}
Keep = Callable[[Json], bool]


def list_object(things: list[Json], url: str, *, has_more: bool = False) -> Json:
    """A list as Stripe's API answers with it."""
    return {"object": "list", "data": things, "has_more": has_more, "url": url}


def page(shelf: Shelf, params: Json, url: str, keep: Keep | None = None) -> Json:
    """One page of a list, newest first.

    Every parameter that is no cursor filters the field of its name: by equality, or by a range `{gt, gte, lt, lte}`.
    `keep` decides further. Raises StripeError for an unknown cursor, or both cursors at once.
    """
    limit = page_limit(params)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise StripeError("You may only specify one of these parameters: starting_after, ending_before.")
    filters = {field: wanted for field, wanted in params.items() if field not in CURSORS}

    def matches(thing: Json) -> bool:
        return all(_fits(thing.get(field), wanted) for field, wanted in filters.items()) and (
            keep is None or keep(thing)
        )

    found = list(islice(filter(matches, _candidates(shelf, filters, after, before)), limit + 1))
    shown = found[:limit]
    if before:
        shown.reverse()
    return list_object(shown, url, has_more=len(found) > limit)


def page_limit(params: Json) -> int:
    """The page's size: what was asked for, silently brought to between 1 and 100."""
    limit: int = params.get("limit", DEFAULT_LIMIT)
    return min(max(limit, 1), LARGEST_LIMIT)


def _candidates(shelf: Shelf, filters: Json, after: str | None, before: str | None) -> Iterator[Json]:
    """What may be on the page in the order in which it is met: newest first, or oldest first from `before` on."""
    low = -1 if before is None else shelf.place(before, "ending_before")
    high = None if after is None else shelf.place(after, "starting_after")
    narrow = next((field for field, value in filters.items() if _indexed(shelf, field, value)), None)
    if narrow is None:
        yield from shelf.newest_first(below=after) if before is None else shelf.oldest_first(above=before)
        return
    things: Iterable[Json] = shelf.where(narrow, filters[narrow])
    for thing in things if before else reversed(list(things)):
        place = shelf.place(thing["id"], "id")
        if place > low and (high is None or place < high):
            yield thing


def _indexed(shelf: Shelf, field: str, value: object) -> bool:
    return isinstance(value, str) and shelf.can_find_by(field)


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return value is not None and all(COMPARISONS[how](value, bound) for how, bound in wanted.items())
    return bool(value == wanted)
