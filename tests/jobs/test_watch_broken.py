"""The jobs that watch, where something goes wrong with them: two at once, nobody there, buttons of yesterday."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.access.model import TENANT, Person
from bot.alerts.raising import raise_
from bot.billing.webhooks import STRIPE_EVENT
from bot.incidents.duty import by_rules
from bot.incidents.model import Incident, Rung
from bot.incidents.timeline import Happened
from bot.kernel.errors import Stale
from bot.kernel.tasks import Pool, Task, TaskKind
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.incidents import duties, incidents
from storage.people import people
from storage.queue import failed_tasks
from storage.tables.core import inbox, outbox
from tests.alerting import alert_of, cleared, open_alerts, raised, runs
from tests.clock import SimulatedClock
from tests.desk import Desk
from tests.jobs.conftest import MIDDAY

WARNINGS = ("retention", "heartbeat", "backup")


async def carol(here: Desk) -> Person:
    return await here.person(here.carol)


async def told(here: Desk, chat_id: int, words: str) -> int:
    """How many messages with these words the outbox has for a chat."""
    return sum(words in card.text for card in await here.told(chat_id))


async def the_incident(here: Desk) -> tuple[Incident, list[Happened]]:
    """The newest."""
    ((incident, happened), *_) = await here.app.services.incidents.incidents.newest(await carol(here))
    return incident, list(happened)


async def three_warnings(here: Desk) -> None:
    """Three warnings, which are an incident of which nobody is paged."""
    for job in WARNINGS:
        await raised(here.app, "job_failed", job, job=job, reason="no")
    assert await runs(here.app, "incident_scan") == "1 opened, 3 alerts joined, 0 ended"
    assert await runs(here.app, "incident_pager") == "nobody to page"


async def nags(here: Desk, rule: str, fingerprint: str) -> int:
    alert = await alert_of(here.app, rule, fingerprint)
    assert alert is not None
    return alert.nags


async def test_warnings_in_an_incident(here: Desk, clock: SimulatedClock) -> None:
    """Of an incident that nobody is paged of its alerts are told again as ever."""
    await three_warnings(here)
    clock.passes(hours=1)
    await here.app.services.watch.nagging.look(TENANT)
    assert [await nags(here, "job_failed", job) for job in WARNINGS] == [2, 2, 2]


async def test_an_incident_that_was_closed_too_early(here: Desk, clock: SimulatedClock) -> None:
    """Where somebody closes an incident whose alert goes on, that is told again."""
    await raised(here.app)
    await runs(here.app, "incident_scan")
    await runs(here.app, "incident_pager")
    incident, _ = await the_incident(here)
    await here.app.services.incidents.incidents.close(await carol(here), incident.id, incident.version)
    clock.passes(minutes=5)
    await here.app.services.watch.nagging.look(TENANT)
    assert await nags(here, "provider_down", "Stripe") == 2


async def test_what_joins_an_incident_that_somebody_has(here: Desk) -> None:
    """Who has the incident has the alert that joins it, and hears of it where it is critical."""
    bob, carol_ = await here.person(here.bob), await carol(here)
    await here.app.services.incidents.duty.begin(carol_)
    await raised(here.app)
    await runs(here.app, "incident_scan")
    incident, _ = await the_incident(here)
    await here.app.services.incidents.incidents.take(bob, incident.id, incident.version)
    await raised(here.app, "key_refused", "The models", provider="The models", reason="401")
    await runs(here.app, "incident_scan")
    joined = await alert_of(here.app, "key_refused", "The models")
    assert joined is not None
    assert joined.taken_by == bob.id
    assert await told(here, here.bob.id, "Refuses our key") == 1


async def test_a_snooze_holds_the_pager(here: Desk, clock: SimulatedClock) -> None:
    """While all of it is put off nobody is paged, and afterwards the ladder is climbed from its first rung."""
    bob = await here.person(here.bob)
    await here.app.services.incidents.duty.begin(bob)
    alert = await raised(here.app)
    await runs(here.app, "incident_scan")
    await runs(here.app, "incident_pager")
    await here.app.services.alerts.alerts.snooze(bob, alert.id, alert.version, "2h")
    clock.passes(minutes=119)
    assert await runs(here.app, "incident_pager") == "nobody to page"
    clock.passes(minutes=1)
    assert await runs(here.app, "incident_pager") == "1 people paged of 1 incidents"
    assert await told(here, here.carol.id, "Incident") == 0


@pytest.mark.both_databases
async def test_two_at_once(here: Desk, clock: SimulatedClock) -> None:
    """Two processes that look at the same time open one incident, page once and tell again once."""
    services = here.app.services
    await raised(here.app)
    await asyncio.gather(*(services.incidents.scanning.scan(TENANT) for _ in range(3)))
    assert len(await services.incidents.incidents.newest(await carol(here))) == 1
    await asyncio.gather(*(services.incidents.pager.page(TENANT) for _ in range(3)))
    assert await told(here, here.carol.id, "Incident 1001 · Critical") == 1
    await raised(here.app, "job_silent", "janitor", job="janitor")
    clock.passes(hours=1)
    await asyncio.gather(*(services.watch.nagging.look(TENANT) for _ in range(3)))
    assert await nags(here, "job_silent", "janitor") == 2


@pytest.mark.both_databases
async def test_two_begin_their_duty_at_once(here: Desk) -> None:
    """Two who begin at the same moment have a place each; one who taps twice has one."""
    duty, bob, carol_ = here.app.services.incidents.duty, await here.person(here.bob), await carol(here)
    taps = [duty.begin(one) for one in (bob, bob, carol_)]
    ended = await asyncio.gather(*taps, return_exceptions=True)
    assert sum(isinstance(one, Stale) for one in ended) == 1
    assert {person.id for _, person in (await duty.roster(carol_)).on_duty} == {bob.id, carol_.id}


async def test_an_offer_of_yesterday(here: Desk) -> None:
    """A duty that was offered by somebody who left since puts nobody off duty; of two offers the newer one holds."""
    duty, bob, carol_ = here.app.services.incidents.duty, await here.person(here.bob), await carol(here)
    await duty.begin(carol_)
    for _ in range(2):
        await duty.hand_over(carol_, bob.id)
    async with here.app.services.database.reading() as connection:
        first, second = [await duties.find(connection, TENANT, number) for number in (1002, 1003)]
    assert first is not None
    assert second is not None
    with pytest.raises(Stale):
        await duty.accept(bob, first.id)
    await duty.leave(carol_)
    await duty.begin(carol_)
    await duty.hand_over(carol_, bob.id)
    await duty.leave(carol_)
    with pytest.raises(Stale, match="not on duty there any more"):
        await duty.accept(bob, 1005)
    assert (await duty.roster(bob)).on_duty == []


def test_a_shift_with_much_in_it() -> None:
    """A note that no model wrote has the newest in short lines, and says how many came before."""
    note = by_rules([f"14:{number:02d} UTC  Job{number} · failed {'no ' * 200}" for number in range(60)])
    assert note.startswith("48 more before\n14:48 UTC  Job48")
    assert "Job59" in note
    assert len(note) < 1_700


async def test_a_ladder_with_nobody_whom_messages_reach(here: Desk) -> None:
    """Where nobody can be reached in chat, the mail goes at once, and not after half an hour."""
    await here.app.services.database.write(lambda tx: people.set_reach(tx, here.carol.id, "blocked"))
    await raised(here.app)
    await runs(here.app, "incident_scan")
    await runs(here.app, "incident_pager")
    incident, _ = await the_incident(here)
    assert incident.rung is Rung.MAIL
    assert len(await mails(here)) == 1


async def test_a_tenant_with_nobody(here: Desk) -> None:
    """Of a tenant that nobody can be paged of hears whoever looks after the installation, and nothing of what it is."""
    await here.app.services.tenants.found("acme", "Acme Studio")

    async def work(tx: Transaction) -> None:
        await raise_(tx, "webhook_failures", tenant="acme", bad=4)

    await here.app.services.database.write(work)
    await runs(here.app, "incident_scan", "acme")
    await runs(here.app, "incident_pager", "acme")
    assert await told(here, here.carol.id, "Nobody can be paged for acme") == 1
    assert await told(here, here.carol.id, "webhooks") == 0


async def mails(here: Desk) -> list[str]:
    """The subjects of what is to go by mail."""
    async with here.app.services.database.reading() as connection:
        rows = await connection.execute(outbox.select().where(outbox.c.channel == "mail").order_by(outbox.c.id))
        return [row.payload["subject"] for row in rows]


async def test_over_by_mail_too(here: Desk, clock: SimulatedClock) -> None:
    """Who was mailed that it is wrong is mailed that it is over, each once for each time."""
    for times in (1, 2):
        await raised(here.app)
        clock.passes(minutes=5)
        for _ in range(2):
            await here.app.services.watch.nagging.look(TENANT)
        await cleared(here.app)
        for _ in range(2):
            await here.app.services.watch.nagging.look(TENANT)
        assert await mails(here) == times * [
            "EchoPilot: Critical · Stripe · Not answering", "EchoPilot: Stripe · Answers again"
        ]  # fmt: skip


async def test_one_look_that_fails(here: Desk, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that fails fails the run, and keeps nobody from being told again."""

    async def broken(*_: object) -> int:
        raise ArithmeticError("planted")

    await raised(here.app, "job_silent", "janitor", job="janitor")
    clock.passes(hours=1)
    monkeypatch.setattr("storage.alerts.findings.webhooks_failing", broken)
    with pytest.raises(ArithmeticError):
        await runs(here.app, "alerts")
    assert await nags(here, "job_silent", "janitor") == 2


