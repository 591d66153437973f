"""Text that PostgreSQL cannot keep comes through every door: all goes its way, and nothing is tried for ever."""

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import select

from storage.tables.core import inbox, tasks
from storage.tables.people import people
from tests.eventually import eventually, nothing
from tests.house import BRIEF, House
from tests.judged import judging
from tests.reviewing import decides

pytestmark = pytest.mark.both_databases

NUL, HALF = "\0", "\ud800"
# Telegram sends UTF-8, in which there are no halves of pairs; other providers write JSON in ASCII
ODD = f"Buy{NUL} bread."
KEPT = "Buy bread."
SOUND = b"OggS" + b"\0" * 20_000


async def _rows(home: House, query: Any) -> list[Any]:
    async with home.running.app.services.database.reading() as connection:
        return list((await connection.execute(query)).scalars())


IGNORED = re.compile("is not acted on|no invoice waits for a payment or its fee")  # why events of Stripe's were let be


async def _nothing_is_left(home: House) -> None:
    """No update or webhook waits, and none was given up."""
    errors = await _rows(home, select(inbox.c.error).where(inbox.c.error.is_not(None)))
    assert [error for error in errors if not IGNORED.search(error)] == []
    async with asyncio.timeout(20):  # what is answered is marked a moment later
        while await _rows(home, select(inbox.c.id).where(inbox.c.processed_at.is_(None))):
            await home.running.app.services.database.signals.wait("none", 0.02)


async def test_in_a_message(home: House) -> None:
    """In a brief that is written: it is quoted, drafted, delivered and invoiced."""
    await home.staff()
    await home.brief(f"{BRIEF} {ODD}")
    await home.alice.sees("To pay")
    mark = home.bob.mark()
    await home.bob.says(f"/find {ODD}")
    await home.bob.sees(re.compile("1001|Nothing"), after=mark)
    await _nothing_is_left(home)


async def test_in_a_name(home: House) -> None:
    """In the name of a person, who is let in under what is left of it."""
    await home.invite(home.telegram.person(f"Fay{NUL}", id=1_234), "client")
    assert "Fay" in await _rows(home, select(people.c.name))
    await _nothing_is_left(home)


async def test_in_a_file(home: House) -> None:
    """In a file, in its name and in its caption."""
    await home.staff()
    text = f"Nordwind{NUL} delivers in 48 hours. Every parcel is insured up to 500 EUR.".encode()
    await home.alice.sends_file(f"no{NUL}tes.txt", text, caption=f"{BRIEF} {ODD}")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("To pay")
    await _nothing_is_left(home)


async def test_in_what_is_heard(home: House) -> None:
    """In a transcript."""
    await home.invite(home.alice, "client")
    home.openai.transcript = f"{ODD} Twice{HALF}."
    await home.alice.sends_voice(SOUND, duration=8)
    words = await home.alice.sees("Read it before it starts")
    assert f"{KEPT} Twice\ufffd." in words.text


async def test_in_what_a_model_writes(home: House) -> None:
    """In a draft and in the judge's answer."""
    await home.staff()
    home.openai.dictated = judging(95, drafts=[f"Nordwind{NUL} brings your parcel across Hamburg in 48 hours."])
    number = await home.brief()
    delivered = await home.alice.sees("Nordwind brings your parcel")
    assert NUL not in delivered.text
    await home.alice.sees(f"for brief {number}")
    await eventually(lambda: _rows(home, select(tasks.c.key)), nothing)


async def test_in_an_operators_text(home: House) -> None:
    """In the text with which an operator replaces a draft."""
    await home.staff()
    home.openai.dictated = judging(40)
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    await decides(home.bob, "Edit", card)
    await home.bob.says(f"Nordwind brings your parcel across Hamburg. {ODD}")
    await home.bob.taps("Approve", await home.bob.sees(KEPT, after=card))
    await home.alice.sees("To pay")


async def test_in_a_webhook(home: House) -> None:
    """In what Stripe sends: the payment counts."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    for invoice in home.stripe.invoices.values():
        invoice["description"] = f"{ODD}{HALF}"
    await home.pay(number)
    await home.alice.sees(f"Brief {number} · Paid")
    await _nothing_is_left(home)
