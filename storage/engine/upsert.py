"""Insert once, or insert or change: the same row again is no error."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine.database import Transaction

BEFORE = "before"


async def insert_new(
    tx: Transaction,
    table: Table,
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *unique: str,
    computed: Mapping[str, Any] | None = None,
) -> list[int]:
    """Insert the rows whose `unique` columns are not there yet; returns the ids of those that were inserted.

    computed: columns whose values the database works out, such as a subquery; the same objects in every call.
    """
    if not values:
        return []
    statement = _ignoring(tx.connection.dialect.name, table, unique, tuple((computed or {}).items()))
    return list((await tx.run(statement, values)).scalars())


async def upsert(tx: Transaction, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert the row, or change `values` where `key` is there already.

    `key` names the tenant and the columns that are unique, with the tenant or without it, as the table says.
    """
    statement = _changing(tx.connection.dialect.name, table, frozenset(key), frozenset(values))
    await tx.run(statement, {**key, **values})


async def upsert_over(
    tx: Transaction,
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    column: Column[Any],
    before: object,
) -> None:
    """The same, but a row whose `column` is no longer `before` stays as it is, and any does where that is None."""
    statement = _changing(tx.connection.dialect.name, table, frozenset(key), frozenset(values), column.name)
    await tx.run(statement, {**key, **values, BEFORE: before})


async def upsert_all(tx: Transaction, table: Table, key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns, or change all but `key` where that is there already; see `upsert`."""
    if rows:
        await tx.run(_changing(tx.connection.dialect.name, table, frozenset(key), frozenset(rows[0]) - {*key}), rows)


# Statements are built once each: that takes SQLAlchemy several times longer than running them.
@cache
def _ignoring(dialect: str, table: Table, unique: tuple[str, ...], computed: tuple[tuple[str, Any], ...]) -> Any:
    statement = _insert(dialect, table)
    if computed:
        statement = statement.values(dict(computed))
    return statement.on_conflict_do_nothing(index_elements=unique).returning(table.c.id)


@cache
def _changing(dialect: str, table: Table, key: frozenset[str], values: frozenset[str], over: str = "") -> Any:
    constraints = [{column.name for column in c.columns} for c in table.constraints if isinstance(c, UniqueConstraint)]
    unique = next(columns for columns in constraints if columns in (key, key - {"tenant"}))
    statement = _insert(dialect, table)
    changes = {name: statement.excluded[name] for name in sorted(values)}
    where = table.c[over] == bindparam(BEFORE, type_=table.c[over].type) if over else None
    return statement.on_conflict_do_update(index_elements=sorted(unique), set_=changes, where=where)


def _insert(dialect: str, table: Table) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)
