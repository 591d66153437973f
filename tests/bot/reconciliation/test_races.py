"""Several at once repair, ask, leave and compare: one of them does it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from typing import Any

import pytest

from bot.access.model import TENANT
from bot.kernel.errors import Refusal
from bot.reconciliation.model import Ending, RepairState
from storage.reconciliation import mismatches, repairs
from tests.bot.reconciliation.test_two_keys import compared, planted
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers
from tests.refunds import another_admin
from tests.stripe_tells import dashboard, entries, ledger, paid, tells

pytestmark = pytest.mark.both_databases
AT_ONCE = 8


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=Hands(), repair_limit_usd=119) as made:
        yield made


async def done(*tries: Awaitable[Any]) -> int:
    """How many of them succeed at once; all others are refused kindly."""
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert [one for one in found if isinstance(one, BaseException) and not isinstance(one, Refusal)] == []
    return sum(not isinstance(one, Refusal) for one in found)


async def test_repaired_once(here: Desk, stand_ins: Providers) -> None:
    """Of many taps at once one repairs, and the ledger gets what it lacks once."""
    await paid(here, stand_ins)
    before = await ledger(here)
    await planted(here, 100)
    found, carol = await compared(here), await here.person(here.carol)
    repairing = here.app.services.reconciliation.repairing
    assert await done(*(repairing.repair(carol, found.id, found.version) for _ in range(AT_ONCE))) == 1
    assert await ledger(here) == before
    assert [entry.kind for entry in await entries(here)].count("repair") == 1


async def test_by_a_tap_and_by_its_webhook(here: Desk, stand_ins: Providers) -> None:
    """A refund that nobody told is posted once, where the tap and its webhook come at the same time."""
    _, charge = await paid(here, stand_ins)
    async with dashboard(here) as client:
        refund = await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
    clock = here.app.services.database.clock
    assert isinstance(clock, Hands)
    clock.ahead += timedelta(hours=3)
    found, carol = await compared(here), await here.person(here.carol)
    repairing = here.app.services.reconciliation.repairing
    tries = (repairing.repair(carol, found.id, found.version), tells(here, "refund.created", {"id": refund.id}))
    await done(*tries)
    assert (await ledger(here))["refunds", "USD"] == 2_000


async def test_asked_once(here: Desk, stand_ins: Providers) -> None:
    """Of many that ask for another's yes at once one is kept; the approvals of all others are not."""
    await paid(here, stand_ins)
    await planted(here, 11_901)
    found, carol = await compared(here), await here.person(here.carol)
    erin = await another_admin(here, stand_ins)
    repairing, approvals = here.app.services.reconciliation.repairing, here.app.services.approvals
    people = (carol, erin) * (AT_ONCE // 2)
    assert await done(*(repairing.repair(who, found.id, found.version) for who in people)) == 1
    assert len(await approvals.waiting(carol)) == 1


async def test_done_or_left(here: Desk, stand_ins: Providers) -> None:
    """Approved and carried out by two workers while somebody leaves it as it is: one ending, and the ledger fits it."""
    await paid(here, stand_ins)
    before = await ledger(here)
    await planted(here, 11_901)
    found, carol = await compared(here), await here.person(here.carol)
    erin = await another_admin(here, stand_ins)
    services = here.app.services
    await services.reconciliation.repairing.repair(carol, found.id, found.version)
    (shown,) = await services.approvals.waiting(erin)
    await services.approvals.approve(erin, shown.approval.id, shown.approval.mark)
    repairing, comparing = services.reconciliation.repairing, services.reconciliation.comparing
    await done(
        repairing.carry_out(1_001),
        repairing.carry_out(1_001),
        repairing.leave(erin, found.id, found.version),
        comparing.of_tenant(TENANT),
    )
    async with services.database.reading() as connection:
        now, request = await mismatches.by_id(connection, TENANT, found.id), await repairs.load(connection, 1_001)
    assert now is not None
    assert request is not None
    repaired = await ledger(here) == before
    assert (now.ending is Ending.REPAIRED, request.state is RepairState.DONE) == (repaired, repaired)
