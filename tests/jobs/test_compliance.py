"""The jobs `compliance` and `compliance_deadlines`."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.access.model import TENANT
from bot.consents.model import Region
from jobs.catalog import BY_NAME
from storage.engine.database import Transaction
from storage.tables.briefs import attachments
from storage.tables.support import threads
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: Hands) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock) as made:
        yield made


async def run(here: Desk, job: str) -> str:
    return await BY_NAME[job].carry_out(here.app.services, TENANT)


async def wrote(here: Desk) -> None:
    """Alice sent a file that belongs to no brief, and wrote to the team, who answered."""
    alice = await here.person(here.alice)
    await here.says(here.alice, "/support Where is my parcel?")

    async def work(tx: Transaction) -> None:
        file = {"tenant": TENANT, "person_id": alice.id, "source_key": "test:1", "kind": "document", "file_id": "f"}
        file |= {"name": "order.txt", "mime_type": "text/plain", "size": 5, "created_at": tx.now}
        await tx.run(attachments.insert().values(file))
        await tx.run(update(threads).where(threads.c.tenant == TENANT).values(waits=False))

    await here.app.services.database.write(work)


@pytest.mark.both_databases
async def test_old_files_and_messages(here: Desk, clock: Hands) -> None:
    """What its region keeps no longer goes, once; what is younger, or of who lives elsewhere, stays."""
    await wrote(here)
    services, alice = here.app.services, await here.person(here.alice)
    nothing, all_of_it = "0 files and 0 messages of ended work deleted", "1 files and 1 messages of ended work deleted"
    clock.ahead += timedelta(days=400)
    assert nothing in await run(here, "compliance")
    await services.consents.choose_region(alice, Region.CCPA)
    assert nothing in await run(here, "compliance")
    await services.consents.choose_region(alice, Region.GDPR)
    assert all_of_it in await run(here, "compliance")
    assert nothing in await run(here, "compliance")


@pytest.mark.both_databases
async def test_deadlines(here: Desk, clock: Hands) -> None:
    """Admins hear of an erasure that stands still a week before its deadline, a day before, and once it passed."""
    services, alice = here.app.services, await here.person(here.alice)
    await services.consents.choose_region(alice, Region.GDPR)
    await services.privacy.ask(alice)
    for days, said in ((0, 0), (24, 1), (1, 1), (4, 2), (2, 3), (1, 3)):
        clock.ahead += timedelta(days=days)
        assert "1 requests open" in await run(here, "compliance_deadlines")
        told = [card.text for card in await here.told(here.carol.id) if "Deadline" in card.text]
        assert len(told) == said, (days, told)
    assert "Deadline passed" in told[-1]


async def test_a_californian_has_45_days(here: Desk, clock: Hands) -> None:
    """The deadline is that of where the person lives."""
    services, alice = here.app.services, await here.person(here.alice)
    await services.consents.choose_region(alice, Region.CCPA)
    await services.privacy.ask(alice)
    clock.ahead += timedelta(days=32)
    assert "0 near their deadline" in await run(here, "compliance_deadlines")
    clock.ahead += timedelta(days=8)
    assert "1 near their deadline" in await run(here, "compliance_deadlines")
