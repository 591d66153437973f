"""Invoices of an installation from before they had subjects and lines."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text

from bot.invoices.model import InvoiceLine, subject_of
from bot.kernel.clock import SystemClock
from bot.kernel.money import Money
from storage.billing import invoices as billing
from storage.billing import mismatches
from storage.core.pages import Page
from storage.engine.database import Database, Transaction
from storage.migrations.migrate import migrate
from storage.search import search
from storage.tables.billing import invoices, payment_mismatches
from tests.storage.test_migrations import empty_url

__all__ = ["empty_url"]
PEOPLE = "INSERT INTO people (id, tenant, telegram_id, name, role, language, created_at)"
BRIEFS = (
    "INSERT INTO briefs (id, tenant, client_id, chat_id, source_key, task_type, title, text, state, qa_target,"
    " language, price_minor, currency, created_at, updated_at)"
)
INVOICES = (
    "INSERT INTO invoices (id, tenant, brief_id, client_id, amount_minor, currency, state, version, number, stripe_id,"
    " paid_minor, created_at)"
)
NOTES = "INSERT INTO payment_mismatches (id, tenant, key, kind, stripe_id, invoice_id, reason, created_at)"
# Numbers as they were given, with a gap behind them: invoice 1003 was made for a brief, and deleted since.
ROWS = (
    f"{PEOPLE} VALUES (1001, 'main', 7, 'Alice', 'client', 'en', 1)",
    f"{BRIEFS} VALUES (1001, 'main', 1001, 7, 'a', 'Drafting', 'Lamp', 't', 'paid', 80, 'en', 12000, 'USD', 1, 1)",
    f"{BRIEFS} VALUES (1002, 'main', 1001, 7, 'b', 'Other', 'Yes: no', 't', 'delivered', 80, 'en', 900, 'JPY', 1, 1)",
    f"{INVOICES} VALUES (1001, 'main', 1001, 1001, 12000, 'USD', 'paid', 4, 'EP77-0001', 'in_1', 12000, 5)",
    f"{INVOICES} VALUES (1002, 'main', 1002, 1001, 900, 'JPY', 'new', 1, NULL, NULL, 0, 6)",
    f"{NOTES} VALUES (1001, 'main', 'credited:in_1:500', 'credit note', 'in_1', 1001, 'r', 8)",
    f"{NOTES} VALUES (1002, 'main', 'credited:in_1:2000', 'credit note', 'in_1', 1001, 'r', 9)",
    f"{NOTES} VALUES (1003, 'main', 'other:in_9', 'other', 'in_9', NULL, 'r', 9)",
)


@pytest.fixture
async def upgraded(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url, SystemClock())

    async def before(tx: Transaction) -> None:
        for row in ROWS:
            await tx.run(text(row))
        if tx.connection.dialect.name == "sqlite":
            await tx.run(text("UPDATE sqlite_sequence SET seq = 1003 WHERE name = 'invoices'"))
        else:
            for table in ("people", "briefs", "payment_mismatches"):
                await tx.run(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1003)"))
            await tx.run(text("SELECT setval(pg_get_serial_sequence('invoices', 'id'), 1003)"))

    try:
        await migrate(database, "0018")
        await database.write(before)
        await migrate(database)
        yield database
    finally:
        await database.close()


async def test_rows_are_kept(upgraded: Database) -> None:
    """Each invoice is its brief's, with all that it was; its one line says what the payment provider was sent."""
    async with upgraded.reading() as connection:
        read = {number: await billing.invoice_of(connection, "main", number) for number in (1001, 1002, 1003)}
        found = {number: invoice for number, invoice in read.items() if invoice is not None}
        lines = {number: await billing.lines_of(connection, one) for number, one in found.items()}
        unnoted = await mismatches.waiting(connection, "main", 9)
    paid, new = found[1001], found[1002]
    assert (paid.id, paid.subject, paid.version, paid.number, paid.paid_minor) == (
        1001, "brief:1001", 4, "EP77-0001", 12_000,
    )  # fmt: skip
    assert (new.id, new.amount, new.credited_after_minor) == (1002, Money(900, "JPY"), 0)
    assert lines == {
        1001: (InvoiceLine("Drafting: Lamp", 1, Money(12_000, "USD")),),
        1002: (InvoiceLine("Other: Yes: no", 1, Money(900, "JPY")),),
    }
    assert [(one.id, one.invoice_id, one.brief_id) for one in unnoted] == [
        (1003, None, None), (1002, 1001, 1001), (1001, 1001, 1001),
    ]  # fmt: skip


async def test_credit_notes_that_were_told(upgraded: Database) -> None:
    """What admins were told last of credit notes is what is known of them."""
    async with upgraded.reading() as connection:
        paid = await billing.invoice_of(connection, "main", 1001)
    assert paid is not None
    assert paid.credited_after_minor == 2_000


async def test_numbers_go_on(upgraded: Database) -> None:
    """A number is not given twice, and a thing has one invoice; found by its number as before, and so are new ones."""
    line = InvoiceLine("Advice", 2, Money(5_000, "USD"))

    async def work(tx: Transaction) -> list[Any]:
        first, made = await billing.begin(tx, "main", subject_of("hand", 55), 1001, [line])
        again, made_again = await billing.begin(tx, "main", subject_of("hand", 55), 1001, [line, line])
        await billing.change_invoice(tx, first, number="EP78-0001")
        return [first.id, made, again, made_again, await billing.lines_of(tx.connection, first)]

    number, made, again, made_again, lines = await upgraded.write(work)
    assert (number, made, again.id, again.amount, made_again) == (1004, True, 1004, Money(10_000, "USD"), False)
    assert lines == (line,)
    async with upgraded.reading() as connection:
        for words, wanted in ((["EP77"], [1001]), (["EP78"], [1004])):
            words = [word.lower() for word in words]
            assert await search.find(connection, "main", search.INVOICE, words, Page(limit=3)) == wanted


async def test_what_points_to_an_invoice(upgraded: Database) -> None:
    """An invoice that something points to cannot be taken away, as before."""
    row = {"tenant": "main", "key": "k", "kind": "other", "stripe_id": "in_8", "reason": "r", "invoice_id": 1002}

    async def work(tx: Transaction) -> None:
        await tx.run(insert(payment_mismatches).values(row | {"created_at": tx.now}))
        await tx.run(delete(invoices).where(invoices.c.id == 1002))

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await upgraded.write(work)
    async with upgraded.reading() as connection:
        assert (await connection.execute(select(invoices.c.id).order_by(invoices.c.id))).scalars().all() == [1001, 1002]
