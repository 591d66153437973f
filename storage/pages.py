"""Pages of a list that is shown newest first, found by ids, so that any page costs the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Row, Select

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
        if self.after is not None:
            newer = query.where(row_id > self.after).order_by(row_id).limit(self.limit)
            return list((await connection.execute(newer, given)).all())[::-1]
        if self.before is not None:
            query = query.where(row_id < self.before)
        return list((await connection.execute(query.order_by(row_id.desc()).limit(self.limit), given)).all())
