"""The jobs `revenue_insight` and `analytics`, /growth's costs and the totals of /referrals."""

import random
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.model import TENANT
from bot.analytics.insight import insight
from bot.growth.model import falling_into
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from jobs.catalog import BY_NAME
from storage.engine.database import Transaction
from storage.growth import days as growth
from storage.ledger import postings as ledger
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
TODAY = NOW.date()
USUAL = (100_000, 110_000, 95_000, 105_000, 100_000, 98_000, 102_000, 104_000, 99_000)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, SimulatedClock(NOW)) as made:
        yield made


async def earned(here: Desk, weeks: Sequence[int], currency: str = "USD") -> None:
    """Revenue of the weeks that end yesterday, the newest first, spread over their days."""

    async def work(tx: Transaction) -> None:
        for back, minor in enumerate(weeks):
            for day in range(7):
                at = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) - timedelta(days=back * 7 + day + 1)
                part = minor // 7 + (minor % 7 if not day else 0)
                lines = (
                    Line(Account.RECEIVABLE, Money(part, currency)),
                    Line(Account.REVENUE, Money(-part, currency)),
                )
                key = f"test:{currency}:{back}:{day}"
                await ledger.post(tx, TENANT, Posting(key, "invoice", key, lines), dated=at)

    await here.app.services.database.write(work)


async def told(here: Desk, words: str) -> list[str]:
    return [card.text for card in await here.told(here.carol.id) if words in card.text]


async def run(here: Desk, job: str) -> str:
    return await BY_NAME[job].carry_out(here.app.services, TENANT)


@pytest.mark.both_databases
async def test_revenue_fell(here: Desk) -> None:
    """Admins hear once of the lowest week of nine, with how much less it is; what stayed usual in EUR is not told."""
    await earned(here, (60_000, *USUAL[1:]))
    await earned(here, USUAL, "EUR")
    for _twice in range(2):
        assert (await run(here, "revenue_insight")).endswith("1 unusual changes of revenue")
    (text,) = await told(here, "Revenue of the last seven days")
    assert "600.00 USD, the least in 9 weeks" in text
    assert "-45 % on the seven days before, which had 1,100.00 USD" in text


async def test_usual_weeks(here: Desk) -> None:
    """Nobody hears of weeks as they always are, with the sums added up and without."""
    await earned(here, USUAL)
    assert (await run(here, "revenue_insight")).endswith("0 unusual changes of revenue")
    await run(here, "warehouse_sync")
    assert (await run(here, "revenue_insight")).endswith("0 unusual changes of revenue")
    assert await told(here, "Revenue of the last seven days") == []


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ((150, 100, 90, 95, 100, 98), (True, 6, 2)),
        ((150, 100, 90, 95, 100), None),  # too few weeks
        ((110, 100, 105, 95, 100, 98), None),  # the highest, but hardly
        ((99, 100, 160, 95, 100, 98), None),  # within what there was
        ((40, 60, 80, 95, 100, 98), (False, 6, 4)),
        ((0, 0, 0, 0, 0, 0), None),
    ],
)
def test_what_matters(weeks: Sequence[int], expected: tuple[bool, int, int] | None) -> None:
    """Only the highest or lowest of the weeks is told, and only where it differs by a fifth of what is usual."""
    found = insight("USD", weeks)
    assert (None if found is None else (found.up, found.weeks, found.in_a_row)) == expected


@pytest.mark.both_databases
async def test_growth_is_noted(here: Desk) -> None:
    """Each day keeps what growth is: who came, what winning one cost, what one brought."""
    await here.delivered(here.alice)
    await here.app.services.growth.figures.set_cost(await here.person(here.carol), "300")
    for _twice in range(2):
        assert await run(here, "analytics") == "new clients in 30 days: 1, of whom 0 paid"
    async with here.app.services.database.reading() as connection:
        kept = await growth.since(connection, TENANT, TODAY)
    assert (kept[TODAY]["leads"], kept[TODAY]["converted"], kept[TODAY]["cost:USD"]) == (1, 0, 26_000)


async def test_nothing_to_note(here: Desk) -> None:
    """Nobody hears of it, and a business without clients has zeros."""
    await run(here, "analytics")
    assert await here.told(here.carol.id) == []


async def test_costs_by_days() -> None:
    """A month's costs fall into the days of it that are looked at, to the cent."""
    months = {TODAY.replace(day=1): [Money(30_000, "USD")], TODAY.replace(month=10, day=1): [Money(3_100, "USD")]}
    assert falling_into(months, TODAY.replace(day=16), TODAY) == [Money(11_000, "USD")]
    assert falling_into(months, TODAY.replace(month=10, day=31), TODAY.replace(day=30)) == [Money(30_100, "USD")]


async def test_costs_are_entered(here: Desk) -> None:
    """An admin says what a month cost; what cannot be read is answered by an example, and 0 takes it out again."""
    card = await here.says(here.carol, "/growth")
    assert "CAC: not known" in card.text
    card = await here.says(here.carol, "/growth cost 310 2026-10")
    assert "October 2026" in card.text
    assert "310.00 USD" in card.text
    assert "nobody of them paid yet; 40.00 USD spent" in (await here.says(here.carol, "/growth")).text
    for wrong in ("/growth cost", "/growth cost 5 2027-01"):
        assert "/growth cost 500 2026-10" in (await here.says(here.carol, wrong)).text
    assert "amount" in (await here.says(here.carol, "/growth cost lots")).text
    assert "Only admins" in (await here.says(here.bob, "/growth cost 5")).text
    await here.says(here.carol, "/growth cost 0 2026-10")
    assert "CAC: not known" in (await here.says(here.carol, "/growth")).text


async def test_what_a_client_brings(here: Desk) -> None:
    """LTV is what paying clients brought so far, less what went back, out of the ledger."""
    chance = random.Random(3)
    brief = await here.delivered(here.alice)
    invoice = await here.invoice(brief)
    amounts = [chance.randrange(1_000, 90_000) for _ in range(4)]

    async def work(tx: Transaction) -> None:
        for number, minor in enumerate(amounts):
            account, sign = (Account.REFUNDS, 1) if number == 3 else (Account.REVENUE, -1)
            lines = (Line(Account.RECEIVABLE, Money(-sign * minor, "USD")), Line(account, Money(sign * minor, "USD")))
            at = NOW - timedelta(days=40 * number + 1)
            await ledger.post(tx, TENANT, Posting(f"t:{number}", "invoice", f"invoice:{invoice.id}", lines), dated=at)

    await here.app.services.database.write(work)
    brought = Money(sum(amounts[:3]) - amounts[3], "USD")
    assert f"LTV {brought}: what 1 client" in (await here.says(here.carol, "/growth")).text
    await run(here, "warehouse_sync")
    assert f"LTV {brought}: what 1 client" in (await here.says(here.carol, "/growth")).text
