"""The job `warehouse_sync`: days that are over are added up, what is damaged is found and mended, and /export."""

import csv
import io
import random
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, update

from bot.access.model import TENANT
from bot.analytics.model import STARTED, sums_in
from bot.kernel.errors import Forbidden
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from jobs.catalog import BY_NAME
from storage.analytics import daily
from storage.core import events
from storage.engine.database import Transaction
from storage.finance import folds
from storage.ledger import postings as ledger
from storage.tables.core import events as happened
from storage.tables.forecast import daily_counts
from storage.tables.ledger import ledger_folds, ledger_sums, postings
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
ZONE = "America/New_York"
DAYS = 70  # with the end of summer time among them
SYNC = BY_NAME["warehouse_sync"]


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, SimulatedClock(NOW), time_zone=ZONE) as made:
        yield made


async def written(here: Desk, chance: random.Random, entries: int = 150) -> None:
    """Invoices and refunds in two currencies, and briefs that were accepted, at any time of the last days."""

    async def work(tx: Transaction) -> None:
        for number in range(entries):
            at = NOW - timedelta(seconds=chance.randrange(DAYS * 86_400))
            minor, currency = chance.randrange(1, 500_000), chance.choice(("USD", "EUR"))
            account = chance.choice((Account.REVENUE, Account.REFUNDS))
            lines = (Line(Account.RECEIVABLE, Money(minor, currency)), Line(account, Money(-minor, currency)))
            await ledger.post(tx, TENANT, Posting(f"test:{number}", "invoice", f"test:{number}", lines), dated=at)

    await here.app.services.database.write(work)


async def run(here: Desk) -> str:
    return await SYNC.carry_out(here.app.services, TENANT)


async def told(here: Desk) -> list[str]:
    return [card.text for card in await here.told(here.carol.id) if "were damaged" in card.text]


async def agree(here: Desk, chance: random.Random, times: int = 60) -> None:
    """Sums of random times are those of the entries, by the rows and by the ledger's own."""
    async with here.app.services.database.reading() as connection:
        for _ in range(times):
            since, until = sorted(NOW - timedelta(seconds=chance.randrange(DAYS * 86_400)) for _ in range(2))
            if chance.random() < 0.7:
                since, until = (folds.midnight(at.date(), ZoneInfo(ZONE)) for at in (since, until))
            counts = await daily.counted(connection, TENANT, since, until)
            assert await daily.of_time(connection, TENANT, ZONE, since, until) == counts
            sums = await folds.totals(connection, TENANT, ZONE, since, until)
            assert sums_in(counts) == {
                (account, currency): minor for (_p, _n, account, currency), minor in sums.items()
            }


@pytest.mark.both_databases
async def test_the_same_totals(here: Desk) -> None:
    """In two currencies, with refunds, over the end of summer time: with rows any time comes to the same as without."""
    chance = random.Random(15)
    await written(here, chance)
    assert " 0 made anew" in await run(here)
    await agree(here, chance)


async def test_nothing_is_wrong(here: Desk) -> None:
    """A second run counts nothing, mends nothing, and nobody hears of it."""
    await written(here, random.Random(1))
    await run(here)
    assert (await run(here)).startswith("0 days counted, 0 made anew that did not agree; 0 days")
    assert await told(here) == []


async def test_damage_is_mended(here: Desk) -> None:
    """A changed row of a day and a changed sum of the ledger are found, mended and told."""
    chance = random.Random(2)
    await written(here, chance)
    await run(here)

    async def work(tx: Transaction) -> None:
        day = (await tx.connection.execute(select(func.min(daily_counts.c.day)))).scalar_one()
        damage = update(daily_counts).where(daily_counts.c.tenant == TENANT, daily_counts.c.day == day)
        await tx.run(damage.values(counts={"revenue:USD": "-999999999"}))
        fold = (await tx.connection.execute(select(func.max(ledger_sums.c.fold_id)))).scalar_one()
        spoil = update(ledger_sums).where(ledger_sums.c.tenant == TENANT, ledger_sums.c.fold_id == fold)
        await tx.run(spoil.values(lower=ledger_sums.c.lower + 1))

    await here.app.services.database.write(work)
    async with here.app.services.database.reading() as connection:
        whole = (NOW - timedelta(days=DAYS), NOW)
        counted = await daily.counted(connection, TENANT, *whole)
        assert await daily.of_time(connection, TENANT, ZONE, *whole) == counted
    assert "2 made anew" in await run(here)
    assert len(await told(here)) == 1
    await agree(here, chance)


