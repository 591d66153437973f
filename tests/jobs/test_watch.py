"""The jobs that watch: each condition is planted and found, and a quiet system has none."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.access.buttons import Tap
from bot.access.model import TENANT
from bot.alerts.rules.catalog import BY_NAME as RULES
from bot.config.cron import trigger
from bot.kernel.money import Money
from bot.kernel.tasks import Pool, Task, TaskKind
from bot.ledger.model import Account, Line, Posting
from jobs.catalog import BY_NAME, JOBS
from jobs.job import Job
from jobs.watch import silent_jobs
from storage.alerts import runbook_runs
from storage.audit.entries import Entry, add_entries
from storage.core import job_runs
from storage.engine.database import Transaction
from storage.ledger import postings
from storage.people import people
from storage.queue import failed_tasks
from storage.tables.core import inbox
from tests.alerting import alert_of, open_alerts, raised, runs
from tests.clock import SimulatedClock
from tests.desk import Desk
from tests.house import Providers
from tests.refunds import paid


async def write(here: Desk, statement: Any, values: Any = None) -> None:
    """One statement, in a transaction of its own."""

    async def work(tx: Transaction) -> None:
        await tx.run(statement, values)

    await here.app.services.database.write(work)


def webhook(number: int, at: datetime, kind: str = "invoice.paid", about: str = "in_1", **more: Any) -> dict[str, Any]:
    """A kept webhook of Stripe's."""
    row = {"tenant": TENANT, "source": "stripe", "external_id": f"evt_{number}", "received_at": at, "attempts": 0}
    return row | {"payload": {"type": kind, "object": {"id": about}}, "processed_at": None, "error": None} | more


async def test_a_quiet_system(here: Desk) -> None:
    """Nothing is wrong: no job raises an alert, opens an incident or tells anybody anything but that it was quiet."""
    assert await runs(here.app, "alerts") == "nothing is wrong"
    assert await runs(here.app, "incident_scan") == "there is no incident"
    assert await runs(here.app, "incident_pager") == "nobody to page"
    assert await runs(here.app, "incident_summary") == "0 incidents summed up"
    assert await runs(here.app, "ops_digest") == "0 alerts, 0 incidents; no suggestions"
    assert await open_alerts(here.app) == []
    (digest,) = await here.told(here.carol.id)
    assert "Quiet" in digest.text
    assert digest.silent


async def test_failing_webhooks(here: Desk, clock: SimulatedClock) -> None:
    """Four webhooks that wait for longer than a minute are an alert; three are none; dealt with, it is over."""
    old = clock.now() - timedelta(minutes=2)
    await write(here, insert(inbox), [webhook(n, old) for n in range(3)])
    assert await runs(here.app, "alerts") == "nothing is wrong"
    given_up: dict[str, Any] = {"processed_at": old, "error": "given up: no invoice"}
    await write(here, insert(inbox), webhook(9, old, **given_up))
    assert "webhook_failures: bad 4" in await runs(here.app, "alerts")
    await write(here, update(inbox).where(inbox.c.processed_at.is_(None)).values(processed_at=clock.now()))
    await runs(here.app, "alerts")
    assert await open_alerts(here.app) == []


async def test_failing_payments(here: Desk, stand_ins: Providers, clock: SimulatedClock) -> None:
    """Three invoices whose payment failed are an alert; another installation's are none of ours."""
    names = [str((await paid(here, stand_ins, 5_000 + n)).stripe_id) for n in range(3)]
    done: dict[str, Any] = {"processed_at": clock.now(), "error": None}
    rows = [webhook(n, clock.now(), "invoice.payment_failed", f"in_other{n}", **done) for n in range(5)]
    await write(here, insert(inbox), rows)
    assert "payment_errors" not in await runs(here.app, "alerts")
    rows = [webhook(10 + n, clock.now(), "invoice.payment_failed", name, **done) for n, name in enumerate(names)]
    await write(here, insert(inbox), rows)
    assert "payment_errors: bad 3, all 3" in await runs(here.app, "alerts")
    clock.passes(hours=1, minutes=1)
    await runs(here.app, "alerts")
    assert await alert_of(here.app, "payment_errors") not in await open_alerts(here.app)


async def test_a_dip_in_revenue(here: Desk, clock: SimulatedClock) -> None:
    """Yesterday 31 % below the day before is told once, also where somebody resolved it; 30 % is not."""

    async def earned(**minor: int) -> None:
        for currency, amount in minor.items():
            money = Money(amount, currency)
            lines = (Line(Account.RECEIVABLE, money), Line(Account.REVENUE, -money))
            posting = Posting(f"{clock.now()}:{currency}", "invoice", "invoice:1", lines)
            await here.app.services.database.write(lambda tx, posting=posting: postings.post(tx, TENANT, posting))  # type: ignore[misc]
        clock.passes(days=1)

    await earned(USD=100_00, EUR=100_00)
    await earned(USD=69_00, EUR=70_00)
    assert "revenue is down in USD" in await runs(here.app, "alerts")
    alert = await alert_of(here.app, "revenue_dip", "USD:2026-11-27")
    assert alert is not None
    assert alert.facts["share"] == 31
    carol = await here.person(here.carol)
    await here.app.services.alerts.alerts.resolve(carol, alert.id, alert.version)
    await runs(here.app, "alerts")
    assert [one.rule for one in await open_alerts(here.app) if one.rule == "revenue_dip"] == []


