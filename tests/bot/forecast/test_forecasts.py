"""Forecasts as people see them, of a played studio with years of business; and what keeps them right."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.model import TENANT
from bot.analytics.model import STARTED
from bot.forecast.model import LOAD, PARTS, Made, PastError
from bot.forecast.service import Forecasts
from bot.kernel.errors import Refusal
from bot.ledger.model import Account
from sandbox.history.seed import fill
from storage.analytics import daily
from storage.finance import folds
from storage.forecast import made, values
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

EVENING = datetime(2026, 10, 15, 18, 30, tzinfo=UTC)
NUMBERS = re.compile(r"[\d,]+\.\d\d")


@asynccontextmanager
async def studio(
    stand_ins: Providers, url: str, briefs: int = 600, clock: SimulatedClock | None = None
) -> AsyncIterator[tuple[Desk, Forecasts]]:
    """A desk with two years of business behind it."""
    clock = clock or SimulatedClock(EVENING)
    await asyncio.to_thread(fill, url, briefs, clock.now())
    async with desk(stand_ins, url, clock) as here:
        yield here, here.app.services.forecast.ahead


async def test_in_chat(stand_ins: Providers, sqlite_url: str) -> None:
    """An admin sees 30 days as a picture with words, then the load, its days as a file, and all without a client."""
    async with studio(stand_ins, sqlite_url) as (here, ahead):
        before = await here.says(here.carol, "/forecast")
        assert "No forecast yet" in before.text
        assert "forecasts of load" in await ahead.make(TENANT)
        card = await here.says(here.carol, "/forecast")
        assert card.picture is not None
        assert "<b>Forecast · 30 days · USD</b>" in card.text
        assert "15 Oct to 13 Nov: " in card.text
        expected = float(NUMBERS.findall(card.text)[0].replace(",", ""))
        load = (await here.taps(here.carol, "Briefs a day", card)).card
        assert load is not None
        assert "briefs expected" in load.text
        file = (await here.taps(here.carol, "CSV", load)).card
        assert file is not None
        assert file.document is not None
        assert len(file.document.content.splitlines()) == 31
        found = await here.app.services.finance.figures.table(await here.person(here.carol))
        client = max(found.names, key=lambda number: sum(r.figures.revenue for r in found.rows if r.name == number))
        without = await here.says(here.carol, f"/forecast without {client}")
        assert "of the last 90 days was theirs" in without.text
        share = float(re.findall(r"(\d+) % of the last", without.text)[0]) / 100
        left = float(NUMBERS.findall(without.text)[0].replace(",", ""))
        assert 0 < share < 1
        assert left == pytest.approx(expected * (1 - share), rel=0.02)


async def test_days_are_the_ledgers(stand_ins: Providers, sqlite_url: str) -> None:
    """The days' revenue adds up to what the ledger has of that time, and the load to the briefs that were accepted."""
    async with studio(stand_ins, sqlite_url) as (here, ahead):
        await ahead.make(TENANT)
        first, last = EVENING.date() - timedelta(days=200), EVENING.date()
        zone = await here.app.services.tenants.zone(TENANT)
        since, until = folds.midnight(first, zone), folds.midnight(last, zone)
        async with here.app.services.database.reading() as connection:
            of_days = await values.since(connection, TENANT, "USD", first)
            of_load = await values.since(connection, TENANT, LOAD, first)
            counts = await folds.totals(connection, TENANT, "UTC", since, until)
            accepted = (await daily.counted(connection, TENANT, since, until)).get(STARTED, 0)
        earned = (Account.REVENUE, Account.SHIPPING, Account.DISCOUNTS, Account.CREDIT_NOTES)
        assert sum(of_days.values()) == -sum(counts.get(("", "", one.value, "USD"), 0) for one in earned)
        assert (len(of_load), sum(of_load.values())) == (200, PARTS * accepted)


async def test_scored_when_a_day_is_over(stand_ins: Providers, sqlite_url: str) -> None:
    """What was told of days is held against them when they are over, and its error shown; the job a second time changes
    nothing.
    """
    clock = SimulatedClock(EVENING)

    async with studio(stand_ins, sqlite_url, 300, clock) as (here, ahead):

        async def known() -> tuple[PastError | None, Made | None]:
            async with here.app.services.database.reading() as connection:
                error = await made.past_error(connection, TENANT, LOAD, EVENING.date())
                return error, await made.newest(connection, TENANT, LOAD)

        await ahead.make(TENANT)
        assert (await known())[0] is None
        assert "Past error: known after 7 days; so far 0" in (await here.says(here.carol, "/forecast load")).text
        clock.passes(days=7)
        await ahead.make(TENANT)
        error, told = await known()
        assert error is not None
        assert error.days == 7
        assert error.bias == pytest.approx(0 - error.own, rel=0.5)  # little came in since, so too much was told
        await ahead.make(TENANT)
        assert await known() == (error, told)
        card = await here.says(here.carol, "/forecast load")
        assert "a day on average" in card.text
        assert "of days fell within the inner range" in card.text


async def test_not_enough_history(stand_ins: Providers, sqlite_url: str) -> None:
    """A business that has just begun is told how many days are missing, and gets no figure."""
    async with studio(stand_ins, sqlite_url, briefs=0) as (here, ahead):
        assert "not enough history" in await ahead.make(TENANT)
        card = await here.says(here.carol, "/forecast")
        assert card.picture is None
        assert "Not enough history: 0 of 28 days. The first forecast comes in 28 days." in card.text


async def test_refusals(stand_ins: Providers, sqlite_url: str) -> None:
    """A client is refused; so are a currency without revenue, and a client whom nobody knows."""
    async with desk(stand_ins, sqlite_url) as here:
        assert "may read reports" in (await here.says(here.alice, "/forecast")).text
        assert "There was no revenue in JPY" in (await here.says(here.carol, "/forecast JPY")).text
        assert "There is no client “Nobody”" in (await here.says(here.carol, "/forecast without Nobody")).text
        with pytest.raises(Refusal, match="There is no client 9"):
            await here.app.services.forecast.ahead.look(await here.person(here.carol), "", 9)