async def test_many_jobs_that_do_not_run(here: Desk) -> None:
    """Many jobs that stand still are one alert, which is over once few do; those are told one by one."""
    look = here.app.services.watch.conditions
    names = [f"job{number}" for number in range(8)]
    await look.jobs(TENANT, dict.fromkeys(names, True))
    assert [(one.rule, one.facts) for one in await open_alerts(here.app)] == [("jobs_silent", {"count": 8})]
    await look.jobs(TENANT, {names[0]: False})  # what looks at one job alone knows nothing of the others
    assert [one.rule for one in await open_alerts(here.app)] == ["jobs_silent"]
    await look.jobs(TENANT, {name: name == "job1" for name in names})
    assert [(one.rule, one.fingerprint) for one in await open_alerts(here.app)] == [("job_silent", "job1")]


async def test_webhooks_that_wait_for_a_person(here: Desk, clock: SimulatedClock) -> None:
    """What faults stopped is told as webhooks that fail for a while, and then waits in /failed alone."""
    old = clock.now() - timedelta(minutes=2)
    rows = [
        {"tenant": TENANT, "source": "stripe", "external_id": f"evt_{n}", "payload": {}, "received_at": old}
        for n in range(4)
    ]

    async def work(tx: Transaction) -> None:
        await tx.run(inbox.insert(), rows)
        for number in (await tx.run(select(inbox.c.id).where(inbox.c.source == "stripe"))).scalars():
            await failed_tasks.add(tx, TENANT, Task(STRIPE_EVENT, number), "a fault in the program")

    await here.app.services.database.write(work)
    assert "webhook_failures: bad 4" in await runs(here.app, "alerts")
    clock.passes(minutes=6)
    await runs(here.app, "alerts")
    assert await open_alerts(here.app) == []


