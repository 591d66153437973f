"""What the database itself makes sure of: the ledger balances, and is only added to."""

import json
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from bot.invoices.charges import CURRENCIES
from bot.kernel.clock import SystemClock
from bot.kernel.money import Money
from bot.ledger.model import LARGEST, Account, Line, Posting
from storage.core.pages import Page
from storage.engine.database import Database, Transaction
from storage.ledger import postings
from storage.migrations.migrate import migrate
from storage.tables.billing import invoices
from storage.tables.core import inbox
from storage.tables.ledger import posting_lines
from storage.tables.people import people
from tests.storage.test_migrations import empty_url

__all__ = ["empty_url"]
WRITE = (
    "INSERT INTO postings (tenant, key, kind, reference, posted_at, lines)"
    " VALUES (:tenant, :key, 'test', 'test:1', 1, :lines)"
)
FAIR = [["bank", 12_000, "USD"], ["revenue", -12_000, "USD"]]

UNBALANCED: tuple[Any, ...] = (
    None,
    "",
    "null",
    "{}",
    "[]",
    "[1",
    [["bank", 1, "USD"]],
    [["bank", 12_000, "USD"], ["revenue", -11_999, "USD"]],
    [["bank", 12_000, "USD"], ["revenue", -12_000, "EUR"]],
    [["bank", 12_000, "USD"], ["revenue", -12_000, "usd"]],
    [["bank", 5, "USDT"], ["revenue", -5, "USDT"]],
    [["bank", 5, "U2D"], ["revenue", -5, "U2D"]],
    [["bank", 5, ""], ["revenue", -5, ""]],
    [["bank", 5, None], ["revenue", -5, None]],
    [["bank", 1.5, "USD"], ["revenue", -1.5, "USD"]],
    [["bank", "5", "USD"], ["revenue", -5, "USD"]],
    [["bank", True, "USD"], ["revenue", -1, "USD"]],
    [["bank", 0, "USD"], ["revenue", 0, "USD"]],
    [["bank", 2**63, "USD"], ["revenue", -(2**63), "USD"]],
    [[1, 5, "USD"], ["revenue", -5, "USD"]],
    [["bank", 5, "USD", "more"], ["revenue", -5, "USD"]],
    [["bank", LARGEST, "USD"], ["revenue", LARGEST, "USD"], ["taxes", 2, "USD"]],  # 2^64 in all
)
CHANGES = (
    "UPDATE postings SET kind = 'other'",
    "UPDATE postings SET posted_at = 2 WHERE key = 'raw'",
    "DELETE FROM postings",
    "DELETE FROM postings WHERE key = 'raw'",
    "UPDATE posting_lines SET amount_minor = amount_minor + 1",
    "UPDATE posting_lines SET account = 'bank' WHERE account = 'revenue'",
    "UPDATE posting_lines SET amount_minor = -amount_minor",
    "DELETE FROM posting_lines",
    "DELETE FROM posting_lines WHERE amount_minor < 0",
    "INSERT INTO postings (tenant, key, kind, reference, posted_at, lines) SELECT tenant, key, 'again', reference,"
    " posted_at, lines FROM postings ON CONFLICT (tenant, key) DO UPDATE SET kind = 'again'",
    "INSERT INTO posting_lines (tenant, posting_id, position, account, amount_minor, currency)"
    " SELECT tenant, posting_id, 3, account, amount_minor, currency FROM posting_lines WHERE position = 1",
    "INSERT INTO posting_lines (tenant, posting_id, position, account, amount_minor, currency)"
    " SELECT tenant, posting_id, position, account, amount_minor, currency FROM posting_lines",
    "INSERT INTO posting_lines (tenant, posting_id, position, account, amount_minor, currency)"
    " SELECT 'other', id, 1, 'bank', 12000, 'USD' FROM postings",
    "INSERT INTO posting_lines (tenant, posting_id, position, account, amount_minor, currency)"
    " SELECT tenant, id, 0, 'revenue', -12000, 'USD' FROM postings",
)
REPLACEMENTS = (
    "INSERT OR REPLACE INTO postings (id, tenant, key, kind, reference, posted_at, lines) VALUES"
    " (1001, 'main', 'raw', 'test', 'test:1', 1, '[[\"bank\",5,\"USD\"],[\"revenue\",-5,\"USD\"]]')",
    "INSERT OR REPLACE INTO postings (tenant, key, kind, reference, posted_at, lines) VALUES"
    " ('main', 'raw', 'test', 'test:1', 1, '[[\"bank\",5,\"USD\"],[\"revenue\",-5,\"USD\"]]')",
    "INSERT OR REPLACE INTO posting_lines (id, tenant, posting_id, position, account, amount_minor, currency)"
    " VALUES (1002, 'main', 1001, 1, 'bank', 12000, 'USD')",
    "REPLACE INTO posting_lines (tenant, posting_id, position, account, amount_minor, currency)"
    " VALUES ('main', 1001, 1, 'bank', 12000, 'USD')",
    "UPDATE OR REPLACE posting_lines SET position = 1",
)


