"""The audit log's tables: only added to, and each entry waits to be sealed."""

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from bot.access.model import TENANT
from bot.audit.chain import Anchor, ring, seal
from storage.audit import entries, seals
from storage.audit.entries import Entry
from storage.core.pages import Page
from storage.engine.database import Database, Transaction
from storage.tables.audit import audit, audit_strangers

pytestmark = pytest.mark.both_databases
BENT = [
    "UPDATE audit SET outcome = 'forbidden'",
    "DELETE FROM audit",
    "UPDATE audit_seals SET link = ''",
    "DELETE FROM audit_seals",
    "UPDATE audit_anchors SET place = 0",
    "DELETE FROM audit_anchors",
]


async def _wrote(database: Database, *written: Entry) -> None:
    await database.write(lambda tx: entries.add_entries(tx, written or [Entry(TENANT, "/status", "chat", "done")]))


@pytest.mark.parametrize("statement", BENT)
async def test_only_added_to(database: Database, statement: str) -> None:
    """No entry, seal or anchor can be changed or taken away."""
    await _wrote(database)
    with pytest.raises(DBAPIError, match="the audit log is only added to"):
        await database.write(lambda tx: _on_a_row(tx, statement))


async def _on_a_row(tx: Transaction, statement: str) -> None:
    """SQLite asks its triggers only for rows that are there."""
    found = await seals.next_unsealed(tx, TENANT, 9)
    await seals.add(tx, TENANT, list(seal(ring([b"k" * 32]), TENANT, None, found)))
    await seals.anchor(tx, TENANT, Anchor(1, b"x" * 32))
    await tx.run(text(statement))


async def test_replaced(sqlite: Database) -> None:
    """SQLite's REPLACE, which asks no trigger of DELETE, is refused too."""
    await _wrote(sqlite)
    with pytest.raises(DBAPIError, match="only added to"):
        await sqlite.write(lambda tx: tx.run(text("INSERT OR REPLACE INTO audit SELECT * FROM audit")))


async def test_a_stranger_is_named_elsewhere(database: Database) -> None:
    """The number of a stranger stands apart, once, and where it was erased the entries are as they were."""
    stranger = Entry(TENANT, "/people", "chat", "forbidden", telegram_id=1005)
    await _wrote(database, stranger, stranger, Entry("other", "/people", "chat", "forbidden", telegram_id=1005))
    async with database.reading() as connection:
        before = (await connection.execute(select(audit).order_by(audit.c.id))).all()
        assert len({row.stranger_id for row in before}) == 2
        assert [one.telegram_id for one in await entries.trail(connection, TENANT, Page())] == [1005, 1005]
    erased = audit_strangers.update().where(audit_strangers.c.tenant == TENANT).values(telegram_id=None)
    await database.write(lambda tx: tx.run(erased))
    async with database.reading() as connection:
        assert (await connection.execute(select(audit).order_by(audit.c.id))).all() == before
        assert [one.telegram_id for one in await entries.trail(connection, TENANT, Page())] == [None, None]


async def test_whatever_is_written_waits(database: Database) -> None:
    """Rows that are inserted past the program wait to be sealed as others do."""
    row = {"tenant": TENANT, "action": "x", "subject": "y", "outcome": "done", "at": database.clock.now()}
    await database.write(lambda tx: tx.run(insert(audit), [row] * 3))
    async with database.reading() as connection:
        assert await seals.waiting_tenants(connection) == [TENANT]
        assert (await seals.waiting(connection, TENANT))[0] == 3