async def stopped(here: Desk, number: int) -> None:
    async def work(tx: Transaction) -> None:
        for subject in range(number):
            await failed_tasks.add(tx, TENANT, Task(TaskKind("probe", Pool.QUICK), 9_000 + subject), "no")

    await here.app.services.database.write(work)


async def test_work_that_still_waits(here: Desk, clock: SimulatedClock) -> None:
    """That much work stopped is not over because it stopped an hour ago, but once somebody saw to it."""
    await stopped(here, 6)
    await runs(here.app, "alerts")
    clock.passes(hours=2)
    await runs(here.app, "alerts")
    assert [one.rule for one in await open_alerts(here.app)] == ["work_stopped"]
    await here.app.services.alerts.failed_tasks.retry(await carol(here), 1001)
    await runs(here.app, "alerts")
    assert await open_alerts(here.app) == []


async def test_a_digest_by_hand(here: Desk, clock: SimulatedClock) -> None:
    """A digest that somebody asks for does not take the place of the next one, which comes once."""
    await raised(here.app)
    for hours in (0, 5, 0):
        clock.passes(hours=hours)
        await runs(here.app, "ops_digest")
    assert await told(here, here.carol.id, "The last 12 hours") == 2


async def test_a_digest_after_a_flood(here: Desk) -> None:
    """A digest counts all, however many there were."""

    async def work(tx: Transaction) -> None:
        for number in range(30):
            await raise_(tx, "job_failed", f"job{number}", job=f"job{number}", reason="no")
        await raise_(tx, "job_silent", "x", job="x")

    await here.app.services.database.write(work)
    async with here.app.services.database.reading() as connection:
        found = await alerts.by_rule(connection, TENANT, MIDDAY - timedelta(hours=1), MIDDAY)
    assert [(one.rule, one.fingerprint, number) for one, number in found] == [
        ("job_failed", "job29", 30), ("alert_storm", "", 1), ("job_silent", "x", 1)
    ]  # fmt: skip


