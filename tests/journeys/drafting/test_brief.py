"""Handing a brief in with one message: its price, its type, its size, and taking it back."""

import asyncio

import pytest

from sandbox.faults import Fault
from storage.tables.core import events
from tests.house import BRIEF, House, Providers, house

LONG = "A paragraph about parcels and bicycles. " * 5_000


async def test_another_type_has_another_price(home: House) -> None:
    """The client can change the type on the quote and sees the price of each before it counts."""
    await home.invite(home.alice, "client")
    await home.alice.says(BRIEF)
    await home.alice.taps("Other type", await home.alice.sees("120.00 USD"))
    await home.alice.taps("Research · 180.00 USD", await home.alice.sees("What kind of work is it?"))
    quote = await home.alice.sees("Quote · 180.00 USD")
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("180.00 USD for brief 1001")


@pytest.mark.both_databases
async def test_cancel_while_it_is_drafted(home: House) -> None:
    """A brief can be cancelled while the model writes: nothing is delivered or charged, and the cost is kept."""
    await home.invite(home.alice, "client")
    home.openai.latency = 0.5
    number = await home.brief()
    progress = await home.alice.sees(f"Brief {number} · Being drafted")
    await home.alice.taps("Cancel", progress)
    await home.alice.sees(f"Brief {number} · Cancelled")
    async with asyncio.timeout(10):
        while await home.running.app.services.queue.waiting():
            await home.running.app.services.database.signals.wait("idle", 0.05)
    await home.carol.says(f"/brief_{number}")
    assert "under 0.01 USD of models" in (await home.carol.sees("of models")).text
    assert home.stripe.invoices == {}
    assert not [m for m in home.alice.messages() if "Delivered" in m.text]


async def test_cancel_while_it_waits_for_room(stand_ins: Providers, database_url: str) -> None:
    """A brief that waits under a ceiling can be cancelled; it goes on no more, and what it cost is kept."""
    async with house(stand_ins, database_url, draft_model="gpt-4o", ceiling_brief_usd="0.04") as home:
        await home.staff()
        number = await home.brief(BRIEF * 100)
        await home.alice.taps("Cancel", await home.alice.sees(f"Brief {number} · Waiting"))
        done = await home.alice.sees(f"Brief {number} · Cancelled")
        assert (done.labels, "Nothing is charged" in done.text) == (["Undo"], True)
    async with house(stand_ins, database_url) as home:
        await home.carol.says(f"/brief_{number}")
        assert "0.00 USD of models" in (await home.carol.sees("of models")).text
        assert home.openai.calls.total() == 0


async def test_cancel_after_a_fault(home: House) -> None:
    """A brief that a fault stopped can be cancelled; nothing is charged, and nobody can have it go on."""
    await home.staff()
    denied = '{"error": {"message": "no such model", "type": "invalid_request_error"}}'
    home.openai.faults.add(Fault("POST .*/chat/completions", "status", times=None, status=404, body=denied))
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
    await home.alice.taps("Cancel", await home.alice.sees("We were told and will start it again."))
    await home.alice.sees(f"Brief {number} · Cancelled")
    home.openai.faults.clear()
    assert "is cancelled now" in (await home.bob.taps("Retry this step", card)).text
    assert home.stripe.invoices == {}


async def test_nothing_to_work_from(home: House) -> None:
    """A brief without a word is refused with an example, and no brief is made."""
    await home.invite(home.alice, "client")
    await home.alice.says("…")
    await home.alice.sees("There is nothing in it to work from")
    await home.alice.says("/briefs")
    await home.alice.sees("No briefs yet")


async def test_a_greeting(home: House) -> None:
    """A greeting is answered with how to order, thanks kindly, and a word or two are asked to say more; at no price."""
    await home.invite(home.alice, "client")
    answers = {"Hi": "You see the price before", "Thank you!": "Glad to hear it", "Lamps": "Tell me a little more"}
    for words, answer in answers.items():
        mark = home.alice.mark()
        await home.alice.says(words)
        await home.alice.sees(answer, after=mark)
    await home.alice.says("/briefs")
    await home.alice.sees("No briefs yet")


async def test_200_000_characters(home: House) -> None:
    """A brief of 200,000 characters is refused by what one brief holds; the client knows that nothing was started."""
    await home.invite(home.alice, "client")
    assert len(LONG) == 200_000
    await home.alice.sends_file("brief.txt", LONG.encode(), mime_type="text/plain")
    seen = await home.alice.sees("one brief holds 50,000")
    assert "Nothing was started" in seen.text


async def test_an_operator_sees_what_a_cancelled_brief_cost(home: House) -> None:
    """Who cancels their own brief as an operator is told what went to models; the event keeps the sum."""
    await home.invite(home.bob, "operator")
    home.openai.latency = 0.3
    await home.bob.says(BRIEF)
    await home.bob.taps("Yes, start", await home.bob.sees("Nothing is spent until you say yes"))
    progress = await home.bob.sees("Checking quality")
    toast = await home.bob.taps("Cancel", progress)
    assert toast.text == "Brief 1001 is cancelled; nothing is charged; under 0.01 USD went to models"
    async with home.running.app.services.database.reading() as connection:
        row = (await connection.execute(events.select().where(events.c.name == "cancelled"))).one()
    assert 0 < row.data["spent_micro_usd"] < 10_000
