"""Numbers of briefs: given at the yes, one after the other, and what belongs to a quote follows."""

import asyncio
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import UniqueConstraint, select

from bot.access.model import TENANT, Role
from bot.briefs.model import Brief, State
from bot.kernel.clock import SystemClock
from bot.kernel.errors import Stale
from bot.kernel.ids import new_code
from bot.kernel.task_type import TaskType
from storage.briefs import briefs
from storage.engine.database import Database, Transaction
from storage.engine.schema import metadata
from storage.people import people
from storage.tables.briefs import briefs as rows

FOLLOW = {"attachments", "text_parts", "remarks"}
# They are about a draft, or a yes, or come with one.
LATER = {
    *("brief_notes", "review_views", "drafts", "evaluations", "decisions", "verdicts", "probes", "ratings"),
    *("duel_pairs", "model_calls", "reservations", "briefs", "partner_orders", "nps_questions"),
}


async def a_quote(tx: Transaction) -> Brief:
    person = await people.enroll(tx, TENANT, 1, "Alice", Role.CLIENT, "en")
    values: dict[str, Any] = {
        "tenant": TENANT, "client_id": person.id, "chat_id": 1, "task_type": TaskType.OTHER, "title": "t", "text": "t",
        "state": State.QUOTED, "qa_target": 80, "language": "en", "price_minor": 1, "currency": "USD",
    }  # fmt: skip
    return (await briefs.add(tx, f"test:{new_code()}", values))[0]


async def say_yes(database: Database, quote: Brief) -> Brief:
    async def work(tx: Transaction) -> Brief:
        held = await briefs.get(tx.connection, quote.tenant, quote.id, lock=True)
        return await briefs.move(tx, held, State.QUEUED)

    return await database.write(work)


@pytest.fixture
async def beside(database: Database) -> AsyncIterator[Database]:
    """Another process on the same database; on SQLite, which one process owns, the same."""
    url = database.url.render_as_string(hide_password=False)
    other = Database(url, SystemClock()) if "postgresql" in url else database
    try:
        yield other
    finally:
        if other is not database:
            await other.close()


@pytest.mark.both_databases
async def test_yeses_of_two_processes(database: Database, beside: Database) -> None:
    """Twenty yeses at the same time, from two processes, give twenty numbers in a row; two to one quote give one."""
    quotes = [await database.write(a_quote) for _ in range(20)]
    assert all(quote.id < 0 for quote in quotes)
    assert [quote.id for quote in quotes] == sorted(quote.id for quote in quotes)
    started = await asyncio.gather(
        *(say_yes((database, beside)[number % 2], quote) for number, quote in enumerate(quotes))
    )
    assert sorted(brief.id for brief in started) == list(range(1001, 1021))
    assert {brief.quote_id for brief in started} == {quote.id for quote in quotes}
    once = await database.write(a_quote)
    both = await asyncio.gather(say_yes(database, once), say_yes(beside, once), return_exceptions=True)
    assert sorted(type(one).__name__ for one in both) == ["Brief", "Stale"]
    assert (await say_yes(database, await database.write(a_quote))).id == 1022


@pytest.mark.both_databases
async def test_a_yes_that_is_not_written_down(database: Database) -> None:
    """Where the yes is rolled back the quote is what it was, and its number is nobody's."""
    quote = await database.write(a_quote)

    async def work(tx: Transaction) -> None:
        started = await briefs.move(tx, quote, State.QUEUED)
        assert started.id == 1001
        raise Stale("the process ended here")

    with pytest.raises(Stale):
        await database.write(work)
    async with database.reading() as connection:
        assert await briefs.get(connection, TENANT, quote.id) == quote
        assert list((await connection.execute(select(rows.c.id))).scalars()) == [quote.id]
    started = await say_yes(database, quote)
    assert started.id > 1000
    async with database.reading() as connection:
        assert await briefs.get(connection, TENANT, quote.id) == started
        assert await briefs.by_ids(connection, TENANT, [quote.id]) == [started]


def test_all_that_points_to_a_brief() -> None:
    """What points to a brief either follows a quote's number or is only there after the yes; and by an index the
    database finds soon that nothing is left behind.
    """
    assert set(import_module("storage.migrations.versions.0035_numbers").FOLLOW) == FOLLOW
    pointing = {
        (table.name, column)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is rows
        for column in [key.parent]
    }
    assert {name for name, _ in pointing} == FOLLOW | LATER
    for name, column in pointing:
        table = metadata.tables[name]
        unique = {next(iter(one.columns)) for one in table.constraints if isinstance(one, UniqueConstraint)}
        assert column in {next(iter(index.columns)) for index in table.indexes} | unique, column
