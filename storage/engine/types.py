"""Column types that mean the same in SQLite's STRICT tables and in PostgreSQL."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

import orjson
from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Integer, Text, bindparam, literal, literal_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from bot.kernel.text.storable import dump_json, storable

T = TypeVar("T")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Words(TypeDecorator[str]):
    """Text. What PostgreSQL cannot keep is taken out, on both databases alike, so that no text is refused for ever."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return storable(value) if isinstance(value, str) else value


def constant(value: str) -> ColumnElement[str]:
    """A word written into the statement itself, so that the database sees that an index of such rows alone will do."""
    return literal_column(f"'{storable(value)}'", Words)


def unindexed(column: ColumnElement[T]) -> ColumnElement[T]:
    """The column's value, of which no index knows: for what is only checked on rows that are found otherwise."""
    return cast(ColumnElement[T], Unindexed(column))


class Unindexed(FunctionElement[Any]):
    """See `unindexed`."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(Unindexed)
def _with_a_plus(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite's plus before a value changes nothing of it, and PostgreSQL, which has none for texts, plans well."""
    (column,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"+{column}" if compiler.dialect.name == "sqlite" else column


def exactly(column: ColumnElement[T], name: str) -> ColumnElement[bool]:
    """The column is the parameter `name`, for a list in the order of the column and the key.

    PostgreSQL is not told that all rows of the list have the same there: the primary key would then have the list's
    order as well, and it might walk past the rows of all others by it.
    """
    return Exactly(column, bindparam(name, type_=column.type))


class Exactly(FunctionElement[bool]):
    """See `exactly`. Without a type: of a truth SQLite would be asked whether it is 1, which no index answers."""

    inherit_cache = True


@compiles(Exactly)
def _is_exactly(element: Exactly, compiler: SQLCompiler, **options: Any) -> str:
    column, value = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = {value}" if compiler.dialect.name == "sqlite" else f"{column} BETWEEN {value} AND {value}"


class NextId(FunctionElement[int]):
    """The id that the next row of a table would get, taken as if it had been inserted. On PostgreSQL a transaction that
    is rolled back leaves a gap; on SQLite a trigger must note down that it is taken.
    """

    inherit_cache = True

    def __init__(self, table: str) -> None:
        super().__init__(literal(table, Text))
        self.type = Int64()


@compiles(NextId, "sqlite")
def _next_in_sqlite(element: NextId, compiler: SQLCompiler, **options: Any) -> str:
    (table,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(SELECT seq + 1 FROM sqlite_sequence WHERE name = {table})"  # noqa: S608 - a compiled clause


@compiles(NextId, "postgresql")
def _next_in_postgresql(element: NextId, compiler: SQLCompiler, **options: Any) -> str:
    (table,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"nextval(pg_get_serial_sequence({table}, 'id'))"


class Int64(TypeDecorator[int]):
    """A whole number of up to 64 bits. STRICT knows INTEGER only, and only that makes a primary key SQLite's row id."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class UtcTime(TypeDecorator[datetime]):
    """A point in time as microseconds since 1970 in UTC: exact, ordered, the same on both databases."""

    impl = Int64
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Bool(TypeDecorator[bool]):
    """True or false as 1 or 0."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:  # noqa: ARG002
        return None if value is None else bool(value)


class Wholes(TypeDecorator[Collection[int]]):
    """Whole numbers as one parameter, for `not_among`."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(BigInteger))

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        numbers = list(value or ())
        return orjson.dumps(numbers).decode() if dialect.name == "sqlite" else numbers


class NotAmong(FunctionElement[bool]):
    """See `not_among`."""

    type = Boolean()
    inherit_cache = True


def not_among(column: ColumnElement[int], name: str) -> NotAmong:
    """Whether the column is none of the numbers in the parameter `name`: the same statement however many there are."""
    return NotAmong(column, bindparam(name, type_=Wholes))


@compiles(NotAmong, "sqlite")
def _in_sqlite(element: NotAmong, compiler: SQLCompiler, **options: Any) -> str:
    column, numbers = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} NOT IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 - both are compiled clauses


@compiles(NotAmong, "postgresql")
def _in_postgresql(element: NotAmong, compiler: SQLCompiler, **options: Any) -> str:
    column, numbers = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} <> ALL ({numbers})"


@dataclass(frozen=True, slots=True)
class Damaged:
    """What stands in place of a value whose text is no JSON any more: a half-restored row, or an edit by hand."""

    written: str


class Json(TypeDecorator[Any]):
    """Plain JSON values as text, in which every text can be kept. What cannot be read is read as `Damaged`, since one
    such row must not keep all others of its page from being read.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        if isinstance(value, Damaged):
            return value.written
        return None if value is None else dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        try:
            return None if value is None else orjson.loads(value)
        except ValueError:
            return Damaged(str(value))
