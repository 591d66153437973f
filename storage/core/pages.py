"""Pages of a list in the order of its ids, found by ids, so that any page costs the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Row, Select, bindparam

from storage.engine.connection import Connection
from storage.engine.types import Int64


@dataclass(frozen=True, slots=True)
class Page:
    """The first `limit` rows of a list; or those next older than the row `before`, or next newer than `after`."""

    before: int | None = None
    after: int | None = None
    limit: int = 10
    oldest_first: bool = False

    async def of(
        self,
        connection: Connection,
        query: Select[Any],
        row_id: Column[int],
        given: Mapping[str, Any] | None = None,
        whose: Column[int] | None = None,
    ) -> list[Row[Any]]:
        """The page of the query's rows, in the list's order. given: the query's own parameters.

        whose: the column that is `exactly` the same in all of them.
        """
        beside = self.before if self.after is None else self.after
        upwards = self.oldest_first if beside is None else self.after is not None
        values = {**(given or {}), "beside": beside, "at_most": self.limit}
        rows = (await connection.execute(_page(query, row_id, upwards, beside is not None, whose), values)).all()
        return list(rows) if upwards is self.oldest_first else list(rows)[::-1]


@lru_cache(maxsize=64)  # a list's query is built once, and so are its pages
def _page(
    query: Select[Any], row_id: Column[int], upwards: bool, beside: bool, whose: Column[int] | None
) -> Select[Any]:
    if beside:
        other = bindparam("beside", type_=Int64)
        query = query.where(row_id > other if upwards else row_id < other)
    order = (row_id,) if whose is None else (whose, row_id)
    return query.order_by(*(one.asc() if upwards else one.desc() for one in order)).limit(bindparam("at_most"))
