"""Pages of a list that is shown newest first, found by ids, so that any page costs the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import Column, Row, Select, bindparam

from storage.columns import Whole
from storage.connection import Connection


@dataclass(frozen=True, slots=True)
class Page:
    """The newest `limit` rows; or those older than the row `before`; or the next newer than the row `after`."""

    before: int | None = None
    after: int | None = None
    limit: int = 10

    async def of(
        self, connection: Connection, query: Select[Any], row_id: Column[int], given: Mapping[str, Any] | None = None
    ) -> list[Row[Any]]:
        """The page of the query's rows, newest first. given: the query's own parameters."""
        side = "newer" if self.after is not None else "newest" if self.before is None else "older"
        values = {**(given or {}), "beside": self.before if self.after is None else self.after, "at_most": self.limit}
        rows = (await connection.execute(_page(query, row_id, side), values)).all()
        return list(rows)[::-1] if self.after is not None else list(rows)


@lru_cache(maxsize=64)  # a list's query is built once, and so are its pages
def _page(query: Select[Any], row_id: Column[int], side: Literal["newer", "newest", "older"]) -> Select[Any]:
    order = row_id.asc() if side == "newer" else row_id.desc()
    if side != "newest":
        beside = bindparam("beside", type_=Whole)
        query = query.where(row_id > beside if side == "newer" else row_id < beside)
    return query.order_by(order).limit(bindparam("at_most"))
