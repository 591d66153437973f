"""Insert once, or insert or change: the same row again is no error."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Transaction


async def insert_ignoring(
    tx: Transaction,
    table: Table,
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *unique: str,
    computed: Mapping[str, Any] | None = None,
) -> list[int]:
    """Insert the rows whose `unique` columns are not there yet; returns the ids of those that were inserted.

    computed: columns whose values the database works out, such as a subquery.
    """
    if not values:
        return []
    statement = _insert(tx, table)
    if computed:
        statement = statement.values(computed)
    statement = statement.on_conflict_do_nothing(index_elements=unique)
    return list((await tx.run(statement.returning(table.c.id), values)).scalars())


async def insert_or_change(tx: Transaction, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert the row, or change `values` where `key` is there already.

    `key` names the tenant and the columns that are unique, with the tenant or without it, as the table says.
    """
    constraints = [{column.name for column in c.columns} for c in table.constraints if isinstance(c, UniqueConstraint)]
    unique = next(columns for columns in constraints if columns in (set(key), set(key) - {"tenant"}))
    statement = _insert(tx, table).values({**key, **values})
    await tx.run(statement.on_conflict_do_update(index_elements=sorted(unique), set_=values))


def _insert(tx: Transaction, table: Table) -> Any:
    return (sqlite if tx.connection.dialect.name == "sqlite" else postgresql).insert(table)
