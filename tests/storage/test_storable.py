"""Every column takes any text: what PostgreSQL cannot keep is taken out at the door, on both databases alike."""

from sqlalchemy import Text, select

from bot.kernel.clock import SystemClock
from storage.core import inbox
from storage.core.inbox import Arrival
from storage.engine.database import Database
from storage.engine.schema import metadata
from storage.engine.types import Json, Words
from storage.tables.core import job_runs
from tests.storage import test_migrations  # noqa: F401 - loads every table

ODD = "a\0b \ud800 \ud83c\udf5e"
KEPT = "ab \ufffd 🍞"


def test_every_column_of_text() -> None:
    """No table has a column of text that is not such a door."""
    columns = [column for table in metadata.tables.values() for column in table.columns]
    texts = [c for c in columns if isinstance(c.type, Text | Words | Json)]
    assert len(texts) > 100
    assert [str(c) for c in texts if not isinstance(c.type, Words | Json)] == []


async def test_odd_text(database: Database) -> None:
    """A text is kept without what cannot be, in columns of text and of JSON, and is found by what was given."""
    row = {"tenant": "main", "job": ODD, "scheduled_at": SystemClock().now(), "state": "waiting", "commit": ""}
    await database.write(lambda tx: tx.run(job_runs.insert(), row))
    payload = {"text": ODD, "more": [{ODD: 10**30}]}
    await database.write(lambda tx: inbox.store(tx, [Arrival("main", "telegram", "1", payload)]))
    async with database.reading() as connection:
        found = (await connection.execute(select(job_runs.c.job).where(job_runs.c.job == ODD))).scalar_one()
        [waiting] = await inbox.waiting(connection, "telegram", 10)
    assert found == KEPT
    assert waiting.payload == {"text": KEPT, "more": [{KEPT: "1" + "0" * 30}]}
