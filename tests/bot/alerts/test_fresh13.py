"""Faults that a fresh reader found in alerts; each test says what should be and fails."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import delete

from jobs.catalog import BY_NAME
from jobs.machinery import pauses
from storage.engine.database import Transaction
from storage.tables.core import outbox
from tests.alerting import alert_of, cleared, open_alerts, raised, runs
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


async def forget_sent(here: Desk) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run(delete(outbox))

    await here.app.services.database.write(work)


async def test_assigned_to_who_was_told_long_ago(here: Desk, clock: SimulatedClock) -> None:
    """What joins the incident that Carol has is hers: she hears of it, also where she was told of the same long ago."""
    carol, bob = await here.person(here.carol), await here.person(here.bob)
    await raised(here.app)  # Stripe; without duties Carol is told
    await cleared(here.app)
    clock.passes(days=30)
    await here.app.services.incidents.duty.begin(bob)
    await raised(here.app, "provider_down", "Notion", provider="Notion", reason="HTTP 500")
    await runs(here.app, "incident_scan")
    ((incident, _),) = await here.app.services.incidents.incidents.newest(carol)
    await here.app.services.incidents.incidents.take(carol, incident.id, incident.version)
    clock.passes(hours=3)
    await forget_sent(here)
    await raised(here.app)  # Stripe again: Bob is told
    before = await alert_of(here.app, "provider_down", "Stripe")
    await runs(here.app, "incident_scan")
    after = await alert_of(here.app, "provider_down", "Stripe")
    assert before is not None
    assert after is not None
    assert after.taken_by == carol.id  # so nobody is nagged, and nobody paged
    assert after.nags > before.nags, "Carol was told by an edit of her card of a month ago"


@pytest.mark.parametrize("rule", ["slo_missed", "unusual_spend"])
async def test_a_snooze_of_what_does_not_nag_ends(here: Desk, clock: SimulatedClock, rule: str) -> None:
    """Who has it snoozed for half an hour is told again after that."""
    carol = await here.person(here.carol)
    facts: dict[str, dict[str, str | int]] = {
        "slo_missed": {"slo": "Webhooks", "bad": 5, "all": 10},
        "unusual_spend": {"value": 500, "usual": 5},
    }
    alert = await raised(here.app, rule, "webhooks", **facts[rule])
    assert alert.nags == 1
    await here.app.services.alerts.alerts.snooze(carol, alert.id, alert.version)
    for _ in range(12):
        clock.passes(minutes=5)
        await runs(here.app, "alerts")
    after = await alert_of(here.app, rule, "webhooks")
    assert after is not None
    assert after.open
    assert after.nags == 2, "snoozed for 30 minutes, and never told again"


@pytest.mark.parametrize("job", ["alerts", "incident_scan", "incident_pager"])
async def test_a_pause_of_the_watch_nags(here: Desk, clock: SimulatedClock, job: str) -> None:
    """Nothing else finds alerts or pages people, so their pause is an alert as that of the janitor is."""
    carol = await here.person(here.carol)
    services = here.app.services
    await pauses.pause(carol, services, BY_NAME[job], clock.now() + timedelta(days=20), "just a moment")
    for _ in range(24):
        clock.passes(minutes=30)
        for one in ("alerts", "incident_scan", "incident_pager", "janitor"):
            if one != job:
                await runs(here.app, one)
    assert [one.rule for one in await open_alerts(here.app)] == ["job_paused"]


async def test_resolved_after_a_longer_pause(here: Desk, clock: SimulatedClock) -> None:
    """The alert on a pause that was made longer is over when somebody says so."""
    carol = await here.person(here.carol)
    services = here.app.services
    await pauses.pause(carol, services, BY_NAME["janitor"], clock.now() + timedelta(hours=5), "moving")
    clock.passes(minutes=30)
    await pauses.pause(carol, services, BY_NAME["janitor"], clock.now() + timedelta(hours=20), "still moving")
    clock.passes(minutes=30)
    alert = await alert_of(here.app, "job_paused", "janitor")
    assert alert is not None
    await services.alerts.alerts.resolve(carol, alert.id, alert.version)
    await runs(here.app, "alerts")
    assert await open_alerts(here.app) == []


async def test_mornings_after_a_stop(here: Desk, clock: SimulatedClock) -> None:
    """What was kept silent is told once, also where nothing ran in the hour after the end of the quiet hours."""
    await here.says(here.carol, "/alerts quiet 22:00-07:00")
    now = clock.now()
    night = now.replace(hour=23, minute=0, second=0) + timedelta(days=1)
    clock.passes(seconds=(night - now).total_seconds())
    await raised(here.app, "cpu_busy", "", share=99)
    clock.passes(hours=9, minutes=5)  # 08:05
    await runs(here.app, "alerts")
    async with here.app.services.database.reading() as connection:
        keys = (await connection.execute(outbox.select())).all()
    assert [row for row in keys if "quiet:" in str(row._mapping)]


async def test_mornings_on_time(here: Desk, clock: SimulatedClock) -> None:
    """The same, on time; this one holds."""
    await here.says(here.carol, "/alerts quiet 22:00-07:00")
    now = clock.now()
    night = now.replace(hour=23, minute=0, second=0) + timedelta(days=1)
    clock.passes(seconds=(night - now).total_seconds())
    await raised(here.app, "cpu_busy", "", share=99)
    clock.passes(hours=8, minutes=5)  # 07:05
    await runs(here.app, "alerts")
    async with here.app.services.database.reading() as connection:
        keys = (await connection.execute(outbox.select())).all()
    assert [row for row in keys if "quiet:" in str(row._mapping)]
