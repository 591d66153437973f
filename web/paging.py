"""Lists that page by the ids of their rows, as the address says: `?before=1042`, `?after=1042`, `?order=oldest`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from storage.core.pages import Page

ROWS = 20
IN_A_FILE = 100  # rows of a file that are read at once
LARGEST_ID = 2**53
OLDEST = "oldest"
Row = TypeVar("Row")
Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """The rows of a page, and the queries of the pages beside it, None where there is none."""

    rows: Sequence[Row]
    back: Query | None = None
    on: Query | None = None


def asked(query: Query, rows: int = ROWS) -> Page:
    """The page that the address asks for, with one row more, which says whether there is another behind it."""
    before, after = _number(query.get("before")), _number(query.get("after"))
    return Page(None if after else before, after, rows + 1, query.get("order") == OLDEST)


def listed(query: Query, found: Sequence[Row], id_of: Callable[[Row], int], rows: int = ROWS) -> Listed[Row]:
    """Those of the rows of `asked` that are shown, and the way to the pages beside them."""
    page = asked(query, rows)
    more, beside = len(found) > rows, page.before or page.after
    back = (page.after is not None) is not page.oldest_first if beside else False
    shown = found[-rows:] if back else found[:rows]
    kept = {name: value for name, value in query.items() if name not in {"before", "after"}}
    upwards, downwards = ("before", "after") if page.oldest_first else ("after", "before")
    to_back = kept | {upwards: str(id_of(shown[0]))} if shown and beside and (more or not back) else None
    to_on = kept | {downwards: str(id_of(shown[-1]))} if shown and (back or more) else None
    return Listed(shown, to_back, to_on)


def _number(text: str | None) -> int | None:
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 16:
        return None
    return int(text) if 0 < int(text) < LARGEST_ID else None
