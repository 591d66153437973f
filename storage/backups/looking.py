"""What is looked at in a database that was put back: nothing is taken for granted that can be counted."""

import asyncio
from collections.abc import Callable, Mapping

import pysqlite3.dbapi2 as sqlite3
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.backups.model import Step, Tried
from bot.kernel.clock import SystemClock
from bot.kernel.errors import EchoPilotError
from storage.backups.copying import contents
from storage.engine.database import Database
from storage.engine.unusable import sentence
from storage.ledger.postings import whole
from storage.migrations.migrate import engine_of, migrate

SHOWN = 5
# In two halves, since a sum of 64 bits may need more.
LEDGER = text(
    "SELECT tenant, currency, sum(amount_minor >> 32), sum(amount_minor & 4294967295) FROM posting_lines"
    " GROUP BY tenant, currency"
)


def look_through(url: str, schema: str, rows: Mapping[str, int]) -> list[Tried]:
    """Look through the database at this address, then bring it to the newest schema.

    schema, rows: what has to be in it.
    """
    found = [
        _tried(url, Step.INTEGRITY, lambda connection: _damage(connection)),
        _tried(url, Step.ROWS, lambda connection: _rows(connection, schema, rows)),
        _tried(url, Step.LEDGER, lambda connection: _ledger(connection, rows)),
    ]
    return [*found, _migrated(url, schema)] if all(one.passed for one in found) else found


def _tried(url: str, step: Step, look: Callable[[Connection], tuple[bool, str]]) -> Tried:
    engine = engine_of(url, ())
    try:
        with engine.connect() as connection:
            return Tried(step, *look(connection))
    except (SQLAlchemyError, sqlite3.Error) as error:
        return Tried(
            step, False, sentence(engine.url, error) if engine.dialect.name != "sqlite" else _first_line(error)
        )
    finally:
        engine.dispose()


def _damage(connection: Connection) -> tuple[bool, str]:
    """PostgreSQL built every index and constraint anew when it was put back."""
    if connection.dialect.name != "sqlite":
        return True, "every constraint was built anew"
    found = list(connection.execute(text(f"PRAGMA integrity_check({SHOWN})")).scalars())
    if found != ["ok"]:
        return False, "; ".join(map(str, found))
    astray = connection.execute(text("PRAGMA foreign_key_check")).all()
    return not astray, f"{len(astray)} rows point to rows that are not there" if astray else "every page and reference"


def _rows(connection: Connection, schema: str, rows: Mapping[str, int]) -> tuple[bool, str]:
    there = contents(connection)
    if there.schema != schema:
        return False, f"its schema is {there.schema or 'none'}, and its manifest says {schema}"
    unlike = [name for name in sorted({*rows, *there.rows}) if rows.get(name) != there.rows.get(name)]
    if unlike:
        said = (f"{name} has {there.rows.get(name)} in place of {rows.get(name)}" for name in unlike[:SHOWN])
        return False, ", ".join(said)
    return True, f"{sum(rows.values())} rows in {len(rows)} tables"


def _ledger(connection: Connection, rows: Mapping[str, int]) -> tuple[bool, str]:
    if not rows.get("posting_lines"):
        return True, "no entries yet"
    sums = [(tenant, currency, whole(*halves)) for tenant, currency, *halves in connection.execute(LEDGER)]
    astray = [f"{tenant} {currency} {minor}" for tenant, currency, minor in sums if minor]
    return not astray, ", ".join(astray) or f"{rows['posting_lines']} lines add up to nothing"


def _migrated(url: str, schema: str) -> Tried:
    async def work() -> str:
        database = Database(url, SystemClock())
        try:
            return await migrate(database, restoring=True)
        finally:
            await database.close()

    try:
        at = asyncio.run(work())
    except EchoPilotError as error:
        return Tried(Step.SCHEMA, False, str(error))
    return Tried(Step.SCHEMA, True, at if at == schema else f"{schema}, brought to {at}")


def _first_line(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", None) or error).partition("\n")[0].split())
