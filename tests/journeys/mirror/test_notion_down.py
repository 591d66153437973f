"""Notion down for an hour, and a resync of many rows, against the pace that Notion allows."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.access.model import TENANT
from bot.briefs.mirror import JOB_LOG
from bot.mirror.model import KEY, Batch
from bot.mirror.service import bring_all_up_to_date
from sandbox.history.seed import fill
from sandbox.notion.errors import planned
from storage.engine.database import Transaction
from storage.tables.briefs import briefs
from tests.clock import Hands
from tests.eventually import eventually
from tests.house import House, Providers, house
from tests.journeys.mirror.test_resync import begin, ended, waiting, written
from tests.mirror import row_of

CHANGES = int(os.environ.get("ECHOPILOT_NOTION_CHANGES", "12"))
ROWS = int(os.environ.get("ECHOPILOT_NOTION_ROWS", "120"))
PACE = 3.0  # requests a second


async def keys(home: House, most: int) -> list[str]:
    """The keys of so many rows of the Job Log."""
    now = datetime.now(UTC)
    async with home.running.app.services.database.reading() as connection:
        names = await JOB_LOG.names(connection, Batch(TENANT, "", most, now))
    return [f"brief:{name}" for name in names]


async def show(home: House, wanted: list[str]) -> None:
    """Have these rows be written as they then are."""
    await home.running.app.services.database.write(lambda tx: bring_all_up_to_date(tx, TENANT, JOB_LOG, wanted))


async def right(home: House, wanted: list[str]) -> None:
    """The Job Log has each of these rows once, no other, and every row says what it should."""
    shown: dict[str, Mapping[str, Any]] = {}
    for row in home.notion.rows("Job Log"):
        key = row[KEY].partition(":")[2]
        assert key not in shown, f"{key} is there twice"
        shown[key] = row
    assert sorted(shown) == sorted(wanted)
    async with home.running.app.services.database.reading() as connection:
        for key in wanted:
            cells = await row_of(connection, JOB_LOG, int(key.partition(":")[2]))
            assert (shown[key]["Brief"], shown[key]["State"]) == (cells["Brief"], cells["State"])


@pytest.mark.timeout(120 + 3 * CHANGES)
async def test_an_hour_down(stand_ins: Providers, database_url: str, measured: Callable[[str], None]) -> None:
    """Notion is down for an hour in which rows change, then loses a tenth of its replies: every row is right, none is
    doubled, and no more than three requests a second were made.
    """
    await asyncio.to_thread(fill, database_url, CHANGES * 2 + 150, datetime.now(UTC))
    hands = Hands()
    async with house(stand_ins, database_url, clock=hands, notion_requests_per_second=PACE) as home:
        wanted = (await keys(home, CHANGES))[:CHANGES]
        home.notion.faults.add(planned(".*", 503, times=None))
        await show(home, wanted)

        async def rename(tx: Transaction) -> None:
            await tx.run(briefs.update().where(briefs.c.tenant == TENANT).values(title=briefs.c.title + " (new)"))

        await home.running.app.services.database.write(rename)
        await show(home, wanted)
        hands.ahead += timedelta(hours=1)
        home.notion.faults.clear()
        home.notion.faults.lose_replies(0.1, where=".*")
        began, served = time.monotonic(), home.notion.served
        await eventually(lambda: catching_up(home, hands), lambda left: left == 0, within=90.0 + 2 * CHANGES)
        home.notion.faults.clear()
        took, asked = time.monotonic() - began, home.notion.served - served
        measured(
            f"{len(wanted)} changes after an hour down: {asked} requests in {took:.0f} s, {asked / took:.2f} a second"
        )
        await right(home, wanted)
    assert home.notion.violations == 0


async def catching_up(home: House, hands: Hands) -> int:
    """How many rows wait; what waits for its next try need not wait by the clock of whoever runs the test."""
    hands.ahead += timedelta(seconds=2)
    return await waiting(home)


@pytest.mark.timeout(180 + ROWS)
async def test_a_large_resync(stand_ins: Providers, database_url: str, measured: Callable[[str], None]) -> None:
    """A resync of many rows reads a hundred a request, writes only what differs or is missing, and keeps the pace."""
    await asyncio.to_thread(fill, database_url, ROWS * 2, datetime.now(UTC))
    async with house(stand_ins, database_url) as home:
        wanted = (await keys(home, ROWS))[:ROWS]
        await forget_others(home, wanted)
        await show(home, wanted)
        await home.notion.wait_for("Job Log", lambda rows: len(rows) == len(wanted), timeout=60.0 + ROWS)
        await written(home, 60.0 + ROWS)
    notion = stand_ins.notion
    stand_ins.notion.allow(connection=180)
    pages = notion.pages("Job Log")
    for page in pages[: ROWS // 100 or 1]:
        notion.fill(page, {"State": {"select": {"name": "lost"}}})
    for page in pages[-(ROWS // 200 or 1) :]:
        notion.trash_row(page)
    notion.copy_row(pages[len(pages) // 2])
    violations = notion.violations
    async with house(stand_ins, database_url, notion_requests_per_second=PACE) as home:
        began, served = time.monotonic(), notion.served
        await begin(home, "Job Log")
        found = await ended(home, "Job Log", within=60.0 + ROWS)
        took, asked = time.monotonic() - began, notion.served - served
        measured(
            f"resync of {found.read} rows: {asked} requests in {took:.0f} s; {found.differing} corrected, "
            f"{found.missing} added, {found.doubled} doubled"
        )
        await right(home, wanted)
    assert (found.differing, found.missing, found.doubled) == (ROWS // 100 or 1, ROWS // 200 or 1, 1)
    assert asked <= found.requests + 4 * found.missing + 3  # a page that was seen just now is tried first
    assert notion.violations == violations


async def forget_others(home: House, wanted: list[str]) -> None:
    """Let the briefs behind these be such as have no row."""
    last = int(wanted[-1].partition(":")[2])

    async def work(tx: Transaction) -> None:
        rows = briefs.update().where(briefs.c.tenant == TENANT, briefs.c.id > last)
        await tx.run(rows.values(state="cancelled"))

    await home.running.app.services.database.write(work)