async def test_refused_again_and_again(here: Desk, clock: SimulatedClock) -> None:
    """Whoever is refused eleven times within an hour is an alert; ten times is none, and an hour later it is over."""

    async def refused(times: int) -> None:
        entries = [Entry(TENANT, "/people", "chat:1005", "forbidden", telegram_id=1005)] * times
        await here.app.services.database.write(lambda tx: add_entries(tx, entries))

    await refused(10)
    assert await runs(here.app, "alerts") == "nothing is wrong"
    await refused(1)
    assert "security_violations: count 11, user 1005" in await runs(here.app, "alerts")
    clock.passes(hours=1, minutes=1)
    await runs(here.app, "alerts")
    assert await open_alerts(here.app) == []


async def test_forged_taps(here: Desk) -> None:
    """Whoever taps eleven times what we did not make for them is an alert, as if they had been refused so often."""
    await here.says(here.carol, "/backups")
    data = here.app.signer.pack(Tap("rsend", 1, 1, "clients"), chat_id=here.carol.id)
    for _ in range(11):
        answer = await here.tapped(here.alice, data, here.alice.id)
        assert answer.outcome == "forged"
        assert answer.card is not None
        entry = Entry(TENANT, answer.action, f"chat:{here.alice.id}", answer.outcome, telegram_id=here.alice.id)
        await here.app.services.database.write(lambda tx, entry=entry: add_entries(tx, [entry]))  # type: ignore[misc]
    assert f"security_violations: count 11, user {here.alice.id}" in await runs(here.app, "alerts")


async def test_webhooks_that_nobody_signed(here: Desk, clock: SimulatedClock) -> None:
    """Eleven webhooks that the door refused within an hour are an alert; ten are none, and one that was taken counts as
    nothing of the kind. What a process counted is in no other row.
    """
    metrics, database = here.app.services.metrics, here.app.services.database

    async def refused(times: int) -> None:
        for _ in range(times):
            metrics.request("/webhooks/stripe", 400, 0.01)
        metrics.request("/webhooks/stripe", 200, 0.01)
        metrics.request("/healthz", 404, 0.01)
        await metrics.write(database)

    await refused(10)
    assert await runs(here.app, "alerts") == "nothing is wrong"
    await refused(1)
    assert "webhooks_refused: count 11" in await runs(here.app, "alerts")
    clock.passes(hours=1, minutes=1)
    await runs(here.app, "alerts")
    assert await open_alerts(here.app) == []


async def stopped(here: Desk, number: int) -> None:
    """So many tasks were given up."""
    kind = TaskKind("probe", Pool.QUICK)

    async def work(tx: Transaction) -> None:
        for subject in range(number):
            await failed_tasks.add(tx, TENANT, Task(kind, 9_000 + subject), "no")

    await here.app.services.database.write(work)


async def test_much_work_stopped(here: Desk) -> None:
    """Six tasks that were given up within an hour are an alert with a runbook; five are none."""
    await stopped(here, 5)
    assert await runs(here.app, "alerts") == "nothing is wrong"
    await stopped(here, 6)
    assert "work_stopped: count 6" in await runs(here.app, "alerts")
    assert RULES["work_stopped"].runbook == "retry_failed"


async def test_each_job_silenced(here: Desk, clock: SimulatedClock) -> None:
    """Each job of the catalogue, silenced, is an alert within its period and five minutes, and not before its time; so
    is each whose run is recorded and does not begin.
    """
    late: dict[str, timedelta] = {}
    for job in JOBS:
        cron = trigger(job.cron)
        last = cron.get_next_fire_time(None, clock.now())
        await recorded(here, job, last, "done")
        due = cron.get_next_fire_time(None, last + timedelta(seconds=1))
        passes_to(clock, due - timedelta(seconds=30))
        assert not await is_silent(here, job), job.name
        if len(late) % 2:
            await recorded(here, job, due, "waiting")
        while not await is_silent(here, job):
            passes_to(clock, next_tick(clock.now()))
            assert clock.now() - due <= timedelta(minutes=5), job.name
        late[job.name] = clock.now() - due
    assert set(late) == {job.name for job in JOBS}


async def recorded(here: Desk, job: Job, at: datetime, state: str) -> None:
    """There is a run of the job at that time."""
    await here.app.services.database.write(lambda tx: job_runs.add(tx, TENANT, job.name, at, "test", state))


def passes_to(clock: SimulatedClock, at: datetime) -> None:
    clock.passes(seconds=(at - clock.now()).total_seconds())


def next_tick(now: datetime) -> datetime:
    """When the job that looks runs next: every five minutes."""
    return now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0) + timedelta(minutes=5)


async def is_silent(here: Desk, job: Job) -> bool:
    """Whether the job is found silent now, as `alerts` finds others and `incident_scan` finds that."""
    services = here.app.services
    await services.watch.conditions.jobs(TENANT, await silent_jobs(services, [job], TENANT))
    alert = await alert_of(here.app, "job_silent", job.name)
    return alert is not None and alert.open and alert.gone_since is None