def posting(key: str, *amounts: tuple[int, str]) -> Posting:
    """A posting that moves these amounts from revenue to the bank."""
    lines = (
        line
        for minor, currency in amounts
        for line in (Line(Account.BANK, Money(minor, currency)), Line(Account.REVENUE, Money(-minor, currency)))
    )
    return Posting(key, "test", "test:1", tuple(lines))


async def run(database: Database, statement: str, **values: Any) -> None:
    """A statement past all of our code."""
    await database.write(lambda tx: tx.run(text(statement), values))


async def write(database: Database, lines: Any, key: str = "raw") -> None:
    """A posting past all of our code."""
    written = lines if lines is None or isinstance(lines, str) else json.dumps(lines)
    await run(database, WRITE, tenant="main", key=key, lines=written)


async def kept(database: Database) -> dict[tuple[str, str], int]:
    async with database.reading() as connection:
        return await postings.balances(connection, "main")


async def test_what_does_not_balance(database: Database) -> None:
    """A posting whose lines do not sum to zero in each currency, or are no lines, is refused whoever writes it."""
    for lines in UNBALANCED:
        with pytest.raises(DBAPIError):
            await write(database, lines)
        assert await kept(database) == {}, lines


async def test_what_is_posted_stays(database: Database) -> None:
    """What was posted is neither changed nor deleted, and gets no further line."""
    await write(database, FAIR)
    for statement in CHANGES:
        with pytest.raises(DBAPIError):
            await run(database, statement)
        assert await kept(database) == {("bank", "USD"): 12_000, ("revenue", "USD"): -12_000}, statement


async def test_nothing_is_replaced(sqlite: Database) -> None:
    """SQLite's way to put a row in the place of another, which asks no trigger for the one that goes, is refused."""
    await write(sqlite, FAIR)
    for statement in REPLACEMENTS:
        with pytest.raises(DBAPIError):
            await run(sqlite, statement.replace(":", "\\:"))
        assert await kept(sqlite) == {("bank", "USD"): 12_000, ("revenue", "USD"): -12_000}, statement


async def test_nothing_is_truncated(postgresql: Database) -> None:
    """PostgreSQL's way to empty a table at once is refused."""
    await write(postgresql, FAIR)
    for table in ("postings, posting_lines", "posting_lines", "postings CASCADE"):
        with pytest.raises(DBAPIError):
            await run(postgresql, f"TRUNCATE {table}")
        assert await kept(postgresql) == {("bank", "USD"): 12_000, ("revenue", "USD"): -12_000}


async def test_the_whole_range(database: Database) -> None:
    """The largest amounts are kept and added up exactly, in every currency by itself."""
    odd = Posting("odd", "test", "test:2", tuple(
        Line(Account.BANK, Money(minor, "KWD")) for minor in (LARGEST, LARGEST, -LARGEST, 1, -LARGEST, -1)
    ))  # fmt: skip

    async def work(tx: Transaction) -> None:
        for key in range(3):
            await postings.post(tx, "main", posting(f"k{key}", (LARGEST, "USD"), (-LARGEST, "JPY"), (key + 1, "INR")))
        await postings.post(tx, "main", odd)

    await database.write(work)
    found = await kept(database)
    assert found["bank", "USD"] == 3 * LARGEST == -found["revenue", "USD"]
    assert found["bank", "JPY"] == -3 * LARGEST == -found["revenue", "JPY"]
    assert found["bank", "INR"] == 6
    assert found["bank", "KWD"] == 0


async def test_every_currency(database: Database) -> None:
    """What Stripe charges in can be posted, and comes back as it was written."""
    every = posting("all", *((minor, currency) for minor, currency in enumerate(sorted(CURRENCIES), start=1)))
    await database.write(lambda tx: postings.post(tx, "main", every))
    async with database.reading() as connection:
        (entry,) = await postings.page(connection, "main", Page())
    assert entry.lines == every.lines
    assert {line.amount.currency for line in entry.lines} == CURRENCIES


async def test_once_by_its_key(database: Database) -> None:
    """A posting whose key is there is not posted again; another tenant's key is another."""

    async def work(tx: Transaction) -> list[int | None]:
        twice = [await postings.post(tx, "main", posting("k", (5, "USD"))) for _ in range(2)]
        return [*twice, await postings.post(tx, "other", posting("k", (7, "USD")))]

    first, again, others = await database.write(work)
    assert again is None
    assert first != others is not None
    assert await kept(database) == {("bank", "USD"): 5, ("revenue", "USD"): -5}
    async with database.reading() as connection:
        assert await postings.by_id(connection, "main", others or 0) is None


