"""Who comes back while something of theirs is being given up gets that too."""

import pytest

from bot.access.model import TENANT, Role
from jobs.undelivered import settle
from storage.core import outbox
from storage.core.outbox import Item, Report
from storage.engine.database import Database, Transaction
from storage.people import people

ALICE = 1001


@pytest.mark.parametrize(("reach", "state"), [("open", "waiting"), ("blocked", "undeliverable")])
async def test_back_meanwhile(database: Database, reach: str, state: str) -> None:
    """A refusal that is written down after they came back is tried again at once; otherwise it is given up."""

    async def work(tx: Transaction) -> list[tuple[str, int]]:
        await people.enroll(tx, TENANT, ALICE, "Alice", Role.CLIENT, "en")
        await people.set_reach(tx, ALICE, reach)
        await outbox.add(tx, TENANT, "telegram", str(ALICE), {"text": "Your work"})
        (item,) = await outbox.due(tx.connection, "telegram", tx.now, 1)
        assert isinstance(item, Item)
        await settle(tx, [Report(item, "undeliverable", error="blocked by the user", blocked=True)])
        counted = await outbox.counts(tx.connection, TENANT)
        return [(of, number) for (channel, of), number in counted.items() if channel == "telegram"]

    assert await database.write(work) == [(state, 1)]