async def test_an_incident_that_a_person_opened(here: Desk, clock: SimulatedClock) -> None:
    """It ends when they say so, also where an alert that joined it is over; the same words open one, not two."""
    verbs, carol_ = here.app.services.incidents.incidents, await carol(here)
    one, other = [await verbs.open(carol_, "Clients cannot pay") for _ in range(2)]
    assert one.incident.id == other.incident.id
    await raised(here.app, "job_failed", "retention", job="retention", reason="no")
    await runs(here.app, "incident_scan")
    await cleared(here.app, "job_failed", "retention")
    for _ in range(2):
        await runs(here.app, "incident_scan")
        clock.passes(minutes=11)
    assert (await verbs.get(carol_, one.incident.id)).incident.open


async def test_a_long_incident(here: Desk, clock: SimulatedClock) -> None:
    """Paging the same people again is no event, so that a long incident keeps its name and its papers stay short; no
    model is asked anew for it. An alert that is another incident's by now still stands in its post-mortem.
    """
    await raised(here.app)
    await runs(here.app, "incident_scan")
    for _ in range(12):
        await runs(here.app, "incident_pager")
        clock.passes(minutes=5)
    incident, happened = await the_incident(here)
    assert [one.name for one in happened if one.subject == incident.subject] == ["opened", "joined", "paged", "paged"]
    assert await runs(here.app, "incident_summary") == "1 incidents summed up"
    clock.passes(minutes=30)
    await runs(here.app, "incident_pager")
    assert await runs(here.app, "incident_summary") == "0 incidents summed up"
    await here.app.services.incidents.incidents.close(await carol(here), incident.id, incident.version)
    await cleared(here.app)
    await raised(here.app)
    await runs(here.app, "incident_scan")
    async with here.app.services.database.reading() as connection:
        assert await alerts.of_incident(connection, TENANT, incident.id) == []
        assert [one.id for one in await incidents.all_open(connection, TENANT)] == [incident.id + 1]
    card = await here.taps(here.carol, "Post-mortem", await here.says(here.carol, f"/incident_{incident.id}"))
    assert card.card is not None
    assert card.card.document is not None
    assert "## Alerts\n\n- Stripe · Not answering" in card.card.document.content
