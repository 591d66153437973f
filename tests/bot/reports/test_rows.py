"""The rows behind a report's figures add up to them, to the cent."""

import asyncio
import csv
import io
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.access.model import Person
from bot.reports.periods.model import Kind, Period, PeriodReport
from bot.reports.periods.row_cards import as_file
from bot.reports.periods.rows import ON, Rows, What
from sandbox.history.seed import fill
from storage.core.pages import Page
from tests.bot.reports.test_agrees_with_ledger import NOW, written
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

EVENING = datetime(2026, 10, 15, 18, 30, tzinfo=UTC)
PERIODS = 60


async def rows(here: Desk, who: Person, period: Period, what: What, currency: str) -> Rows:
    """All of them, whose sum is that of the file as well."""
    found = await here.app.services.reports.showing.rows(who, period, what, currency)
    assert sum(row.amount or 0 for row in found.rows) == found.total
    assert len(found.rows) == found.count
    return found


def counts(report: PeriodReport) -> Mapping[What, int]:
    """How many rows each figure that counts has to have."""
    day = report.day
    before = day.from_before
    return {
        What.BRIEFS: day.handed_in.total,
        What.ENDED: before.total - before.waiting,
        What.APPROVED: day.auto_approved + day.human_approved,
        What.STARS: day.stars[1],
    }


def amounts(report: PeriodReport, currency: str) -> Mapping[What, int]:
    """What the amounts of each figure have to come to."""
    figures = report.of(currency).now
    paid = {one.currency: one.minor for one in report.day.paid}
    back = {one.currency: one.minor for one in report.day.sent_back}
    return {
        What.REVENUE: figures.revenue,
        What.LOST: figures.lost,
        What.FEES: figures.fees,
        What.BOOKED: figures.models,
        What.PAID: paid.get(currency, 0),
        What.REFUNDED: back.get(currency, 0),
        What.CALLS: report.day.model_cost_micro_usd,
        What.STARS: report.day.stars[0],
    }


@pytest.mark.both_databases
async def test_of_a_played_studio(stand_ins: Providers, database_url: str) -> None:
    """Each number of sixty periods of two years, and what waits and is late now, is what its rows add up to."""
    chance, moved = random.Random(15), set()
    await asyncio.to_thread(fill, database_url, 300, EVENING)
    async with desk(stand_ins, database_url, SimulatedClock(EVENING)) as here:
        who = await here.person(here.carol)
        for number in range(PERIODS):
            back = number if number < 2 else chance.randrange(500)
            period = Period.around(chance.choice(list(Kind)), EVENING.date() - timedelta(days=back))
            report = await here.app.services.reports.periods.look(who, period.kind, period.first)
            for what, expected in counts(report).items():
                assert (await rows(here, who, period, what, "USD")).count == expected, (period, what)
                moved |= {what} if expected else set()
            for currency in report.currencies:
                for what, expected in amounts(report, currency).items():
                    assert (await rows(here, who, period, what, currency)).total == expected, (period, what, currency)
                    moved |= {what} if expected else set()
        today = Period.around(Kind.DAY, EVENING.date())
        report = await here.app.services.reports.periods.look(who, Kind.DAY)
        assert (await rows(here, who, today, What.WAITING, "USD")).count == report.day.from_before.waiting
        late = [await rows(here, who, today, What.LATE, one.currency) for one in report.day.late.left]
        assert [one.total for one in late] == [one.minor for one in report.day.late.left]
        assert sum(one.count for one in late) == report.day.late.count
    assert moved >= {What.BRIEFS, What.APPROVED, What.REVENUE, What.PAID, What.REFUNDED, What.FEES, What.CALLS}


async def test_of_a_ledger_by_chance(stand_ins: Providers, database_url: str) -> None:
    """Entries beside midnights, in two currencies, with refunds and disputes: rows and file have the report's cents."""
    chance, zone = random.Random(41), ZoneInfo("Asia/Karachi")
    async with desk(stand_ins, database_url, SimulatedClock(NOW), time_zone=zone.key) as here:
        await written(here, zone, chance)
        who = await here.person(here.carol)
        for _number in range(PERIODS):
            period = Period.around(chance.choice(list(Kind)), NOW.date() - timedelta(days=chance.randrange(700)))
            report = await here.app.services.reports.periods.look(who, period.kind, period.first)
            for currency in report.currencies:
                for what, expected in amounts(report, currency).items():
                    found = await rows(here, who, period, what, currency)
                    assert found.total == expected, (period, what, currency)
                    if what in ON:
                        document = as_file(found).document
                        assert document is not None
                        read = csv.DictReader(io.StringIO(document.content, newline=""))
                        assert sum((Decimal(row["amount"]) for row in read), Decimal(0)) == Decimal(expected) / 100


async def test_pages(stand_ins: Providers, database_url: str) -> None:
    """Pages of ten, newest first and back again, hold each row once."""
    async with desk(stand_ins, database_url, SimulatedClock(NOW)) as here:
        await written(here, ZoneInfo("UTC"), random.Random(7))
        who = await here.person(here.carol)
        period = Period.around(Kind.MONTH, NOW.date() - timedelta(days=60))
        showing = here.app.services.reports.showing
        every = [row.id for row in (await showing.rows(who, period, What.REVENUE, "USD")).rows]
        first = [row.id for row in (await showing.rows(who, period, What.REVENUE, "USD", Page(limit=3))).rows]
        older = await showing.rows(who, period, What.REVENUE, "USD", Page(before=first[-1], limit=3))
        newer = await showing.rows(who, period, What.REVENUE, "USD", Page(after=older.rows[0].id, limit=3))
        assert [*first, *(row.id for row in older.rows)] == every[:6]
        assert [row.id for row in newer.rows] == every[:3]
