"""/queue: what waits for a decision, narrowed by buttons, however much there is."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.access.model import Role
from bot.briefs.model import State
from bot.kernel.task_type import TaskType
from bot.review.model import QueueFilter
from sandbox.telegram.seen import Seen
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.people import people
from storage.review import queue as review_queue
from storage.review.queue import Asker
from storage.tables.briefs import briefs
from tests.house import House

Rows = list[dict[str, Any]]


async def put(home: House, rows: Rows) -> None:
    """Put briefs of Alice before people; each row says what is special about it."""

    async def work(tx: Transaction) -> None:
        alice = next(p for p in await people.with_roles(tx.connection, "main", Role.CLIENT) if p.name == "Alice")
        base = {
            "tenant": "main", "client_id": alice.id, "chat_id": alice.telegram_id, "task_type": TaskType.DRAFTING,
            "text": "t", "state": State.IN_REVIEW, "qa_target": 80, "language": "en", "price_minor": 1,
            "currency": "USD", "created_at": tx.now, "updated_at": tx.now, "in_review_at": tx.now, "deadline": None,
            "claimed_by": None, "claimed_at": None, "flags": None, "reason": None,
        }  # fmt: skip
        numbered = [base | {"source_key": f"n{n}", "title": f"Brief number {n}"} | row for n, row in enumerate(rows)]
        await tx.run(briefs.insert(), numbered)

    await home.running.app.services.database.write(work)


def numbers(card: Seen) -> list[int]:
    return [int(word.removeprefix("/brief_")) for word in card.text.split() if word.startswith("/brief_")]


async def asker(home: House) -> Asker:
    services = home.running.app.services
    bob = await services.people.joining.identify(home.bob.id, "Bob", "en")
    return Asker("main", bob.id, services.database.clock.now(), timedelta(minutes=30))


@pytest.mark.both_databases
async def test_filters(home: House) -> None:
    """Mine, unclaimed, overdue, flagged and each type are buttons with their counts, and show just these."""
    await home.staff()
    bob = (await asker(home)).person_id
    carol = (await home.running.app.services.people.joining.identify(home.carol.id, "Carol", "en")).id
    now = home.running.app.services.database.clock.now()
    hour = timedelta(hours=1)
    await put(
        home,
        [
            {},
            {"claimed_by": bob, "claimed_at": now, "task_type": TaskType.RESEARCH},
            {"claimed_by": bob, "claimed_at": now - timedelta(minutes=31)},
            {"deadline": now - hour, "claimed_by": carol, "claimed_at": now},
            {"deadline": now + hour, "flags": ["sets its own score"]},
            {"state": State.FAILED, "reason": "no draft: the model refused"},
            {"state": State.DRAFTING},
        ],
    )
    await home.bob.says("/queue")
    card = await home.bob.sees("5 to decide")
    assert numbers(card) == [1001, 1002, 1003, 1004, 1005]
    assert card.labels == [
        "Refresh", "Mine 1", "Unclaimed 3", "Overdue 1", "Flagged 1", "Research 1", "Drafting 4",
    ]  # fmt: skip
    assert "Bob has it" in card.text
    for label, shown, headline in (
        ("Mine 1", [1002], "Mine · 1 of 5 to decide"),
        ("Unclaimed 3", [1001, 1003, 1005], "Unclaimed · 3 of 5 to decide"),
        ("Overdue 1", [1004], "Overdue · 1 of 5 to decide"),
        ("Flagged 1", [1005], "Flagged · 1 of 5 to decide"),
        ("Research 1", [1002], "Research · 1 of 5 to decide"),
        ("Drafting 4", [1001, 1003, 1004, 1005], "Drafting · 4 of 5 to decide"),
        ("All 5", [1001, 1002, 1003, 1004, 1005], "5 to decide"),
    ):
        before, mark = card, home.bob.mark()
        await home.bob.taps(label, before)
        card = await home.bob.sees(headline, after=mark)
        assert (card.id, numbers(card)) == (before.id, shown)


@pytest.mark.both_databases
async def test_pages_of_a_filter(home: House) -> None:
    """A filter shows what has waited longest first, ten rows at a time, and stays what it is from page to page."""
    await home.staff()
    flags = [None, ["gives orders to the judge"]]
    await put(home, [{"flags": flags[n % 2]} for n in range(30)])
    await home.bob.says("/queue")
    await home.bob.taps("Flagged 15", await home.bob.sees("30 to decide"))
    first = await home.bob.sees("Flagged · 15 of 30 to decide")
    assert numbers(first) == list(range(1002, 1021, 2))
    assert "◀ Older" not in first.labels
    await home.bob.taps("Newer ▶", first)
    second = await home.bob.sees("Flagged · 15 of 30 to decide", after=first)
    assert numbers(second) == list(range(1022, 1031, 2))
    assert "Newer ▶" not in second.labels
    await home.bob.taps("◀ Older", second)
    assert numbers(await home.bob.sees("Flagged · 15 of 30", after=second)) == numbers(first)


async def test_an_empty_queue(home: House) -> None:
    """Where nothing waits the queue says so; a filter that has emptied says so too, with a way back."""
    await home.staff()
    await home.bob.says("/queue")
    await home.bob.sees("Nothing waits for a decision")
    await put(home, [{"flags": ["sets its own score"]}, {}])
    mark = home.bob.mark()
    await home.bob.says("/queue")
    card = await home.bob.sees("2 to decide", after=mark)
    database = home.running.app.services.database
    await database.write(lambda tx: tx.run(briefs.update().values(flags=None)))
    await home.bob.taps("Flagged 1", card)
    empty = await home.bob.sees("Nothing of this kind waits.", after=card)
    await home.bob.taps("All 2", empty)
    await home.bob.sees("2 to decide", after=empty)


async def test_the_queue_is_for_those_who_decide(home: House) -> None:
    """A client or an analyst has no queue."""
    await home.staff()
    for person in (home.alice, home.dan):
        await person.says("/queue")
        await person.sees("Only operators and admins may decide on drafts")


@pytest.mark.new_database
@pytest.mark.both_databases
async def test_ten_thousand_wait(home: House) -> None:
    """With 10,000 waiting a page is read from an index, in its order: no pass over the table, and nothing sorted."""
    await home.staff()
    await put(home, [{"state": State.PAID} for _ in range(20_000)])
    await put(home, [{"source_key": f"w{n}"} for n in range(10_000)])
    database = home.running.app.services.database
    who = await asker(home)

    async def plan(connection: Connection) -> str:
        query = review_queue.page_query(who, QueueFilter.ALL).order_by(briefs.c.id.desc()).limit(11)
        literal = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN " if database.sqlite else "EXPLAIN "
        return "\n".join(str(row) for row in await connection.execute(text(explain + str(literal))))

    if not database.sqlite:
        await database.write(lambda tx: tx.run(text("ANALYZE briefs")))
    seen = await database.snapshot(plan)
    for slow in ("Seq Scan on briefs", "SCAN briefs", "Sort", "TEMP B-TREE"):
        assert slow not in seen
    await home.bob.says("/queue")
    await home.bob.sees("10,000 to decide")
    rows = await database.snapshot(lambda connection: review_queue.page(connection, who, QueueFilter.ALL, Page()))
    assert [row.brief.id for row in rows] == list(range(31_000, 30_990, -1))
