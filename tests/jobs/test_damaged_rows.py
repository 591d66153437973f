"""Rows of the outbox that cannot be read, or that a fault of ours stops: given up and told, and their lane goes on."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.kernel.card import Card, to_payload
from jobs.outbox.sender import Sender
from storage.core import outbox
from storage.core.outbox import Delivery, OutboxRow
from storage.core.sent_log import SentLog
from storage.engine.database import Database
from storage.tables.core import outbox as rows
from tests.eventually import eventually
from tests.house import BRIEF, QUICK, House
from tests.storage.conftest import opened

FINE = to_payload(Card("for Alice"))
NO_CARDS: list[Any] = [
    7, [], {}, "x", {**FINE, "text": None}, {**FINE, "text": 7}, {**FINE, "rows": 5}, {**FINE, "rows": [[7]]},
    {**FINE, "rows": [[["Go", "no such", "x"]]]}, {**FINE, "document": ["a.txt"]},
    {**FINE, "document": ["a", "x", True]}, {"text": "no rows"},
]  # fmt: skip
NO_JSON = ["", "{", "{'text': 1}", "\\x00", "NaN", '{"text": "half', "[" * 2_000]


async def states(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(select(rows.c.state).order_by(rows.c.id))).scalars())


async def damage(database: Database, row: int, written: str) -> None:
    change = text("UPDATE outbox SET payload = :written WHERE id = :row")
    await database.write(lambda tx: tx.run(change, {"written": written, "row": row}))


@pytest.mark.parametrize("written", NO_JSON, ids=range(len(NO_JSON)))
async def test_no_json(database_url: str, written: str) -> None:
    """A row whose text is no JSON is given up at once, with its reason; those before and behind it go out."""
    async with opened(database_url) as database:
        sent: list[int] = []

        async def deliver(item: OutboxRow, placed: str | None) -> Delivery:
            sent.append(item.payload["number"])
            return Delivery(item)

        for number in range(3):
            await database.write(lambda tx, n=number: outbox.add(tx, "main", "x", "one", {"number": n}))  # type: ignore[misc]
        async with database.reading() as connection:
            ids = list((await connection.execute(select(rows.c.id).order_by(rows.c.id))).scalars())
        await damage(database, ids[1], written)
        sender = asyncio.create_task(Sender(database, "x", deliver, lanes=1).run())
        await eventually(lambda: states(database), lambda found: found == ["sent", "undeliverable", "sent"])
        sender.cancel()
        with suppress(asyncio.CancelledError):
            await sender
        assert sent == [0, 2]


async def test_cards_that_are_none(home: House) -> None:
    """Whatever stands in a chat's rows, what comes behind it in the same chat arrives; the admin hears of it once, with
    a way to send again what may be whole by then, or to let it go.
    """
    await home.staff()
    database = home.running.app.services.database

    for payload in NO_CARDS:
        await database.write(
            lambda tx, payload=payload: outbox.add(tx, "main", "telegram", str(home.alice.id), payload)  # type: ignore[misc]
        )
    await database.write(lambda tx: outbox.add(tx, "main", "telegram", str(home.alice.id), FINE))
    await home.alice.sees("for Alice", timeout=20)
    told = await home.carol.sees("Message to Alice · Not delivered", timeout=20)
    assert "a fault in the program" in told.text or "damaged" in told.text
    await eventually(lambda: states(database), lambda found: "waiting" not in found, within=30)
    assert (await states(database)).count("undeliverable") == len(NO_CARDS)
    await home.carol.says("/failed")
    listed = await home.carol.sees(f"{len(NO_CARDS)} messages to Alice, not delivered")
    assert "Given up: " in (await home.carol.taps("Give up", listed)).text


async def test_a_fault_that_passes(sqlite_url: str) -> None:
    """A fault of ours that is gone at the third try: the item arrives, and those behind it did not wait for it."""
    async with opened(sqlite_url, QUICK) as database:
        tries: list[str] = []

        async def deliver(item: OutboxRow, placed: str | None) -> Delivery:
            tries.append(item.payload)
            if item.payload == "odd" and tries.count("odd") < 3:
                raise KeyError("a fault of ours")
            return Delivery(item)

        for payload in ("odd", "fine"):
            await database.write(lambda tx, p=payload: outbox.add(tx, "main", "x", "one", p))  # type: ignore[misc]
        sender = asyncio.create_task(Sender(database, "x", deliver, lanes=1).run())
        await eventually(lambda: states(database), lambda found: found == ["sent", "sent"], within=20)
        sender.cancel()
        with suppress(asyncio.CancelledError):
            await sender
        assert tries == ["odd", "fine", "odd", "odd"]


async def test_odd_lines_of_what_was_sent(sqlite_url: str) -> None:
    """Lines of the file beside the database that say nothing are passed over; the others count."""
    async with opened(sqlite_url) as database:
        log = SentLog(database, "x")
        log._path.write_bytes(b'7\n["x", 1, null]\n[1]\nnull\n{"a": 1}\n[\n\xff\n[[1], "t", null]\n[12, "t", "99"]\n')  # type: ignore[union-attr]
        assert log.left() == [(12, "t", "99")]


async def test_a_damaged_update(home: House) -> None:
    """A kept update that is no JSON any more is given up and told; those behind it are answered."""
    await home.staff()
    database = home.running.app.services.database
    row = (
        "INSERT INTO inbox (tenant, source, external_id, payload, received_at) VALUES ('main', 'telegram', 'x', '{', 1)"
    )
    await database.write(lambda tx: tx.run(text(row)))
    await home.alice.says("/help")
    await home.alice.sees("What you can do here")
    assert "it cannot be read" in (await home.carol.sees("Update from Telegram")).text


async def test_a_damaged_conversation(home: House) -> None:
    """A question whose row cannot be read waits no more; what its person writes is answered as if there were none."""
    await home.staff()
    await home.alice.says("/brief")
    await home.alice.taps("Drafting", await home.alice.sees("step 1"))
    await home.alice.sees("step 2")
    database = home.running.app.services.database
    await database.write(lambda tx: tx.run(text("UPDATE conversations SET data = '{'")))
    await home.alice.says(BRIEF)
    await home.alice.sees("Nothing is spent until you say yes")
