"""/jobs: what failed or is late comes first, then a group at a time; pausing takes a reason."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.model import TENANT
from jobs.catalog import BY_NAME, GROUPS, JOBS
from jobs.machinery import pauses
from jobs.schedule.clock import MISSED, Clock
from storage.alerts import alerts
from storage.core import job_runs
from storage.engine.database import Transaction
from tests.alerting import alert_of, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

THURSDAY = datetime(2026, 11, 26, 10, 2, tzinfo=UTC)


@pytest.fixture
async def clock() -> SimulatedClock:
    return SimulatedClock(THURSDAY)


@pytest.fixture
async def home(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    """With a clock that has begun, and is asked by hand from then on."""
    async with desk(stand_ins, database_url, clock) as made:
        fires = Clock(made.app.services)
        await fires.start()
        fires.stop()
        yield made


async def ran(home: Desk, job: str, state: str, at: datetime, took: float = 2, result: str = "") -> None:
    async def work(tx: Transaction) -> None:
        # a run of its own, beside the one that says since when the job is known
        number = await job_runs.add(tx, TENANT, job, at + timedelta(milliseconds=1), "x", state, result)
        assert number is not None
        run = await job_runs.get(tx.connection, number)
        await job_runs.change(tx, run, started_at=at, finished_at=at + timedelta(seconds=took))

    await home.app.services.database.write(work)


async def test_every_job_is_listed(home: Desk) -> None:
    """Each group lists its jobs with their last and next runs, and leads to the others."""
    card = await home.says(home.carol, "/jobs")
    assert card.text.startswith(f"<b>{len(JOBS)} jobs · All in order</b>")
    seen = set()
    for group in GROUPS:
        if f"<b>{group.title}</b>" not in card.text:
            answer = await home.taps(home.carol, group.title, card)
            assert answer.card is not None
            card = answer.card
        assert f"<b>{group.title}</b>" in card.text
        seen |= {job.name for job in group.jobs if f"/job_{job.name} has not run yet, next in " in card.text}
    assert seen == BY_NAME.keys()


async def test_what_needs_a_look_comes_first(home: Desk, clock: SimulatedClock) -> None:
    """What failed, was missed or is late stands above all groups, with why and since when."""
    await ran(home, "daily_report", "failed", THURSDAY, result="the mail server refused")
    await ran(home, "pricing_review", "missed", THURSDAY, result="nothing was running at that time")
    await ran(home, "janitor", "done", THURSDAY)
    clock.passes(minutes=10)
    for job in JOBS:
        if job.name not in {"daily_report", "pricing_review", "janitor"}:
            await ran(home, job.name, "done", clock.now())
    lines = (await home.says(home.carol, "/jobs")).text.splitlines()
    heading = next(number for number, line in enumerate(lines) if line == f"<b>{GROUPS[0].title}</b>")
    above = lines[1:heading]
    assert any(line.startswith("/job_daily_report failed at 10:02 UTC: the mail server refused") for line in above)
    assert any(line.startswith("/job_pricing_review missed at 10:02 UTC") for line in above)
    assert "/job_janitor is late by 7 min" in above
    assert f"{len(above)} to look at" in lines[0]


async def test_how_long_it_takes(home: Desk) -> None:
    """A job's card says how long half of its runs take, the longest, and how many failed; each run with its time."""
    for number, took in enumerate((2, 3, 40)):
        state = "failed" if took == 40 else "done"
        await ran(home, "retention", state, THURSDAY - timedelta(days=number), took, "deleted 3 sent messages")
    card = await home.says(home.carol, "/job_retention")
    assert "3 runs: usually 3 s, longest 40 s; 1 failed" in card.text
    assert "failed in 40 s. deleted 3 sent messages" in card.text


async def test_a_pause_needs_a_reason(home: Desk, clock: SimulatedClock) -> None:
    """Nothing is paused before the reason is given; it stands on the card, in the list, and in what is left out."""
    card = await home.says(home.carol, "/job_retention")
    asked = (await home.taps(home.carol, "Pause 1 day", card)).card
    assert asked is not None
    assert "Pause retention?" in asked.text
    async with home.app.services.database.reading() as connection:
        assert await job_runs.pauses(connection) == {}
    shown = await home.says(home.carol, "we move to another disk")
    assert "Paused until Fri 27 Nov, 10:02 UTC by Carol: we move to another disk" in shown.text
    assert "paused until" in (await home.taps(home.carol, "All jobs", shown)).card.text  # type: ignore[union-attr]
    async with home.app.services.database.reading() as connection:
        assert [alert.rule for alert in await alerts.all_open(connection, TENANT)] == []


async def test_a_pause_until_a_time(home: Desk, clock: SimulatedClock) -> None:
    """The time may be typed; what is no time is asked for again, and nothing is paused before the reason is given."""
    card = await home.says(home.carol, "/job_retention")
    asked = (await home.taps(home.carol, "Pause until…", card)).card
    assert asked is not None
    assert "Pause retention until when?" in asked.text
    assert "is no time I can read" in (await home.says(home.carol, "when it rains")).text
    assert "Pause retention until Fri 27 Nov, 09:00 UTC?" in (await home.says(home.carol, "tomorrow 9:00")).text
    async with home.app.services.database.reading() as connection:
        assert await job_runs.pauses(connection) == {}
    shown = await home.says(home.carol, "we move to another disk")
    assert "Paused until Fri 27 Nov, 09:00 UTC by Carol: we move to another disk" in shown.text


