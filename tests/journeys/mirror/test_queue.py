"""The Automation Queue: a ticked row becomes one brief, and whatever keeps it from that is said in the row."""

import os
from typing import Any

import pytest

from bot.access.model import TENANT
from bot.areas import TABLES
from bot.mirror.service import compare
from bot.privacy.model import NO_TITLE
from jobs.catalog import BY_NAME
from sandbox.faults import Fault
from sandbox.notion.errors import planned
from storage.core import outbox
from tests.clock import Hands
from tests.eventually import eventually
from tests.house import House, Providers, house
from tests.journeys.mirror.test_resync import written
from tests.journeys.ops.test_processes import Start, start
from tests.journeys.people.test_privacy import ask as ask_to_be_erased
from tests.journeys.people.test_privacy import erased

__all__ = ["start"]

QUEUE = "Automation Queue"
ROWS = int(os.environ.get("ECHOPILOT_QUEUE_ROWS", "6"))
PATIENCE = 60.0 + 4 * ROWS
WORDS = "Write a landing page text for courier {number} in Hamburg. Every parcel is insured up to 500 EUR."


@pytest.fixture
async def queue(home: House) -> House:
    """A house with its cast, whose queue is made."""
    await prepared(home)
    return home


async def prepared(home: House) -> None:
    await home.staff()
    await home.running.app.services.database.write(
        lambda tx: compare(tx, TENANT, [TABLES["Client"], TABLES[QUEUE]], making=True)
    )
    await home.notion.wait_for("Client", lambda rows: [row["Client"] for row in rows] == ["Alice"], timeout=PATIENCE)
    await home.notion.wait_for(QUEUE, lambda _: bool(home.notion.tables(QUEUE)), timeout=PATIENCE)
    await written(home)


def text(words: str) -> list[dict[str, Any]]:
    return [{"text": {"content": words}}]


def cells(home: House, words: str = WORDS.format(number=1), *, price: float | None = 80, **more: Any) -> dict[str, Any]:
    """A row as somebody fills it in and ticks it, for Alice by relation."""
    client = [{"id": page} for page in home.notion.pages("Client")]
    row = {"Task": {"title": text("Landing page")}, "Brief": {"rich_text": text(words)}, "Client": {"relation": client}}
    return {**row, "Price": {"number": price}, "Trigger": {"checkbox": True}, **more}


async def look(home: House) -> None:
    """Have the queue be read, and what was said of its rows be written."""
    await BY_NAME["notion_intake"].carry_out(home.running.app.services, TENANT)
    await written(home, PATIENCE)


async def says(home: House, wanted: dict[str, Any]) -> dict[str, Any]:
    """The only row of the queue, once it has these cells."""
    rows = await home.notion.wait_for(
        QUEUE, lambda rows: all(rows[0][name] == value for name, value in wanted.items()), timeout=PATIENCE
    )
    return rows[0]


async def test_a_ticked_row_becomes_a_brief(queue: House) -> None:
    """A ticked row with a price becomes a brief of the client; its state and result come back, and its tick goes."""
    queue.notion.add_row(QUEUE, cells(queue))
    await look(queue)
    await queue.alice.sees("80.00 USD for brief 1001")
    row = await says(queue, {"State": "invoiced", "Trigger": False, "Brief number": 1001})
    assert row["Result"] != ""
    assert row["Brief"] == WORDS.format(number=1)
    await queue.pay(1001)
    await says(queue, {"State": "paid"})


async def test_a_queue_without_a_tick(queue: House) -> None:
    """A row that nobody ticked is left alone, and nobody hears of anything."""
    queue.notion.add_row(QUEUE, cells(queue) | {"Trigger": {"checkbox": False}})
    edits, mark = queue.notion.edits, queue.carol.mark()
    await look(queue)
    assert queue.notion.edits == edits
    assert [message for message in queue.carol.messages()[mark:] if message.from_bot] == []


