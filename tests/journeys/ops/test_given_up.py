"""Work that fails in a way that does not pass by itself: it is given up after a few tries; a person has it go on."""

import re

import pytest
from sqlalchemy import select, text

from bot.briefs.model import PRODUCE
from bot.kernel.tasks import Task
from storage.tables.core import failed_tasks
from tests.house import House

pytestmark = pytest.mark.both_databases

# Rows that the database does not take any more: a fault of ours, whoever made it.
PLANTED = {
    "sqlite": "CREATE TRIGGER planted BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'planted'); END",
    "postgresql": "ALTER TABLE {table} ADD CONSTRAINT planted CHECK (false) NOT VALID",
}
MENDED = {"sqlite": "DROP TRIGGER planted", "postgresql": "ALTER TABLE {table} DROP CONSTRAINT planted"}


async def _run(home: House, statements: dict[str, str], table: str) -> None:
    database = home.running.app.services.database
    statement = text(statements["sqlite" if database.sqlite else "postgresql"].format(table=table))
    await database.write(lambda tx: tx.run(statement))


async def _given_up(home: House) -> list[tuple[str, int]]:
    async with home.running.app.services.database.reading() as connection:
        rows = await connection.execute(select(failed_tasks.c.kind, failed_tasks.c.subject))
        return [(row.kind, row.subject) for row in rows]


async def test_a_fault_of_ours(home: House) -> None:
    """A fault in the program stops the brief after five tries, each paid; client and team are told, but not the words
    of the fault, which may be a client's.
    """
    await home.staff()
    await _run(home, PLANTED, "evaluations")
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Stopped by a fault", timeout=30)
    assert "a fault in the program (IntegrityError)" in card.text
    assert "planted" not in card.text
    await home.alice.sees(f"Brief {number} · Stopped by a fault")
    assert home.openai.calls["chat/completions", home.settings.judge_model] == 5
    assert await _given_up(home) == [], "it waits as a brief"
    await _run(home, MENDED, "evaluations")
    await home.bob.taps("Retry this step", card)
    await home.alice.sees("To pay")


async def test_a_fault_that_hides_its_subject(home: House) -> None:
    """A task whose own rows cannot be read waits as it is, so that it is neither lost nor tried for ever."""
    await home.staff()
    services = home.running.app.services
    await services.database.write(lambda tx: services.queue.enqueue(tx, Task(PRODUCE, 999_999)))
    card = await home.bob.sees("Brief 999999 · Stopped by a fault", timeout=30)
    assert await _given_up(home) == [("produce", 999_999)]
    mark = home.bob.mark()
    await home.bob.taps("Try again", card)
    await home.bob.sees("Brief 999999 · Tried again by Bob", after=mark)
    await home.bob.sees("Brief 999999 · Stopped by a fault", after=mark, timeout=30)


async def test_an_errand_that_fails(home: House) -> None:
    """A task without a place of its own waits as it is: here a notice from Stripe whose posting cannot be kept."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    await _run(home, PLANTED, "postings")
    await home.pay(number)
    card = await home.bob.sees("Notice from Stripe", timeout=60)  # four notices are tried five times each
    assert "a fault in the program (IntegrityError)" in card.text
    await _run(home, MENDED, "postings")
    mark = home.bob.mark()
    await home.bob.says("/failed")
    listed = await home.bob.sees(re.compile(r"Notice from Stripe \d+, .* ago: "), after=mark)  # not another's card
    for label in listed.labels:
        await home.bob.taps(label, listed)
    await home.alice.sees(f"Brief {number} · Paid")
    assert await _given_up(home) == []