async def test_a_reason_that_comes_too_late(home: Desk, clock: SimulatedClock) -> None:
    """A time that is over when the reason comes pauses nothing."""
    await home.taps(home.carol, "Pause until…", await home.says(home.carol, "/job_retention"))
    await home.says(home.carol, "5 min")
    clock.passes(minutes=6)
    assert "That time is over by now" in (await home.says(home.carol, "we move to another disk")).text
    async with home.app.services.database.reading() as connection:
        assert await job_runs.pauses(connection) == {}


async def test_why_nothing_ran(home: Desk) -> None:
    """What the program itself says of a run is read in the reader's language."""
    await ran(home, "retention", "missed", THURSDAY, result=MISSED)
    await home.says(home.carol, "/language es")
    assert "no se estaba ejecutando nada en ese momento" in (await home.says(home.carol, "/job_retention")).text


async def test_a_pause_of_a_vital_job_nags(home: Desk, clock: SimulatedClock) -> None:
    """What nothing else does is an alert as long as it is paused, and stands among what needs a look."""
    card = await home.says(home.bob, "/job_janitor")
    asked = (await home.taps(home.bob, "Pause 1 h", card)).card
    assert asked is not None
    assert "reminded until it runs again" in asked.text
    await home.says(home.bob, "it is in the way")
    assert "Job janitor is paused" in (await home.told(home.carol.id))[-1].text
    assert (
        "/job_janitor is paused until Thu 26 Nov, 11:02 UTC by Bob: it is in the way"
        in (await home.says(home.carol, "/jobs")).text
    )
    clock.passes(minutes=59)
    await pauses.settle(home.app.services, TENANT, ["janitor"])
    assert len(await open_alerts(home)) == 1
    clock.passes(minutes=2)
    await pauses.settle(home.app.services, TENANT, ["janitor"])
    assert await open_alerts(home) == []


async def open_alerts(home: Desk) -> list[str]:
    async with home.app.services.database.reading() as connection:
        return [alert.fingerprint for alert in await alerts.all_open(connection, TENANT)]


async def test_resuming_ends_the_alert(home: Desk) -> None:
    """Who resumes a vital job ends its alert too."""
    bob = await home.person(home.bob)
    await pauses.pause(bob, home.app.services, BY_NAME["janitor"], THURSDAY + timedelta(hours=1), "a try")
    assert await open_alerts(home) == ["janitor"]
    await pauses.resume(bob, home.app.services, BY_NAME["janitor"])
    assert await open_alerts(home) == []


WATCH = ["alerts", "incident_scan", "incident_pager"]


@pytest.mark.parametrize("paused", [WATCH[:1], WATCH[1:2], WATCH[2:], WATCH[:2]], ids="+".join)
async def test_a_pause_of_the_watch_nags(home: Desk, clock: SimulatedClock, paused: list[str]) -> None:
    """Nothing else finds alerts or pages people, so their pause is an alert that is told each hour, also that of the
    job which tells alerts again.
    """
    bob, services = await home.person(home.bob), home.app.services
    for job in paused:
        await pauses.pause(bob, services, BY_NAME[job], clock.now() + timedelta(days=20), "a try")
    for _ in range(6 * 12):
        clock.passes(minutes=5)
        for job in [job for job in WATCH if job not in paused]:
            await runs(home.app, job)
    assert await said_paused(home) == paused
    alert = await alert_of(home.app, "job_paused", paused[0])
    assert alert is not None
    assert alert.nags == 7  # at once, and six times


async def test_resolved_in_a_longer_pause(home: Desk, clock: SimulatedClock) -> None:
    """The alert on a pause that was made longer is over once somebody says so."""
    bob, services, janitor = await home.person(home.bob), home.app.services, BY_NAME["janitor"]
    await pauses.pause(bob, services, janitor, clock.now() + timedelta(hours=5), "moving")
    clock.passes(minutes=30)
    await pauses.pause(bob, services, janitor, clock.now() + timedelta(hours=20), "still moving")
    clock.passes(minutes=30)
    alert = await alert_of(home.app, "job_paused", "janitor")
    assert alert is not None
    await services.alerts.alerts.resolve(bob, alert.id, alert.version)
    await runs(home.app, "alerts")
    assert await said_paused(home) == []


async def said_paused(home: Desk) -> list[str]:
    """Of which jobs an alert says that they are paused."""
    async with home.app.services.database.reading() as connection:
        found = [one for one in await alerts.all_open(connection, TENANT) if one.rule == "job_paused"]
    return [one.fingerprint for one in sorted(found, key=lambda one: one.id)]


async def test_clients_do_not_see_jobs(home: Desk) -> None:
    """A client is refused, in words."""
    assert "Only operators and admins may run jobs" in (await home.says(home.alice, "/jobs")).text
