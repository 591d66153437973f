"""Jobs that run once for each tenant."""

import inspect
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.access.model import TENANT, Role
from jobs.catalog import BY_NAME, JOBS
from jobs.schedule.clock import Clock
from jobs.schedule.runner import run_job
from jobs.worker.giving_up import ROWS
from jobs.worker.tasks import handlers
from storage.core import job_runs
from storage.core.job_runs import Run
from storage.people import people
from storage.tables.tenants import tenants
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FRANK = 1006


@pytest.fixture
async def clock() -> SimulatedClock:
    return SimulatedClock(MONDAY)


@pytest.fixture
async def home(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    """Everything wired up, with an hour until the daily report."""
    async with desk(stand_ins, database_url, clock) as made:
        yield made


async def found(home: Desk, name: str, admin: int) -> None:
    services = home.app.services
    await services.tenants.found(name, name.capitalize())
    await services.database.write(lambda tx: people.enroll(tx, name, admin, "Frank", Role.ADMIN, ""))


async def begin(home: Desk) -> None:
    """A clock begins, which records what there is; it is asked by hand from then on."""
    fires = Clock(home.app.services)
    await fires.start()
    fires.stop()


async def runs(home: Desk, tenant: str, job: str) -> list[Run]:
    async with home.app.services.database.reading() as connection:
        return await job_runs.history(connection, tenant, job)


async def fired(home: Desk, clock: SimulatedClock, **span: float) -> dict[str, list[Run]]:
    """So much time passes, the clock compares, and the daily reports that are due run; those of each tenant."""
    clock.passes(**span)
    await Clock(home.app.services).compare()
    seen = {
        tenant.name: await runs(home, tenant.name, "daily_report")
        for tenant in await home.app.services.tenants.active()
    }
    for waiting in [run for of_one in seen.values() for run in of_one if run.state == "waiting"]:
        await run_job(home.app.services, waiting.id)
    return {tenant: await runs(home, tenant, "daily_report") for tenant in seen}


def test_each_job_says_for_whom() -> None:
    """A job that runs for each tenant is given one, and one that runs for all is not."""
    given = {"system": 1, "tenant": 2, "tenant at": 3}
    for job in JOBS:
        assert len(inspect.signature(job.run).parameters) == given[job.scope], job.name


async def test_a_tenant_that_comes_later(home: Desk, clock: SimulatedClock) -> None:
    """A tenant founded while the clock runs has its report at the next time for it, beside the installation's."""
    await begin(home)
    await found(home, "acme", FRANK)
    seen = await fired(home, clock, hours=1, seconds=2)
    assert {tenant: of_one[0].state for tenant, of_one in seen.items()} == {TENANT: "done", "acme": "done"}
    assert [card.text.partition("\n")[0] for card in await home.told(FRANK)] == ["<b>Sunday 22 Nov</b>"]
    async with home.app.services.database.reading() as connection:
        by_tenant = await job_runs.newest_by_tenant(connection, "janitor")
    assert [run.tenant for run in by_tenant] == [TENANT]


async def test_one_failure_is_one_tenants(home: Desk, clock: SimulatedClock) -> None:
    """A tenant whose row makes no sense has a failed run; the others have theirs, and the installation hears of it."""
    services = home.app.services
    await begin(home)
    await found(home, "acme", FRANK)
    await found(home, "zeta", FRANK + 1)
    nonsense = update(tenants).where(tenants.c.tenant == "acme").values(time_zone="Atlantis/Sunken")
    await services.database.write(lambda tx: tx.run(nonsense))
    seen = await fired(home, clock, hours=1, seconds=2)
    assert {tenant: of_one[0].state for tenant, of_one in seen.items()} == {
        TENANT: "done",
        "acme": "failed",
        "zeta": "done",
    }
    assert any("failed for acme" in card.text for card in await home.told(home.carol.id))


async def test_paused_for_one(home: Desk, clock: SimulatedClock) -> None:
    """A job that one tenant's people paused runs for the others."""
    await begin(home)
    await found(home, "acme", FRANK)
    who = await home.app.services.people.joining.identify(FRANK, "Frank", "")
    until = MONDAY + timedelta(hours=3)
    await home.app.services.database.write(lambda tx: job_runs.pause(tx, "acme", "daily_report", until, who.id, "x"))
    seen = await fired(home, clock, hours=1, seconds=2)
    assert {tenant: of_one[0].state for tenant, of_one in seen.items()} == {TENANT: "done", "acme": "paused"}


async def test_whose_a_task_is(home: Desk) -> None:
    """Of every kind of task it is known which rows it carries on, so that whoever they belong to hears of its end."""
    assert set(handlers(home.app.services)) == set(ROWS)
    assert BY_NAME["learning"].runs_for("acme")
    assert not BY_NAME["janitor"].runs_for("acme")