async def test_a_price_that_is_confirmed_in_the_chat(queue: House) -> None:
    """A row without a price is a quote in the client's chat; with their yes it is a brief."""
    queue.notion.add_row(QUEUE, cells(queue, price=None))
    await look(queue)
    quote = await queue.alice.sees("Quote · 120.00 USD")
    row = await says(queue, {"State": "waits for the client's yes", "Trigger": False})
    assert row["Brief number"] is None
    assert "asked for a yes" in row["Note"]
    await queue.alice.taps("Yes, start", quote)
    await says(queue, {"State": "invoiced", "Brief number": 1001, "Note": ""})


async def test_a_client_by_mail_and_words_in_the_page(queue: House) -> None:
    """The client may be named by the address of their invoices, and the brief may stand in the row's page."""
    row = cells(queue, "") | {"Client": {"relation": []}, "Client e-mail": {"email": "Alice@Example.org"}}
    page = queue.notion.add_row(QUEUE, row | {"Trigger": {"checkbox": False}})
    queue.notion.write_in(page, "Write a landing page text for a courier in Leipzig.", "Every parcel is insured.")
    queue.notion.fill(page, {"Trigger": {"checkbox": True}})
    await look(queue)
    await says(queue, {"State": "invoiced"})
    services = queue.running.app.services
    async with services.database.reading() as connection:
        kept = await outbox.place_of(connection, TENANT, "notion", "Job Log:brief:1001")
    assert kept is not None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"Client": {"relation": []}}, "Choose the client in Client"),
        (
            {"Client": {"relation": []}, "Client e-mail": {"email": "who@example.org"}},
            "address that stands in Client e-mail",
        ),
        ({"Client": {"relation": [{"id": "00000000-0000-4000-8000-000000000000"}]}}, "is not known here"),
        ({"Brief": {"rich_text": []}, "Task": {"title": []}}, "There is nothing in it to work from"),
        ({"Price": {"number": 0.1}}, "cannot be charged"),
        ({"Price": {"number": 1.234}}, "Write it like 120.00"),
        ({"Currency": {"select": {"name": "EUR"}}}, "Prices here are in USD"),
        ({"Type": {"select": {"name": "Sculpture"}}}, "no kind of work called Sculpture"),
    ],
)
async def test_what_cannot_be_a_brief_says_why(queue: House, wrong: dict[str, Any], words: str) -> None:
    """A row that cannot be a brief says why and loses its tick; corrected and ticked again, it is one."""
    page = queue.notion.add_row(QUEUE, cells(queue) | wrong)
    await look(queue)
    row = await says(queue, {"State": "needs you", "Trigger": False})
    assert words in row["Note"]
    await look(queue)
    right = cells(queue)
    queue.notion.fill(page, right | {"Currency": {"select": None}, "Type": {"select": None}})
    await look(queue)
    await says(queue, {"State": "invoiced", "Trigger": False, "Note": ""})


async def test_ticked_again(queue: House) -> None:
    """A row that is a brief already stays that one brief, and says so; a copy of it is another."""
    page = queue.notion.add_row(QUEUE, cells(queue))
    await look(queue)
    await says(queue, {"State": "invoiced"})
    await written(queue)
    queue.notion.fill(page, {"Trigger": {"checkbox": True}})
    await look(queue)
    row = await says(queue, {"Trigger": False})
    assert "This row is brief 1001 already" in row["Note"]
    copy = queue.notion.copy_row(page)
    queue.notion.fill(copy, {"Trigger": {"checkbox": True}})
    await look(queue)
    await queue.notion.wait_for(
        QUEUE, lambda rows: [row["Brief number"] for row in rows] == [1001, 1002], timeout=PATIENCE
    )


async def test_edited_while_under_way(queue: House) -> None:
    """An edit of a row whose brief is under way changes nothing of the brief; the row says so, once."""
    page = queue.notion.add_row(QUEUE, cells(queue, price=None))
    await look(queue)
    await says(queue, {"State": "waits for the client's yes"})
    queue.notion.fill(page, {"Brief": {"rich_text": text("Write something else about Leipzig.")}})
    await look(queue)
    row = await says(queue, {"State": "waits for the client's yes"})
    assert "Edited since: a quote that waits for the client's yes continues as the row was" in row["Note"]
    edits = queue.notion.edits
    await look(queue)
    assert queue.notion.edits == edits


