"""Each runbook: what it would do, that it does just that, and that it is seen to have helped."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from bot.access.model import TENANT
from bot.alerts.model import Alert
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.watch.actions import AskStripe
from storage.engine.database import Transaction
from storage.models import budget, routes
from storage.tables.core import inbox
from tests.alerting import open_alerts, raised, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock) as made:
        yield made


async def done(here: Desk, alert: Alert, facts: dict[str, str | int]) -> None:
    """Carol has the runbook done, once what it would do was just this."""
    books, carol = here.app.services.watch.runbooks, await here.person(here.carol)
    assert (await books.plan(carol, alert.id)).facts == facts
    await books.carry_out(carol, alert.id, alert.version)


async def helped(here: Desk, clock: SimulatedClock) -> bool:
    """Whether it is said a minute later that it helped, and the alert is over."""
    clock.passes(minutes=1)
    await here.app.services.watch.runbooks.check(TENANT)
    said = any("The runbook helped" in card.text for card in await here.told(here.carol.id))
    assert said == (await open_alerts(here.app) == [])
    return said


async def test_close_a_budget(here: Desk, clock: SimulatedClock) -> None:
    """No model is called until tomorrow, until somebody opens the budget; then it did not help."""
    day = clock.now().date()
    facts: dict[str, str | int] = {"share": 90, "used": "9.00 USD", "limit": "10.00 USD", "setting": "X"}
    alert = await raised(here.app, "budget_day", "", **facts)
    await done(here, alert, {"day": day.isoformat()})
    async with here.app.services.database.reading() as connection:
        assert await budget.is_closed(connection, TENANT, f"day:{day}")
    assert await helped(here, clock)


async def test_opened_again(here: Desk, clock: SimulatedClock) -> None:
    """Where somebody undoes it at once, it is said that it did not help, and the alert stays."""
    alert = await raised(here.app, "budget_day", "", share=90, used="9", limit="10", setting="X")
    await done(here, alert, {"day": clock.now().date().isoformat()})
    await here.app.services.finance.guards.open(await here.person(here.carol), clock.now().date())
    assert not await helped(here, clock)
    assert any("The runbook did not help" in card.text for card in await here.told(here.carol.id))


async def test_leave_a_model_out(here: Desk, clock: SimulatedClock) -> None:
    """The model is left out for a day, and asked again after."""
    alert = await raised(here.app, "fallback_serves", "gpt-x", model="gpt-x", fallback="gpt-5.6-luna", reason="no")
    await done(here, alert, {"model": "gpt-x", "fallback": "gpt-5.6-luna"})
    async with here.app.services.database.reading() as connection:
        assert await routes.left_out(connection, TENANT, clock.now()) == {"gpt-x"}
        assert await routes.left_out(connection, TENANT, clock.now() + timedelta(hours=24)) == set()
    assert await helped(here, clock)


async def test_ask_stripe(here: Desk, clock: SimulatedClock) -> None:
    """What deals with kept webhooks is enqueued; once fewer wait, it helped. Another tenant hears nothing of them."""
    old = clock.now() - timedelta(minutes=2)
    rows = [
        {"tenant": TENANT, "source": "stripe", "external_id": f"evt_{n}", "payload": {}, "received_at": old}
        for n in range(4)
    ]

    async def keep(tx: Transaction) -> None:
        await tx.run(insert(inbox), rows)

    async def deal(tx: Transaction) -> None:
        await tx.run(update(inbox).where(inbox.c.external_id == "evt_1").values(processed_at=tx.now))

    database = here.app.services.database
    await database.write(keep)
    await runs(here.app, "alerts")
    (alert,) = await open_alerts(here.app)
    before = await here.app.services.queue.waiting()
    asking = AskStripe(database, here.app.services.queue)
    assert await asking.plan(replace(alert, tenant="acme")) is None
    await done(here, alert, {"invoices": 0, "events": 4})
    assert await here.app.services.queue.waiting() == before + 4
    await database.write(deal)
    assert await helped(here, clock)


async def test_who_may_and_how_often(here: Desk) -> None:
    """An operator may not close a budget, the same tap twice does it once, and without a runbook there is nothing."""
    books = here.app.services.watch.runbooks
    bob, carol = await here.person(here.bob), await here.person(here.carol)
    alert = await raised(here.app, "budget_day", "", share=90, used="9", limit="10", setting="X")
    with pytest.raises(Forbidden):
        await books.carry_out(bob, alert.id, alert.version)
    await books.carry_out(carol, alert.id, alert.version)
    assert (await books.carry_out(carol, alert.id, alert.version)).facts is None
    job = await raised(here.app, "job_failed", "x", job="x", reason="no")
    await books.carry_out(carol, job.id, job.version)
    with pytest.raises(Stale):
        await here.app.services.alerts.alerts.take(bob, job.id, job.version)
    other = await raised(here.app)
    with pytest.raises(Refusal, match="no runbook"):
        await books.plan(carol, other.id)
