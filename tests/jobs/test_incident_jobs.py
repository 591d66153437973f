"""The jobs about incidents and duty: what opens one, who is paged in turn, and what is told of it afterwards."""

import asyncio
from typing import Any

import pytest

from bot.incidents.model import Incident
from bot.kernel.errors import Stale
from storage.engine.database import Transaction
from storage.incidents import incidents
from storage.tables.core import outbox
from tests.alerting import alert_of, cleared, open_alerts, raised, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers
from tests.jobs.conftest import MIDDAY
from tests.meanwhile import meanwhile
from tests.scripted_models import completion, provider


async def test_an_incident(here: Desk, clock: SimulatedClock, stand_ins: Providers) -> None:
    """Something critical opens an incident, the next of its group joins, and ten minutes after all is over it ends."""
    await raised(here.app)
    assert await runs(here.app, "incident_scan") == "1 opened, 1 alerts joined, 0 ended"
    await raised(here.app, "key_refused", "The models", provider="The models", reason="401")
    assert await runs(here.app, "incident_scan") == "0 opened, 1 alerts joined, 0 ended"
    carol = await here.person(here.carol)
    for alert in await open_alerts(here.app):
        await here.app.services.alerts.alerts.resolve(carol, alert.id, alert.version)
    await runs(here.app, "incident_scan")
    clock.passes(minutes=10)
    assert await runs(here.app, "incident_scan") == "0 opened, 0 alerts joined, 1 ended"
    ((incident, happened),) = await here.app.services.incidents.incidents.newest(carol)
    assert not incident.open
    assert [one.name for one in happened if one.subject == incident.subject] == [
        "opened", "joined", "joined", "recovered"
    ]  # fmt: skip


async def with_another_alert(here: Desk, clock: SimulatedClock) -> Incident:
    """An incident whose alert is over, before what has begun since joins it."""
    await raised(here.app)
    await runs(here.app, "incident_scan")
    await cleared(here.app)
    clock.passes(minutes=5)
    await raised(here.app, "provider_down", "Notion", provider="Notion", reason="HTTP 500")
    carol = await here.person(here.carol)
    ((incident, _),) = await here.app.services.incidents.incidents.newest(carol)
    return incident


async def incident_of_notion(here: Desk) -> Incident | None:
    """The incident that the alert on Notion is in."""
    alert = await alert_of(here.app, "provider_down", "Notion")
    assert alert is not None
    if alert.incident_id is None:
        return None
    carol = await here.person(here.carol)
    return (await here.app.services.incidents.incidents.get(carol, alert.incident_id)).incident


async def test_closed_as_an_alert_joins(stand_ins: Providers, postgres_url: str, clock: SimulatedClock) -> None:
    """What would join an incident that is being closed at this moment opens one of its own with the next scan."""
    async with desk(stand_ins, postgres_url, clock, job_times="") as here:
        closing = await with_another_alert(here, clock)

        async def close(tx: Transaction) -> asyncio.Task[str]:
            assert await incidents.change(tx, closing, closed_at=tx.now) is not None
            return await meanwhile(here.app.services.database, runs(here.app, "incident_scan"))

        scan = await here.app.services.database.write(close)
        assert await scan == "0 opened, 0 alerts joined, 0 ended"
        assert await incident_of_notion(here) is None
        assert await runs(here.app, "incident_scan") == "1 opened, 1 alerts joined, 0 ended"
        incident = await incident_of_notion(here)
        assert incident is not None
        assert incident.open


async def test_closed_by_who_did_not_see_what_joined(here: Desk, clock: SimulatedClock) -> None:
    """Whoever closes an incident as it was before an alert joined it is told so, and it stays open."""
    seen = await with_another_alert(here, clock)
    await runs(here.app, "incident_scan")
    carol = await here.person(here.carol)
    with pytest.raises(Stale):
        await here.app.services.incidents.incidents.close(carol, seen.id, seen.version)
    incident = await incident_of_notion(here)
    assert incident is not None
    assert (incident.id, incident.open) == (seen.id, True)


async def joins_what_carol_has(here: Desk, *, bob_on_duty: bool) -> int:
    """How often the alert on Stripe is told as it joins the incident that Carol has, after it was told to others."""
    carol, services = await here.person(here.carol), here.app.services
    await raised(here.app, "provider_down", "Notion", provider="Notion", reason="HTTP 500")
    await runs(here.app, "incident_scan")
    ((incident, _),) = await services.incidents.incidents.newest(carol)
    await services.incidents.incidents.take(carol, incident.id, incident.version)
    if bob_on_duty:
        await services.incidents.duty.begin(await here.person(here.bob))
    told = (await raised(here.app)).nags
    await runs(here.app, "incident_scan")
    after = await alert_of(here.app, "provider_down", "Stripe")
    assert after is not None
    assert after.taken_by == carol.id
    return after.nags - told


