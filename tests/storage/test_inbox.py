"""What came from outside is found without a look at everything that ever came."""

import pytest
from sqlalchemy import text

from storage.engine.database import Database, Transaction

BETWEEN = (
    "SELECT id, payload FROM inbox WHERE source = 'telegram' AND received_at BETWEEN 1 AND 2 "
    "AND payload LIKE '%album%' ORDER BY id"
)


@pytest.mark.new_database
async def test_an_album_is_found_by_its_time(database: Database) -> None:
    """The rest of an edited album is looked for among what came in its time, by an index."""

    async def plan(tx: Transaction) -> str:
        if not database.sqlite:
            await tx.run(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if database.sqlite else "EXPLAIN "
        asked = (
            BETWEEN
            if database.sqlite
            else BETWEEN.removesuffix(" ORDER BY id").replace("payload LIKE", "payload::text LIKE")
        )
        return "\n".join(str(tuple(row)) for row in await tx.run(text(explain + asked)))

    assert "ix_inbox_source_received_at" in await database.write(plan)
