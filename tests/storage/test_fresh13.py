"""Several processes that start at once on one PostgreSQL, and two clocks; in one process here."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, make_url, select

from bot.app import build
from jobs.schedule.clock import Clock
from storage.tables.core import events, job_runs
from storage.tables.tenants import tenants
from tests.house import Providers


async def both_started(settings: Any, count: int, clocks: int = 0) -> list[Any]:
    async with AsyncExitStack() as stack:
        found = await asyncio.gather(
            *(stack.enter_async_context(build(settings)) for _ in range(count)), return_exceptions=True
        )
        failed = [one for one in found if isinstance(one, BaseException)]
        assert not failed, failed
        made = [Clock(one.services) for one in found[:clocks]]
        failed = [x for x in await asyncio.gather(*(one.start() for one in made), return_exceptions=True) if x]
        for one in made:
            one.stop()
        assert not failed, failed
        async with found[0].services.database.reading() as connection:
            installed = select(job_runs.c.job, func.count()).where(job_runs.c.state == "installed")
            twice = [tuple(row) for row in await connection.execute(installed.group_by(job_runs.c.job)) if row[1] > 1]
            began = select(func.count()).where(events.c.name == "began")
            return [twice, (await connection.execute(began)).scalar_one(),
                    (await connection.execute(select(func.count()).select_from(tenants))).scalar_one()]  # fmt: skip


@pytest.mark.new_database
@pytest.mark.parametrize("turn", range(3))
async def test_four_at_once_on_an_empty_database(stand_ins: Providers, postgres_url: str, turn: int) -> None:
    """It is really empty: no schema either."""
    name = f"fresh13_empty_{turn}"
    plain = make_url(postgres_url).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        twice, _, number = await both_started(stand_ins.settings(url), 4)
        assert (twice, number) == ([], 1)
    finally:
        with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.new_database
async def test_two_clocks_at_once(stand_ins: Providers, postgres_url: str) -> None:
    """Each job is put on the schedule once, and that the program began is written down once."""
    settings = stand_ins.settings(postgres_url)
    twice, began, _ = await both_started(settings, 2, clocks=2)
    assert (twice, began) == ([], 1)
