"""The file has no room, or is locked: everybody is told kindly, and nothing is lost."""

import pysqlite3.dbapi2 as sqlite3
import pytest
from sqlalchemy import make_url, text

from storage.engine.database import Database
from storage.engine.signals import Signals
from tests.house import BRIEF, House


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