async def test_joins_what_somebody_has(here: Desk) -> None:
    """Who has the incident has what joins it, and is not told twice where they were told of it already."""
    assert await joins_what_carol_has(here, bob_on_duty=False) == 0


async def test_joins_what_somebody_has_who_was_told_long_ago(here: Desk, clock: SimulatedClock) -> None:
    """Who was told of an alert only when it opened a month ago hears that it is theirs now."""
    await raised(here.app)
    await cleared(here.app)
    clock.passes(days=30)
    assert await joins_what_carol_has(here, bob_on_duty=True) == 1


async def test_the_pager(here: Desk, clock: SimulatedClock) -> None:
    """Bob is first on duty, so he alone is paged; after 25 minutes Carol is too, and by mail after 35."""
    bob = await here.person(here.bob)
    await here.app.services.incidents.duty.begin(bob)
    await raised(here.app)
    await runs(here.app, "incident_scan")
    assert await runs(here.app, "incident_pager") == "1 people paged of 1 incidents"
    assert await runs(here.app, "incident_pager") == "nobody to page"
    assert await here.told(here.carol.id) == []
    clock.passes(minutes=5)
    assert await runs(here.app, "incident_pager") == "1 people paged of 1 incidents"
    clock.passes(minutes=20)
    assert await runs(here.app, "incident_pager") == "2 people paged of 1 incidents"
    assert any("Incident" in card.text for card in await here.told(here.carol.id))
    assert await mails(here) == []
    clock.passes(minutes=10)
    await runs(here.app, "incident_pager")
    (mail,) = await mails(here)
    assert mail["subject"].startswith("Incident 1001 · Critical · Stripe · Not answering")
    alert = await alert_of(here.app, "provider_down", "Stripe")
    assert alert is not None
    await here.app.services.alerts.alerts.take(bob, alert.id, alert.version)
    clock.passes(minutes=10)
    assert await runs(here.app, "incident_pager") == "nobody to page"


async def mails(here: Desk) -> list[Any]:
    """What is to go by mail."""
    async with here.app.services.database.reading() as connection:
        rows = await connection.execute(outbox.select().where(outbox.c.channel == "mail").order_by(outbox.c.id))
        return [row.payload for row in rows]


async def test_nobody_on_duty(here: Desk) -> None:
    """Without duties all admins are paged at once."""
    await raised(here.app)
    await runs(here.app, "incident_scan")
    assert await runs(here.app, "incident_pager") == "1 people paged of 1 incidents"
    assert any("Incident" in card.text for card in await here.told(here.carol.id))


async def test_the_digest(here: Desk) -> None:
    """Admins read what opened, what is still open and what failed, once for each half day."""
    await raised(here.app)
    for _ in range(2):
        await runs(here.app, "ops_digest")
    (digest,) = [card for card in await here.told(here.carol.id) if "The last 12 hours" in card.text]
    assert "1 alert\nStill open: Critical · Stripe · Not answering" in digest.text


@pytest.mark.parametrize(
    ("said", "model"),
    [("Stripe does not answer.", "gpt-6-luna"), ("Stripe has not answered for 42 minutes.", None)],
)
async def test_a_summary(stand_ins: Providers, database_url: str, said: str, model: str | None) -> None:
    """A model sums an incident up from its events, marked as its words; a number that no event has is not taken, and
    the events stand there.
    """
    async with (
        provider(lambda _: completion(said)) as url,
        desk(stand_ins, database_url, SimulatedClock(MIDDAY), openai_base_url=url) as here,
    ):
        await raised(here.app)
        await runs(here.app, "incident_scan")
        assert await runs(here.app, "incident_summary") == "1 incidents summed up"
        carol = await here.person(here.carol)
        ((incident, _happened),) = await here.app.services.incidents.incidents.newest(carol)
        assert incident.summary == (said if model is not None else None)
        card = await here.says(here.carol, f"/incident_{incident.id}")
        by = "Compiled by rules" if model is None else f"Written by {model}"
        assert f"{by} from the events alone" in card.text
        assert ("Alert: Stripe · Not answering" in card.text) == (model is None)
        assert await runs(here.app, "incident_summary") == "0 incidents summed up"
