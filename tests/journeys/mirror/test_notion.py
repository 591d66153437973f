"""The mirror: Notion down, slow, limiting; one row per brief whatever happens."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.faults import Fault, FaultKind
from sandbox.notion import errors
from tests.clock import Hands
from tests.eventually import eventually, nothing
from tests.house import House, Providers, house, providers


@pytest.mark.parametrize("status", [429, 500, 503, 529])
async def test_notion_is_down(home: House, status: int) -> None:
    """While Notion refuses, clients get their work and invoice; afterwards the rows are there."""
    await home.staff()
    home.notion.faults.add(errors.planned(".*", status, times=3))
    await home.brief()
    await home.alice.sees("To pay")
    await home.notion.wait_for("Job Log", lambda rows: [row["State"] for row in rows] == ["invoiced"], timeout=40)


@pytest.mark.parametrize("kind", ["lose_request", "lose_reply"])
async def test_lost_answers_make_no_second_row(home: House, kind: FaultKind) -> None:
    """A row whose making was answered by silence is looked for before it is made again."""
    await home.staff()
    home.notion.faults.add(Fault("POST .*/pages", kind, times=1))
    await home.brief()
    await home.alice.sees("To pay")
    await home.notion.wait_for("Finance", lambda rows: len(rows) == 1, timeout=40)
    rows = await home.notion.wait_for("Job Log", lambda rows: bool(rows), timeout=40)
    assert len(rows) == 1


@pytest.mark.both_databases
async def test_a_restart_finds_its_databases(stand_ins: Providers, database_url: str) -> None:
    """After a restart the same databases and rows are used."""
    for state in ("invoiced", "paid"):
        async with house(stand_ins, database_url) as home:
            if state == "invoiced":
                await home.carol.says("/start")
                await home.carol.sees("Welcome")
                await home.staff()
                number = await home.brief()
                await home.alice.sees("To pay")
            else:
                await home.pay(number)
            await home.notion.wait_for("Job Log", lambda rows, s=state: [r["State"] for r in rows] == [s], timeout=40)  # type: ignore[misc]


async def test_the_whole_channel_waits(stand_ins: Providers, database_url: str) -> None:
    """When Notion says how long it wants to be left alone, no row of any table is asked for before."""
    hands = Hands()
    limit = errors.planned(".*", 429, retry_after=600)
    async with house(stand_ins, database_url, clock=hands) as home:
        await home.staff()
        home.notion.faults.add(limit)
        await home.brief()
        await home.alice.sees("for brief 1001")
        await home.brief()
        await home.alice.sees("for brief 1002")
        await eventually(lambda: limit.times, nothing)
        # long enough for the second brief's rows and the Finance table to be looked at, were they not held
        await home.carol.says("/status")
        await home.carol.sees("messages on their way")
        assert home.notion.served == 0
        hands.ahead += timedelta(minutes=10)
        await home.notion.wait_for("Job Log", lambda rows: [row["State"] for row in rows] == ["invoiced"] * 2)


async def test_another_workspace(stand_ins: Providers, database_url: str) -> None:
    """With another token and page the ids that were kept hold no more: the rows go on in databases made there."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.staff()
        number = await home.brief()
        await home.notion.wait_for("Job Log", lambda rows: [row["State"] for row in rows] == ["invoiced"])
    async with providers() as others:
        there: dict[str, Any] = {
            "notion_api_url": f"{others.url}/notion",
            "notion_parent_page_id": others.notion.parent_page_id,
        }
        async with house(stand_ins, database_url, **there) as home:
            await home.pay(number)
            await others.notion.wait_for("Job Log", lambda rows: [row["State"] for row in rows] == ["paid"], timeout=40)
            await home.carol.sees("Notion · Job Log continues in another database")
