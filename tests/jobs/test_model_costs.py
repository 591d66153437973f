"""The job `model_costs`."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.kernel.money import Money
from storage.core.pages import Page
from storage.engine.database import Transaction
from storage.ledger import postings
from storage.tables.models import model_calls
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, time_zone="Asia/Karachi", clock=Hands()) as made:
        yield made


async def _call(here: Desk, micro_usd: int, at: datetime) -> None:
    row: dict[str, Any] = {"tenant": "main", "purpose": "draft", "prompt_version": "1", "model": "m", "outcome": "ok"}
    row |= {"input_tokens": 1, "output_tokens": 1, "latency_ms": 1, "cost_micro_usd": micro_usd, "created_at": at}

    async def work(tx: Transaction) -> None:
        await tx.run(insert(model_calls), row)

    await here.app.services.database.write(work)


async def _booked(here: Desk) -> dict[str, Money]:
    async with here.app.services.database.reading() as connection:
        found = await postings.page(connection, "main", Page(limit=100))
    return {entry.reference: entry.turnover[0] for entry in found}


@pytest.mark.both_databases
async def test_each_day_once(here: Desk) -> None:
    """The days before today, by the tenant's clock, to the nearest cent; a second run books what is new of them."""
    books = here.app.services.ledger.books
    now = here.app.services.database.clock.now()
    midnight = now.astimezone(await here.app.services.tenants.zone("main")).replace(hour=0, minute=0, second=0)
    midnight = midnight.replace(microsecond=0)
    yesterday = midnight - timedelta(days=1)
    await _call(here, 1_234_000, yesterday)
    await _call(here, 4_999, midnight - timedelta(seconds=1))
    await _call(here, 5_000_000, midnight)  # today is not over
    await _call(here, 2_004_000, yesterday - timedelta(days=6))
    await _call(here, 9_000_000, yesterday - timedelta(days=7))  # too long ago
    assert await books.book_models("main") == "2 of the last 7 days newly booked"
    assert await books.book_models("main") == "0 of the last 7 days newly booked"
    day, before = f"models:{yesterday:%Y-%m-%d}", f"models:{yesterday - timedelta(days=6):%Y-%m-%d}"
    assert await _booked(here) == {day: Money(124, "USD"), before: Money(200, "USD")}
    await _call(here, 10_000, yesterday.astimezone(UTC))
    assert await books.book_models("main") == "1 of the last 7 days newly booked"
    async with here.app.services.database.reading() as connection:
        assert (await postings.balances(connection, "main"))["ai cost", "USD"] == 325
