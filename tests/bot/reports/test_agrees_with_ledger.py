"""Reports of random days, weeks and months agree with the ledger to the cent: in two currencies, with refunds and fees,
in time zones with and without summer time, added up beforehand or not.
"""

import csv
import io
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.access.model import TENANT
from bot.finance.model import Figures
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from bot.reports.periods import cards
from bot.reports.periods.model import Compared, Kind, Period, PeriodReport
from storage.engine.database import Transaction
from storage.ledger import postings as ledger
from storage.tables.ledger import postings
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

NOW = datetime(2026, 11, 26, 14, 3, 7, tzinfo=UTC)
ENTRIES, DAYS = 900, 800
PERIODS = 250  # in each of four zones: a thousand
ZONES = ("UTC", "Asia/Karachi", "America/New_York", "Pacific/Auckland")
REVENUE = ("revenue", "shipping", "discounts", "credit notes")
LOST = ("disputes", "bad debts")
Entry = tuple[datetime, str, str, int]  # when, account, currency, minor units


async def written(here: Desk, zone: ZoneInfo, chance: random.Random) -> None:
    """Entries of more than two years, many of them beside a midnight of the zone."""

    async def work(tx: Transaction) -> None:
        for number in range(ENTRIES):
            day = (NOW - timedelta(days=chance.randrange(DAYS))).date()
            begins = datetime.combine(day, time(), zone).astimezone(UTC)
            near = timedelta(microseconds=chance.choice((-1, 0, 1)))
            at = begins + chance.choice((near, timedelta(seconds=chance.randrange(90_000))))
            if at < NOW:
                await ledger.post(tx, TENANT, entry(number, chance), dated=at)

    await here.app.services.database.write(work)


def entry(number: int, chance: random.Random) -> Posting:
    """An invoice with a discount, a refund of any size, a fee, a lost dispute, a partner's share, or models."""
    currency, minor = chance.choice(("USD", "EUR")), chance.randrange(1, 500_000)

    def between(debit: Account, credit: Account) -> Sequence[Line]:
        return Line(debit, Money(minor, currency)), Line(credit, Money(-minor, currency))

    kind, lines = chance.choice(
        (
            ("invoice", between(Account.RECEIVABLE, Account.REVENUE)),
            (
                "invoice",
                (*between(Account.RECEIVABLE, Account.REVENUE), *between(Account.DISCOUNTS, Account.RECEIVABLE)),
            ),
            ("refund", between(Account.REFUNDS, Account.STRIPE_BALANCE)),
            ("fee", between(Account.STRIPE_FEES, Account.STRIPE_BALANCE)),
            ("dispute", between(Account.DISPUTES, Account.STRIPE_BALANCE)),
            ("void", between(Account.REVENUE, Account.RECEIVABLE)),
            ("share", between(Account.COMMISSIONS, Account.PARTNER_SHARE)),
            ("models", between(Account.AI_COST, Account.MODELS_PAYABLE)),
        )
    )
    return Posting(f"test:{number}", kind, f"test:{number}", tuple(lines))


async def entries(here: Desk) -> list[Entry]:
    """Every line of the ledger, as it was written."""
    async with here.app.services.database.reading() as connection:
        rows = (await connection.execute(select(postings.c.posted_at, postings.c.lines))).all()
    return [(at, account, currency, minor) for at, lines in rows for account, minor, currency in lines]


def added_up(lines: Sequence[Entry], currency: str, begins: datetime, ends: datetime) -> Figures:
    """What the lines of a time come to, one by one."""
    ours = [(account, minor) for at, account, of, minor in lines if of == currency and begins <= at < ends]

    def on(*accounts: str) -> int:
        return sum(minor for account, minor in ours if account in accounts)

    costs = on("refunds"), on(*LOST), on("stripe fees"), on("ai cost"), on("commissions")
    return Figures(currency, -on(*REVENUE), *costs)


def expected(lines: Sequence[Entry], currency: str, period: Period, zone: ZoneInfo) -> Compared:
    """The figures of a period and of the two beside it, each as far as this one has come."""

    def at(day: date, clock: time = time()) -> datetime:
        return datetime.combine(day, clock, zone).astimezone(UTC)

    local = NOW.astimezone(zone)
    open_ = at(period.end) > NOW
    found = []
    for one in (period, period.before, period.year_before):
        ends = at(one.end)
        if open_:
            ends = min(ends, at(one.first + (local.date() - period.first), local.time()))
        found.append(added_up(lines, currency, at(one.first), ends))
    ours, before, year_before = found
    return Compared(ours, None if before.empty else before, None if year_before.empty else year_before)


def margins(report: PeriodReport) -> dict[tuple[str, str], Decimal]:
    """What the file's rows of days come to, and its row of the whole, by currency."""
    document = cards.as_file(report).document
    assert document is not None
    found: dict[tuple[str, str], Decimal] = {}
    for row in csv.DictReader(io.StringIO(document.content, newline="")):
        place = row["of"], row["currency"]
        found[place] = found.get(place, Decimal(0)) + Decimal(row["margin"])
    return found


@pytest.mark.parametrize("zone_name", ZONES)
async def test_agrees(stand_ins: Providers, database_url: str, zone_name: str) -> None:
    """250 periods in each zone: the report, what it is compared with, and its file are the ledger's."""
    chance, zone = random.Random(zone_name), ZoneInfo(zone_name)
    async with desk(stand_ins, database_url, SimulatedClock(NOW), time_zone=zone_name) as here:
        await written(here, zone, chance)
        lines, verbs = await entries(here), here.app.services
        moved = compared = 0
        for number in range(PERIODS):
            if number == PERIODS // 2:
                await verbs.analytics.sync(TENANT)
            day = NOW.astimezone(zone).date() - timedelta(days=int(chance.triangular(0, DAYS, 0)))
            kind = chance.choices((Kind.DAY, Kind.WEEK, Kind.MONTH), (1, 3, 3))[0]
            period = Period.around(kind, day)
            report = await verbs.reports.periods.report(TENANT, period)
            for one in report.money:
                assert one == expected(lines, one.now.currency, period, zone), (period, one.now.currency)
                moved, compared = moved + (not one.now.empty), compared + (one.year_before is not None)
            ours = margins(report)
            for currency in report.currencies:
                figures = report.of(currency).now
                margin = figures.money(figures.margin).decimal
                assert (ours["day", currency], ours["total", currency]) == (margin, margin), (period, currency)
        assert (moved > PERIODS, compared > PERIODS / 2) == (True, True)
