"""Each statement is compiled for PostgreSQL once in a run, and not anew for the database of each test.

SQLAlchemy keeps what it compiled by its engine and its dialect, and a test has an engine of its own, so that a tenth of
a run went there. Here every engine has the same dialect, which knows the one server of the run.
"""

from typing import Any, Self

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg, PGDialectAsync_psycopg

COMPILED: dict[Any, Any] = {}


def use() -> None:
    """From now on engines for PostgreSQL have this dialect."""
    registry.register("postgresql.psycopg", __name__, "Psycopg")


class Psycopg(PGDialect_psycopg):
    """What the name in a URL leads to."""

    supports_statement_cache = True

    @classmethod
    def get_async_dialect_cls(cls, url: Any) -> type[PGDialectAsync_psycopg]:
        return OneDialect


class OneDialect(PGDialectAsync_psycopg):
    """One instance, however often it is made."""

    supports_statement_cache = True
    _one: Self | None = None
    _known = False

    def __new__(cls, **_options: Any) -> Self:
        if cls._one is None:
            cls._one = super().__new__(cls)
            PGDialectAsync_psycopg.__init__(cls._one, **_options)  # type: ignore[no-untyped-call]
        return cls._one

    def __init__(self, **_options: Any) -> None:
        """`__new__` did that."""

    def initialize(self, connection: Connection) -> None:
        """Ask the server what it is, the first time."""
        if not self._known:
            super().initialize(connection)  # type: ignore[no-untyped-call]
            type(self)._known = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=COMPILED)
