"""Reports of a day are of the day before they were due, however late they run, and each comes once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.access.model import TENANT
from jobs.schedule.clock import Clock
from jobs.schedule.runner import run_job
from storage.core import job_runs
from storage.engine.database import Transaction
from storage.tables.core import outbox
from storage.tables.models import model_calls
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

WEDNESDAY = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # 04:30 on Thursday in Karachi
REPORTS = {
    "daily_report": datetime(2026, 11, 26, 9, tzinfo=UTC),
    "cost_report": datetime(2026, 11, 26, 1, 10, tzinfo=UTC),
}


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(WEDNESDAY)


@pytest.fixture
async def home(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    """Everything wired up in Karachi, and a clock that has recorded what there is; models cost something each day."""
    async with desk(stand_ins, database_url, clock, time_zone="Asia/Karachi", job_times={}) as made:
        for day in range(5):
            at = WEDNESDAY + timedelta(days=day - 2)
            row = {"tenant": TENANT, "purpose": "draft", "prompt_version": "1", "model": "m", "outcome": "ok"}
            row |= {"input_tokens": 1, "output_tokens": 1, "latency_ms": 1, "cost_micro_usd": 1_000_000}  # type: ignore[dict-item]

            async def work(tx: Transaction, row: dict[str, object] = row | {"created_at": at}) -> None:
                await tx.run(model_calls.insert(), row)

            await made.app.services.database.write(work)
        fires = Clock(made.app.services)
        await fires.start()
        fires.stop()
        yield made


async def late(home: Desk, clock: SimulatedClock, job: str, at: datetime) -> list[str]:
    """The clock compares at a moment, and the runs of the job that wait are carried out, twice each; their times."""
    clock.passes(seconds=(at - clock.now()).total_seconds())
    await Clock(home.app.services).compare()
    async with home.app.services.database.reading() as connection:
        runs = await job_runs.history(connection, TENANT, job)
    waiting = [run for run in runs if run.state == "waiting"]
    for run in waiting:
        await run_job(home.app.services, run.id)
        await run_job(home.app.services, run.id)
    return [f"{run.scheduled_at:%d %H:%M}" for run in waiting]


async def told(home: Desk, beginning: str) -> list[str]:
    """The headlines that the admin was sent, of those that have it."""
    return [
        card.text.splitlines()[0] for card in await home.told(home.carol.id) if beginning in card.text.splitlines()[0]
    ]


@pytest.mark.parametrize("job", REPORTS)
async def test_after_midnight(home: Desk, clock: SimulatedClock, job: str) -> None:
    """Due on Thursday and run on Friday, it is of Wednesday. Friday's own run is of Thursday, and both come once."""
    due, of = REPORTS[job], "Nov"
    friday = datetime(2026, 11, 26, 19, 30, tzinfo=UTC)  # 00:30 in Karachi
    assert await late(home, clock, job, friday) == [f"{due:%d %H:%M}"]
    (first,) = await told(home, of)
    assert "Wednesday 25 Nov" in first
    assert await late(home, clock, job, due + timedelta(days=1)) == [f"{due + timedelta(days=1):%d %H:%M}"]
    assert [headline for headline in await told(home, of) if "Thursday 26 Nov" in headline] != []
    assert len(await told(home, of)) == 2


async def test_once_whatever_restarts(home: Desk, clock: SimulatedClock) -> None:
    """Run again by hand on the same day, and by a process that did not know of the first, it goes out once."""
    services = home.app.services
    due = REPORTS["daily_report"]
    clock.passes(seconds=(due - clock.now()).total_seconds())
    for hours in (0, 1, 5):
        await services.reports.sending.daily(TENANT, due + timedelta(hours=hours))
        await services.reports.sending.by_mail(TENANT, due + timedelta(hours=hours))
    async with services.database.reading() as connection:
        keys = (await connection.execute(select(outbox.c.key).where(outbox.c.key.like("report:%")))).scalars().all()
    assert sorted(keys) == [f"report:2026-11-25:{home.carol.id}", "report:2026-11-25:carol@example.org"]


async def test_with_its_picture(home: Desk, clock: SimulatedClock) -> None:
    """The daily report comes with its picture as soon as something moved in the days that it shows."""
    services = home.app.services
    clock.passes(days=1)
    await services.ledger.books.book_models(TENANT)
    clock.passes(days=1)
    await services.reports.sending.daily(TENANT, clock.now())
    (card,) = await home.told(home.carol.id)
    assert card.picture is not None
    assert card.picture.data.startswith(b"\x89PNG")
    assert {"CSV", "PDF"} <= {button.label for row in card.rows for button in row}
