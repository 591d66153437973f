"""What is said of whether a runbook helped: never yes too early, nor where somebody undid it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.access.model import TENANT, Person
from bot.alerts.model import Alert
from bot.kernel.tasks import Pool, Task, TaskKind
from bot.watch.model import CHECKED_FOR
from storage.core import job_runs
from storage.engine.database import Transaction
from storage.queue import failed_tasks
from tests.alerting import alert_of, cleared, open_alerts, raised, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

MIDDAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(MIDDAY)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock, job_times="") as made:
        yield made


async def carol(here: Desk) -> Person:
    return await here.person(here.carol)


async def stopped(here: Desk, number: int) -> None:
    """So many tasks were given up."""

    async def work(tx: Transaction) -> None:
        for subject in range(number):
            await failed_tasks.add(tx, TENANT, Task(TaskKind("probe", Pool.QUICK), 9_000 + subject), "no")

    await here.app.services.database.write(work)


async def run_of(here: Desk, alert: Alert) -> None:
    """Carol has the alert's runbook done."""
    await here.app.services.watch.runbooks.carry_out(await carol(here), alert.id, alert.version)


async def said(here: Desk) -> list[str]:
    """What Carol reads of whether it helped."""
    texts = [card.text for card in await here.told(here.carol.id)]
    return [words for text in texts for words in ("The runbook helped", "did not help") if words in text]


async def test_a_pause_that_was_undone(here: Desk, clock: SimulatedClock) -> None:
    """Where somebody resumes the job at once, pausing it did not help."""
    await run_of(here, await raised(here.app, "job_failed", "retention", job="retention", reason="no"))
    await here.app.services.database.write(lambda tx: job_runs.resume(tx, TENANT, "retention"))
    clock.passes(minutes=1)
    await here.app.services.watch.runbooks.check(TENANT)
    assert await said(here) == ["did not help"]
    assert [one.rule for one in await open_alerts(here.app)] == ["job_failed"]


async def test_a_vital_job_paused_by_its_runbook(here: Desk) -> None:
    """That nothing else does its work is an alert, in whichever way it was paused."""
    await run_of(here, await raised(here.app, "job_failed", "janitor", job="janitor", reason="no"))
    await runs(here.app, "alerts")
    paused = await alert_of(here.app, "job_paused", "janitor")
    assert paused is not None
    card = (await here.says(here.carol, f"/alert_{paused.id}")).text
    assert "Carol paused it: by the runbook of /alert_1001" in card


@pytest.mark.parametrize(("again", "words"), [(False, "The runbook helped"), (True, "did not help")])
async def test_work_that_is_tried_again(here: Desk, clock: SimulatedClock, again: bool, words: str) -> None:
    """As long as the work is tried nobody knows; then it helped unless any of it stopped again."""
    await stopped(here, 6)
    await runs(here.app, "alerts")
    alert = await alert_of(here.app, "work_stopped")
    assert alert is not None
    await run_of(here, alert)
    clock.passes(minutes=5)
    books, queue = here.app.services.watch.runbooks, here.app.services.queue
    await books.check(TENANT)
    assert await said(here) == []

    async def ended(tx: Transaction) -> None:
        for number in range(6):
            await queue.drop(tx, Task(TaskKind("probe", Pool.QUICK), 9_000 + number))

    await here.app.services.database.write(ended)
    if again:
        await stopped(here, 1)
    await books.check(TENANT)
    assert await said(here) == [words]


async def test_work_that_is_tried_for_ever(here: Desk, clock: SimulatedClock) -> None:
    """What does not show for long did not help."""
    await stopped(here, 6)
    await runs(here.app, "alerts")
    alert = await alert_of(here.app, "work_stopped")
    assert alert is not None
    await run_of(here, alert)
    clock.passes(seconds=CHECKED_FOR.total_seconds())
    await here.app.services.watch.runbooks.check(TENANT)
    assert await said(here) == ["did not help"]


async def test_what_came_back_since(here: Desk, clock: SimulatedClock) -> None:
    """What is over and comes back before it was looked at was not helped."""
    alert = await raised(here.app, "budget_day", "", share=90, used="9", limit="10", setting="X")
    await run_of(here, alert)
    await cleared(here.app, "budget_day", "")
    clock.passes(minutes=1)
    await raised(here.app, "budget_day", "", share=95, used="9.5", limit="10", setting="X")
    await here.app.services.watch.runbooks.check(TENANT)
    assert await said(here) == ["did not help"]