async def test_a_deleted_queue_has_its_rows_again(queue: House) -> None:
    """Where somebody deletes the queue, the next look makes it anew, and its rows are there again, each its brief."""
    queue.notion.add_row(QUEUE, cells(queue))
    await look(queue)
    await says(queue, {"State": "invoiced"})
    await written(queue)
    queue.notion.trash(QUEUE)
    await look(queue)
    await eventually(lambda: len(queue.notion.tables(QUEUE)[-1][1]) if queue.notion.tables(QUEUE) else 0, bool)
    row = await says(queue, {"State": "invoiced", "Brief number": 1001})
    assert (row["Task"], row["Trigger"]) == ("Landing page", False)
    queue.notion.fill(queue.notion.pages(QUEUE)[0], {"Trigger": {"checkbox": True}})
    await look(queue)
    assert "is brief 1001 already" in (await says(queue, {"Trigger": False}))["Note"]


async def test_a_row_that_people_delete_stays_deleted(queue: House) -> None:
    """A row of the queue that somebody deletes is not made anew, whatever becomes of its brief."""
    page = queue.notion.add_row(QUEUE, cells(queue))
    await look(queue)
    await says(queue, {"State": "invoiced"})
    queue.notion.trash_row(page)
    await queue.pay(1001)
    await written(queue)
    assert queue.notion.rows(QUEUE) == []


@pytest.mark.both_databases
@pytest.mark.timeout(300 + 10 * ROWS)
async def test_each_row_twice_and_a_kill(stand_ins: Providers, database_url: str, start: Start) -> None:
    """Rows that are each ticked twice, while replies are lost and a process is killed in between: one brief each."""
    notion = stand_ins.notion
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await prepared(home)
        pages = []
        for number in range(ROWS):
            row = cells(home, WORDS.format(number=number)) | {"Task": {"title": text(f"No {number}")}}
            pages.append(notion.add_row(QUEUE, row))
        notion.faults.add(planned(".*", 503, times=None))
        await BY_NAME["notion_intake"].carry_out(home.running.app.services, TENANT)
    notion.faults.clear()
    notion.faults.add(planned("POST .*/query", 529, times=1))
    notion.faults.add(Fault("PATCH .*/pages", "lose_reply", times=1 + ROWS // 10))
    process = await start(database_url, ready=False)
    await notion.wait_for(QUEUE, lambda rows: sum(not row["Trigger"] for row in rows) >= ROWS // 3, timeout=PATIENCE)
    process.kill()
    await process.ended()
    for page in pages:
        notion.fill(page, {"Trigger": {"checkbox": True}})
    async with house(stand_ins, database_url) as home:
        await eventually(lambda: look_again(home), lambda left: left == 0, within=PATIENCE)
        numbers = sorted(row["Brief number"] for row in notion.rows(QUEUE))
    assert numbers == list(range(1001, 1001 + ROWS))


async def look_again(home: House) -> int:
    """Have the queue be read; how many rows are ticked, or are no brief yet."""
    await look(home)
    return sum(row["Trigger"] or not row["Brief number"] for row in home.notion.rows(QUEUE))


async def test_what_was_typed_about_somebody_who_is_erased(stand_ins: Providers, database_url: str) -> None:
    """The row of an erased client's brief loses their words and address, also in the columns that people fill in."""
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock) as home:
        await prepared(home)
        home.notion.add_row(QUEUE, cells(home) | {"Client e-mail": {"email": "alice@example.org"}})
        await look(home)
        await home.alice.sees("80.00 USD for brief 1001")
        await home.pay(1001)
        await says(home, {"State": "paid", "Client e-mail": "alice@example.org"})
        await ask_to_be_erased(home)
        await erased(home, clock)
        row = await says(home, {"Brief": "", "Client e-mail": None, "Result": ""})
        assert row["Task"] == NO_TITLE
