"""Which statements read or change rows of whichever tenant, found in what SQLAlchemy executes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Delete, Engine, Select, Table, TextClause, Update, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList
from sqlalchemy.sql.selectable import Alias, FromClause, Join

from storage.migrations.schema import whole

DIALECT = sqlite.dialect()
OF_TENANTS = {name for name, table in whole().tables.items() if "tenant" in table.c}


@contextmanager
def unscoped(*but: Any) -> Iterator[set[str]]:
    """The statements executed meanwhile, but for these, that do not say whose rows they mean, each in one line."""
    found: set[str] = set()
    seen: set[Any] = set(but)

    def look(_: Any, statement: Any, *__: Any) -> None:
        if statement not in seen:
            seen.add(statement)
            found.update(open_to_all(statement))

    event.listen(Engine, "before_execute", look)
    try:
        yield found
    finally:
        event.remove(Engine, "before_execute", look)


def open_to_all(statement: Any) -> Iterator[str]:
    """What in the statement, itself or a part of it, is not kept to a tenant."""
    if isinstance(statement, TextClause):
        words = " ".join(str(statement).split())
        named = any(f" {name} " in f"{words} " for name in OF_TENANTS)
        if named and ":tenant" not in words and words.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            yield words
        return
    for part in visitors.iterate(statement):
        if isinstance(part, Select | Update | Delete) and not _kept(part, within=part is not statement):
            yield described(part)


def _kept(part: Select[Any] | Update | Delete, *, within: bool) -> bool:
    """within: another one, whose tenant it may have."""
    tables = list(_tables(part))
    if not tables:
        return True
    conditions = [*part._where_criteria, *_on(part)]
    return any(_says_whose(one, tables, within) for condition in conditions for one in _comparisons(condition))


def _says_whose(one: BinaryExpression[Any], tables: list[FromClause], within: bool) -> bool:
    """Whether a tenant of the query's own tables is compared with something that is not of these."""
    named = [column for column in _columns(one) if column.table in tables]
    return any(column.name == "tenant" for column in named) and (within or len({c.table for c in named}) == 1)


def _comparisons(condition: Any) -> Iterator[BinaryExpression[Any]]:
    """What holds of every row; what holds of some, by an OR, keeps nothing."""
    if isinstance(condition, BinaryExpression):
        yield condition
    elif isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        for child in condition.get_children():
            yield from _comparisons(child)


def _tables(part: Select[Any] | Update | Delete) -> Iterator[FromClause]:
    for one in _froms(part) if isinstance(part, Select) else [part.table]:
        yield from _leaves(one)


def _froms(part: Select[Any]) -> list[FromClause]:
    """As `Select.get_final_froms` says, which knows no type of ours."""
    compiler = DIALECT.statement_compiler(DIALECT, None)
    return list(part._compile_state_factory(part, compiler)._get_display_froms())


def _leaves(one: FromClause) -> Iterator[FromClause]:
    if isinstance(one, Join):
        yield from _leaves(one.left)
        yield from _leaves(one.right)
    elif (isinstance(one, Table) and one.name in OF_TENANTS) or (
        isinstance(one, Alias) and getattr(one.element, "name", "") in OF_TENANTS
    ):
        yield one


def _on(part: Select[Any] | Update | Delete) -> Iterator[Any]:
    for one in _froms(part) if isinstance(part, Select) else []:
        while isinstance(one, Join):
            yield one.onclause
            one = one.left


def _columns(condition: Any) -> Iterator[Any]:
    """The columns of a condition, but not those of a query within it."""
    if isinstance(condition, Select):
        return
    if getattr(condition, "table", None) is not None and hasattr(condition, "name"):
        yield condition
    for child in condition.get_children():
        yield from _columns(child)


def described(part: Select[Any] | Update | Delete) -> str:
    """ "SELECT briefs WHERE briefs.id = :brief"."""
    verb = type(part).__name__.upper()
    tables = ", ".join(str(getattr(table, "name", table)) for table in _tables(part))
    where = " AND ".join(str(one.compile(dialect=DIALECT)) for one in part._where_criteria)
    return " ".join(f"{verb} {tables} WHERE {where or 'all'}".split())