async def test_postings_of_before(empty_url: str) -> None:
    """What an earlier version posted stays as it is, with its lines in order, and can be changed no more."""
    database = Database(empty_url, SystemClock())
    lines = [("receivable", 11_900, "USD"), ("taxes", -1_900, "USD"), ("revenue", -10_000, "USD")]

    async def before(tx: Transaction) -> None:
        await tx.run(
            text(
                "INSERT INTO postings (id, tenant, key, kind, reference, posted_at)"
                " VALUES (1001, 'main', 'invoice\\:1\\:invoice\\:2', 'invoice', 'invoice\\:1', 7)"
            )
        )
        for account, minor, currency in lines:
            row = {"account": account, "minor": minor, "currency": currency}
            await tx.run(
                text(
                    "INSERT INTO posting_lines (tenant, posting_id, account, amount_minor, currency)"
                    " VALUES ('main', 1001, :account, :minor, :currency)"
                ),
                row,
            )

    try:
        await migrate(database, "0029")
        await database.write(before)
        await migrate(database)
        async with database.reading() as connection:
            (entry,) = await postings.page(connection, "main", Page())
            placed = await connection.execute(select(posting_lines.c.position).order_by(posting_lines.c.id))
            assert list(placed.scalars()) == [1, 2, 3]
        assert [(one.account.value, one.amount.minor, one.amount.currency) for one in entry.lines] == lines
        with pytest.raises(DBAPIError):
            await run(database, "UPDATE posting_lines SET amount_minor = 1 WHERE position = 1")
    finally:
        await database.close()


async def test_refunds_of_before(empty_url: str) -> None:
    """What Stripe told of refunds and disputes is dealt with once more; all else, and what was given up, is not."""
    database = Database(empty_url, SystemClock())
    told = {
        "refund.created": None,
        "charge.refunded": None,
        "charge.refund.updated": None,
        "charge.dispute.closed": None,
        "invoice.paid": None,
        "charge.updated": None,
        "refund.failed": "given up: no answer",
    }

    async def before(tx: Transaction) -> None:
        for kind, error in told.items():
            row = {"tenant": "main", "source": "stripe", "external_id": kind, "attempts": 0, "error": error}
            row |= {"payload": {"type": kind, "object": {"id": "x"}}, "received_at": tx.now, "processed_at": tx.now}
            await tx.run(insert(inbox), row)

    try:
        await migrate(database, "0029")
        await database.write(before)
        await migrate(database)
        async with database.reading() as connection:
            left = await connection.execute(select(inbox.c.external_id).where(inbox.c.processed_at.is_(None)))
            assert set(left.scalars()) == {*list(told)[:4]}
    finally:
        await database.close()


async def test_credit_notes_and_payouts_of_before(empty_url: str) -> None:
    """What Stripe told of credit notes and payouts is dealt with once more, and what was known of credit is not."""
    database = Database(empty_url, SystemClock())
    told = {
        "credit_note.created": None,
        "payout.paid": "payout.paid is not acted on",
        "payout.failed": "given up: no answer",
        "customer.created": "customer.created is not acted on",
        "invoice.paid": None,
    }
    invoice = {"tenant": "main", "subject": "hand:1", "client_id": 1001, "amount_minor": 5_000, "currency": "USD"}
    invoice |= {"state": "paid", "stripe_id": "in_1", "credited_after_minor": 900}

    async def before(tx: Transaction) -> None:
        person = {"id": 1001, "tenant": "main", "telegram_id": 7, "name": "Alice", "role": "client", "language": "en"}
        await tx.run(insert(people).values(**person, created_at=tx.now))
        await tx.run(insert(invoices).values(**invoice, created_at=tx.now))
        for kind, error in told.items():
            row = {"tenant": "main", "source": "stripe", "external_id": kind, "attempts": 0, "error": error}
            row |= {"payload": {"type": kind, "object": {"id": "x", "invoice": "in_1"}}}
            await tx.run(insert(inbox), row | {"received_at": tx.now, "processed_at": tx.now})

    try:
        await migrate(database, "0030")
        await database.write(before)
        await migrate(database)
        async with database.reading() as connection:
            left = await connection.execute(select(inbox.c.external_id).where(inbox.c.processed_at.is_(None)))
            assert set(left.scalars()) == {"credit_note.created", "payout.paid"}
            assert list((await connection.execute(select(invoices.c.credited_after_minor))).scalars()) == [0]
    finally:
        await database.close()
