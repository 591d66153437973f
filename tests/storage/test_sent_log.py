"""What was sent and not yet written down: a file beside the database, read once at the next start."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.kernel.clock import SystemClock
from jobs.outbox.sender import Sender
from storage.core import outbox
from storage.core.outbox import Delivery, OutboxRow
from storage.core.sent_log import SentLog, reports_of
from storage.engine.database import Database, Transaction
from storage.migrations.migrate import migrate


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    made = Database(sqlite_url, SystemClock())
    await migrate(made)
    await made.start()
    yield made
    await made.close()


async def waiting(database: Database) -> list[OutboxRow]:
    async with database.reading() as connection:
        return await outbox.due(connection, "telegram", database.clock.now(), 10)


async def test_a_killed_sender(database: Database) -> None:
    """What a killed sender sent is written down by the next one, and not sent again; the rest is."""

    async def two(tx: Transaction) -> None:
        for text in ("sent", "not sent"):
            await outbox.add(tx, "main", "telegram", "1", {"text": text}, slot=f"slot {text}")

    await database.write(two)
    first, second = await waiting(database)
    killed = SentLog(database, "telegram")
    killed.note(Delivery(first, external_id="77"))
    killed.close()

    async def deliver(item: OutboxRow, placed: str | None) -> Delivery:
        raise AssertionError(f"item {item.id} was sent, into {placed}")

    sender = Sender(database, "telegram", deliver, lanes=1)
    await sender._recover()
    assert [item.id for item in await waiting(database)] == [second.id]
    async with database.reading() as connection:
        assert await outbox.look(connection, first) == (False, "77")
    assert SentLog(database, "telegram").left() == []


async def test_a_line_is_of_one_row(database: Database) -> None:
    """A line does not count for another row of the same number, nor where it is not whole."""
    await database.write(lambda tx: outbox.add(tx, "main", "telegram", "1", {"text": "one"}))
    (item,) = await waiting(database)
    log = SentLog(database, "telegram")
    log.note(Delivery(item))
    lines = log.left()
    earlier = [(number, "2026-01-01T00:00:00+00:00", shown) for number, _, shown in lines]
    assert reports_of(lines, [item]) == [Delivery(item)]
    assert reports_of(earlier, [item]) == []
    broken_off(Path(f"{database.url.database}.telegram.sent"))
    assert log.left() == lines
    log.settled(Delivery(item))
    assert log.left() == []


def broken_off(path: Path) -> None:
    """A line that was not finished."""
    path.write_bytes(path.read_bytes() + b'[1001,"2026')
