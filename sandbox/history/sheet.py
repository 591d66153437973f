"""Rows that wait to be written, by table, and how they get into the database at once."""

from collections import defaultdict
from typing import Any

import orjson
from sqlalchemy import Connection

from bot.access.model import TENANT
from storage.engine.schema import metadata

Values = tuple[Any, ...]
# What is read by its number, newest first, is written in the order of its times; by which of its columns these are.
IN_TIME = {"events": 4, "audit": 4, "postings": 3, "model_calls": 9}


class Sheet:
    """Rows of one tenant. Times are microseconds since 1970."""

    def __init__(self) -> None:
        self._rows: defaultdict[tuple[str, tuple[str, ...]], list[Values]] = defaultdict(list)

    def add(self, table: str, **values: Any) -> None:
        """A row; what is not named has the column's default."""
        self._rows[table, tuple(values)].append(tuple(values.values()))

    def happened(self, what: str, subject: str, at: int, by: int | None = None, /, **data: Any) -> None:
        """An event, and who did it in the audit log, as `bot.audit.service.record` has them.

        what: "brief.delivered".
        """
        name, said = what.partition(".")[2], orjson.dumps(data).decode()
        self.add("events", subject=subject, name=name, data=said, person_id=by, at=at)
        if by is not None:
            self.add("audit", person_id=by, action=what, subject=subject, outcome="done", at=at)

    def write(self, connection: Connection) -> None:
        """Write all rows, and forget them."""
        order = {table.name: place for place, table in enumerate(metadata.sorted_tables)}  # what others point to first
        for (table, columns), rows in sorted(self._rows.items(), key=lambda one: order[one[0][0]]):
            if table in IN_TIME:
                rows.sort(key=lambda row, at=IN_TIME[table]: row[at])  # type: ignore[misc]
            names = ", ".join(f'"{name}"' for name in ("tenant", *columns))
            if connection.dialect.name == "sqlite":
                marks = ", ".join("?" * len(columns))
                connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ('{TENANT}', {marks})", rows)
            else:
                _copy(connection, f"COPY {table} ({names}) FROM STDIN", rows)
        self._rows.clear()
        connection.commit()


def _copy(connection: Connection, statement: str, rows: list[Values]) -> None:
    """PostgreSQL's own way for many rows. https://www.psycopg.org/psycopg3/docs/basic/copy.html"""
    cursor = connection.connection.cursor()
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((TENANT, *row))
