"""A database that takes nothing: what was sent is not sent again for that, and all goes on by itself afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.databases import queue_of
from bot.kernel.tasks import Pool, Task, TaskKind
from jobs.outbox.sender import Sender
from storage.core import outbox
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Database
from storage.tables.core import outbox as rows
from tests.eventually import eventually, nothing
from tests.house import House
from tests.journeys.money.test_stripe_webhook import EVENT, post, signed
from tests.journeys.ops.test_storage_faults import limit_pages
from tests.storage.conftest import opened

COUNT = TaskKind("count", Pool.MODELS)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """These are faults of a file."""
    return sqlite_url


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    async with opened(sqlite_url) as made:
        yield made


async def refuse(database: Database, *, on: bool) -> None:
    """Let the writer's connection take nothing, as a disk that is full or was remounted read-only."""

    engine: Any = database._engine
    thread = await engine._writer._opening
    raw = thread._conn._connection.connection.dbapi_connection
    await thread._execute(raw.execute, f"PRAGMA query_only = {'ON' if on else 'OFF'}")


@asynccontextmanager
async def at_work(work: asyncio.Task[None]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def looked(database: Database, times: int) -> None:
    """So many looks of a loop go by; each is a second at most."""
    for _ in range(times):
        await database.signals.wait("none", 1.1)


async def test_message_that_cannot_be_written_down(database: Database) -> None:
    """A message that was sent while nothing could be written is sent once, and is written down when there is room."""
    sent: list[int] = []

    async def deliver(item: OutboxRow, placed: str | None) -> Delivery:
        sent.append(item.id)
        if len(sent) == 1:
            await refuse(database, on=True)
        return Delivery(item, external_id="7")

    for number in range(3):
        await database.write(
            lambda tx, number=number: outbox.add(tx, "main", "x", "one", {}, slot=f"s{number}")  # type: ignore[misc]
        )
    sender = Sender(database, "x", deliver, lanes=1)
    async with at_work(asyncio.create_task(sender.run())):
        await looked(database, 2)
        assert len(sent) == 1
        await refuse(database, on=False)
        await eventually(lambda: states(database), lambda found: found == ["sent"] * 3)
    assert len(sent) == len(set(sent)) == 3


async def states(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(select(rows.c.state).order_by(rows.c.id))).scalars())


async def test_task_that_cannot_be_written_down(database: Database) -> None:
    """A task that ended while nothing could be written runs once, and is gone when there is room."""
    queue, runs = queue_of(database), []

    async def handler(subject: int) -> None:
        runs.append(subject)
        await refuse(database, on=True)

    await database.write(lambda tx: queue.enqueue(tx, Task(COUNT, 1)))
    async with at_work(asyncio.create_task(queue.work({COUNT: handler}, {Pool.MODELS: 1}))):
        await looked(database, 2)
        assert runs == [1]
        await refuse(database, on=False)
        await eventually(queue.waiting, nothing)
    assert runs == [1]


def move(old: Path, new: Path) -> None:
    old.rename(new)


async def ready(home: House) -> tuple[int, str]:
    assert home.running.server is not None
    async with aiohttp.ClientSession() as session, session.get(f"{home.running.server.url}/readyz") as answer:
        return answer.status, (await answer.text()).strip()


async def test_answers_and_readyz(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be written an answer comes once, and /readyz says why it is not ready; then all is well."""
    monkeypatch.setattr("storage.core.probe.KNOWN_SECONDS", 0.0)
    database = home.running.app.services.database
    assert (await ready(home))[0] == 200
    await refuse(database, on=True)
    assert await ready(home) == (503, "the database cannot be written to")
    await home.carol.says("/help")
    await looked(database, 2)
    assert len([seen for seen in home.carol.messages() if "What you can do here" in seen.text]) <= 1
    await refuse(database, on=False)
    await home.carol.sees("What you can do here", timeout=30)
    await limit_pages(database, 0)
    assert await ready(home) == (503, "the database has no room left")
    await limit_pages(database, 1_000_000)
    assert (await ready(home))[0] == 200
    assert len([seen for seen in home.carol.messages() if "What you can do here" in seen.text]) == 1
    file = Path(str(database.url.database))
    move(file, file.with_suffix(".away"))
    assert await ready(home) == (503, "the database's file is gone, or another lies in its place")
    move(file.with_suffix(".away"), file)
    assert (await ready(home))[0] == 200


async def test_webhook_on_a_full_disk(home: House) -> None:
    """A webhook that cannot be kept is answered 503, so that its sender comes again."""
    database = home.running.app.services.database
    await refuse(database, on=True)
    assert (await post(home, EVENT, signed(EVENT)))[0] == 503
    await refuse(database, on=False)
    assert (await post(home, EVENT, signed(EVENT)))[0] == 200