@pytest.mark.parametrize(("silenced", "looks"), [("heartbeat", "alerts"), ("alerts", "incident_scan")])
async def test_who_looks(here: Desk, clock: SimulatedClock, silenced: str, looks: str) -> None:
    """The job `alerts` finds a silent one; where it is silent itself, `incident_scan` does; the next run ends it."""
    job = BY_NAME[silenced]
    await recorded(here, job, clock.now(), "done")
    clock.passes(hours=1, minutes=1)
    await runs(here.app, looks)
    (alert,) = await open_alerts(here.app)
    assert (alert.rule, alert.fingerprint) == ("job_silent", silenced)
    await recorded(here, job, clock.now(), "done")
    await runs(here.app, looks)
    assert await open_alerts(here.app) == []


async def test_after_quiet_hours(here: Desk, clock: SimulatedClock) -> None:
    """What was told silently is listed once when the person's quiet hours end, in their own time zone."""
    carol = await here.person(here.carol)

    async def work(tx: Transaction) -> None:
        await people.set_time_zone(tx, carol, "Asia/Karachi")  # 17:00 there
        await people.set_quiet_hours(tx, carol, "16:00-18:00")

    await here.app.services.database.write(work)
    await raised(here.app, "job_failed", "retention", job="retention", reason="no")
    (card,) = await here.told(here.carol.id)
    assert card.silent
    await raised(here.app)
    assert [card.silent for card in await here.told(here.carol.id)] == [True, False]
    clock.passes(minutes=59)
    await runs(here.app, "alerts")
    assert not any("in your quiet hours" in card.text for card in await here.told(here.carol.id))
    clock.passes(minutes=1)
    for _ in range(2):
        await runs(here.app, "alerts")
    (listed,) = [card for card in await here.told(here.carol.id) if "in your quiet hours" in card.text]
    assert "2 alerts in your quiet hours" in listed.text


@pytest.mark.parametrize(("looked", "read"), [("06:55", 1), ("08:00", 0)])
async def test_after_quiet_hours_in_which_nothing_ran(
    here: Desk, clock: SimulatedClock, looked: str, read: int
) -> None:
    """Where nothing ran for long after quiet hours, what was told silently is listed by the first look after them."""
    await here.says(here.carol, "/alerts quiet 22:00-07:00")
    clock.passes(hours=11)  # 23:00
    await raised(here.app, "cpu_busy", "", share=99)
    clock.passes(hours=9, minutes=5)  # 08:05
    at = datetime.combine(clock.now(), time.fromisoformat(looked), UTC)

    async def work(tx: Transaction) -> None:
        run = await job_runs.add(tx, TENANT, "alerts", at, "test")
        assert run is not None
        await job_runs.change(tx, await job_runs.get(tx.connection, run), state="done", finished_at=at)

    await here.app.services.database.write(work)
    await runs(here.app, "alerts")
    assert len([card for card in await here.told(here.carol.id) if "in your quiet hours" in card.text]) == read


@pytest.mark.parametrize(("taken", "times"), [(False, 3), (True, 1)])
async def test_nagging(here: Desk, clock: SimulatedClock, taken: bool, times: int) -> None:
    """A warning is told again every hour while nobody has it."""
    await raised(here.app, "job_silent", "janitor", job="janitor")
    alert = (await open_alerts(here.app))[0]
    if taken:
        carol = await here.person(here.carol)
        await here.app.services.alerts.alerts.take(carol, alert.id, alert.version)
    for _ in range(2):
        clock.passes(minutes=59)
        await here.app.services.watch.nagging.look(TENANT)
        clock.passes(minutes=1)
        await here.app.services.watch.nagging.look(TENANT)
    after = (await open_alerts(here.app))[0]
    assert after.nags == times


async def test_a_runbook(here: Desk, clock: SimulatedClock) -> None:
    """It shows what it would do; the second tap does it; a minute later it is said that it helped."""
    await stopped(here, 6)
    await runs(here.app, "alerts")
    alert = await alert_of(here.app, "work_stopped")
    assert alert is not None
    books, carol = here.app.services.watch.runbooks, await here.person(here.carol)
    planned = await books.plan(carol, alert.id)
    assert planned.facts is not None
    assert planned.facts["count"] == 6
    async with here.app.services.database.reading() as connection:
        assert await failed_tasks.count(connection, TENANT) == 6
        assert await runbook_runs.unchecked(connection, TENANT, clock.now()) == []
    await books.carry_out(carol, alert.id, alert.version)

    async def done(tx: Transaction) -> None:
        for subject in range(6):
            await here.app.services.queue.drop(tx, Task(TaskKind("probe", Pool.QUICK), 9_000 + subject))

    await here.app.services.database.write(done)
    clock.passes(minutes=1)
    assert "looked whether 1 runbooks helped" in await runs(here.app, "alerts")
    assert await open_alerts(here.app) == []
    assert any("The runbook helped" in card.text for card in await here.told(here.carol.id))