async def test_rows_that_went(here: Desk) -> None:
    """What was deleted is counted anew, without a word."""
    chance = random.Random(3)
    await written(here, chance)
    await run(here)

    async def work(tx: Transaction) -> None:
        await tx.run(delete(daily_counts).where(daily_counts.c.tenant == TENANT))

    await here.app.services.database.write(work)
    assert " 0 made anew" in await run(here)
    await agree(here, chance)


async def test_a_fold_of_before(here: Desk) -> None:
    """A month that was added up before there were checksums is held against its entries; where it is wrong, it goes."""
    await written(here, random.Random(4))
    await run(here)

    async def work(tx: Transaction) -> None:
        await tx.run(update(ledger_folds).where(ledger_folds.c.tenant == TENANT).values(checksum=None))
        spoil = update(ledger_sums).where(ledger_sums.c.tenant == TENANT, ledger_sums.c.part == "type")
        await tx.run(spoil.values(lower=ledger_sums.c.lower + 1))

    await here.app.services.database.write(work)
    await here.app.services.analytics.sync(TENANT)
    await agree(here, random.Random(4), 20)


async def test_a_correction_dated_back(here: Desk) -> None:
    """A correction that counts for a day that is added up is in that day's figures at once."""
    await written(here, random.Random(5), 20)
    await run(here)
    carol, books = await here.person(here.carol), here.app.services.ledger.books
    async with here.app.services.database.reading() as connection:
        newest = (await connection.execute(select(func.max(postings.c.id)))).scalar_one()
    await books.correct(carol, newest, "typed wrong", dated=True)
    await agree(here, random.Random(5), 40)


async def test_accepted_briefs(here: Desk) -> None:
    """Briefs are counted on the day on which they were accepted."""
    await here.app.services.database.write(partial(_accepted, at=NOW - timedelta(days=3)))
    await run(here)
    async with here.app.services.database.reading() as connection:
        day = (NOW - timedelta(days=3)).astimezone(ZoneInfo(ZONE)).date()
        rows = await daily.kept(connection, TENANT, ZONE, day, day + timedelta(days=1))
    assert rows[day][STARTED] == 1


async def _accepted(tx: Transaction, at: datetime) -> None:
    await events.add_event(tx, TENANT, "brief:1001", "queued")
    await tx.run(update(happened).where(happened.c.tenant == TENANT, happened.c.name == "queued").values(at=at))


async def test_to_take_along(here: Desk) -> None:
    """An admin gets what the ledger says, by day and currency, and nobody's name; nobody else gets it."""
    await here.delivered(here.alice)
    await written(here, random.Random(6))
    await run(here)
    card = await here.says(here.carol, "/export")
    assert card.document is not None
    with zipfile.ZipFile(io.BytesIO(card.document.data)) as bundle:
        files = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert set(files) == {"days.csv", "money.csv", "types.csv", "growth.csv", "README.txt"}
    rows = list(csv.DictReader(io.StringIO(files["money.csv"], newline="")))
    async with here.app.services.database.reading() as connection:
        counts = await daily.counted(
            connection, TENANT, NOW - timedelta(days=DAYS + 1), folds.midnight(NOW.date(), ZoneInfo(ZONE))
        )
    for currency in ("USD", "EUR"):
        ours = sum(Decimal(row["revenue"]) for row in rows if row["currency"] == currency)
        assert ours == Decimal(-sums_in(counts)["revenue", currency]) / 100
    assert "Alice" not in "".join(files.values())
    with pytest.raises(Forbidden):
        await here.app.services.analytics.bundle(await here.person(here.bob))
