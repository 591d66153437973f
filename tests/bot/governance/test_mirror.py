"""The Governance database of Notion: the log's head, proposals with who decided, policies and targets."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.access.model import TENANT
from bot.decisions.proposing import propose
from bot.governance.mirror import GOVERNANCE
from bot.mirror.model import Batch, RowId
from storage.core.pages import Page
from tests.alerting import runs
from tests.bot.governance.office import NOW, asked, delivered
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

FACTS: dict[str, str | int] = {"name": "Dora", "person": "1004", "days": 30, "deeds": 3, "refused": 0}


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock) as made:
        yield made


async def rows(here: Desk, tenant: str = TENANT) -> dict[str, Any]:
    """Every row of the table, by what it is about."""
    now = here.app.services.database.clock.now()
    async with here.app.services.database.reading() as connection:
        names = await GOVERNANCE.names(connection, Batch(tenant, "", 500, now))
        return {name: await GOVERNANCE.row(connection, RowId(tenant, name, now)) for name in names}


@pytest.mark.both_databases
async def test_rows(here: Desk, clock: SimulatedClock) -> None:
    """A decision says who and why, a broken policy that it is, a missed target by how much; columns are known ones."""
    carol, services = await here.person(here.carol), here.app.services
    await services.database.write(lambda tx: propose(tx, TENANT, "role_less", "one", FACTS))
    (one,) = await services.decisions.page(carol, Page())
    await services.decisions.decide(carol, one.id, 1, "She needs them in December.", adopt=False)
    await services.governance.verbs.set_target(carol, "delivered", "20")
    await delivered(here, 2)
    await asked(here, await here.person(here.bob))
    clock.passes(hours=25)
    await runs(here.app, "governance_loop")
    await runs(here.app, "governance_check")
    await services.chain.seal()
    found = await rows(here)
    decision = found[f"proposal-{one.id}"]
    assert (decision["State"], decision["By"], decision["Why"]) == ("declined", "Carol", "She needs them in December.")
    assert "As an operator, 0 of them would have been refused." in decision["Evidence"]
    assert found["policy-stale_approvals"]["State"] == "broken"
    assert found["policy-self_dealing"]["State"] == "kept"
    assert found["target-delivered"]["What"] == "Delivered briefs: 20"
    assert found["target-delivered"]["State"] == "90 % off"
    assert found["head"]["Kind"] == "Audit log"
    assert {column for row in found.values() for column in row} <= set(GOVERNANCE.columns)


async def test_another_tenants(here: Desk) -> None:
    """Another tenant's table has its policies, and nothing of ours."""
    await here.app.services.database.write(lambda tx: propose(tx, TENANT, "role_less", "one", FACTS))
    found = await rows(here, "other")
    assert {name.partition("-")[0] for name, row in found.items() if row is not None} == {"policy"}
