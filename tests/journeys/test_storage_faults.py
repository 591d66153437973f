"""The database has no room, or is locked: everybody is told kindly, and nothing is lost."""

import asyncio

import pysqlite3.dbapi2 as sqlite3
import pytest
from sqlalchemy import make_url, text

from storage.database import Database
from storage.signals import Signals
from tests.house import BRIEF, House, Providers, house


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """These are faults of a file."""
    return sqlite_url


async def limit_pages(database: Database, pages: int) -> int:
    """Let the file grow to so many pages and no further, as a full disk would; returns how many it has."""
    async with database.reading() as connection:
        count = int((await connection.execute(text("PRAGMA page_count"))).scalar_one())

    async def work(tx: object) -> None:
        await tx.run(text(f"PRAGMA max_page_count = {pages or count}"))  # type: ignore[attr-defined]

    await database.write(work)
    return count


async def test_disk_full(home: House) -> None:
    """With a full disk a client reads that their words are safe; once there is room they are answered."""
    await home.staff()
    database = home.running.app.services.database
    await limit_pages(database, 0)
    await home.alice.says(f"{BRIEF} {'And more of it. ' * 1500}"[:4000])
    await home.alice.says(f"{BRIEF} {'And more of it. ' * 1500}"[:4000])
    await home.alice.sees("What you sent is safe", timeout=20)
    await limit_pages(database, 1_000_000)
    await home.alice.sees("Nothing is spent until you say yes", timeout=30)


async def test_database_locked(home: House) -> None:
    """While another program holds the file's write lock, answers wait; then they come."""
    await home.staff()
    path = str(make_url(home.settings.database_url).database)
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        await home.alice.says(BRIEF)
        await Signals().wait("a moment", 1.0)
        other.execute("ROLLBACK")
    finally:
        other.close()
    await home.alice.sees("Nothing is spent until you say yes", timeout=30)


async def test_nothing_is_lost_by_a_stop(stand_ins: Providers, database_url: str) -> None:
    """A stop in the middle of a brief finishes the step under way; the next start carries it on to the end."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        stand_ins.openai.latency = 0.5
        number = await home.brief()
        await home.alice.sees("Being drafted")
    async with house(stand_ins, database_url) as home:
        await home.alice.sees(f"brief-{number}.md", timeout=20)
        await home.alice.sees("To pay", timeout=20)


async def test_words_said_while_it_was_down(stand_ins: Providers, database_url: str) -> None:
    """What people write while no program runs is answered at the next start."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.invite(home.alice, "client")
        alice = home.alice
    await alice.says(BRIEF)
    async with house(stand_ins, database_url), asyncio.timeout(20):
        await alice.sees("Nothing is spent until you say yes", timeout=20)
