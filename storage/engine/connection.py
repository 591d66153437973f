"""What queries are given to run on: a connection, whichever engine is behind it."""

from typing import Any, Protocol

from sqlalchemy import Dialect, Executable
from sqlalchemy.engine import CursorResult


class Connection(Protocol):
    """An open connection, within a transaction or not, as its giver says (`storage.engine.database`)."""

    @property
    def dialect(self) -> Dialect:
        """The database that it speaks to."""
        ...

    async def execute(self, statement: Executable, parameters: Any = None, /) -> CursorResult[*tuple[Any, ...]]:
        """Run one statement; parameters are the values of one row, or a list of several rows' values."""
        ...
