"""A quote has no number; the yes gives the next one."""

import asyncio
import re

import pytest

from sandbox.telegram.seen import Seen
from tests.eventually import eventually
from tests.house import BRIEF, House, number_in

pytestmark = pytest.mark.both_databases

QUOTE = "Nothing is spent until you say yes"


async def quoted(home: House, text: str) -> Seen:
    """Alice hands a text in, and reads what it costs."""
    mark = home.alice.mark()
    await home.alice.says(text)
    return await home.alice.sees(QUOTE, after=mark)


def shown(home: House, message: Seen) -> str:
    """What Alice's message says by now."""
    return next(one.text for one in home.alice.messages() if one.id == message.id)


def data_of(seen: Seen, label: str) -> str:
    return next(str(button.target) for row in seen.buttons for button in row if button.label == label)


async def test_a_discarded_quote_takes_no_number(home: House) -> None:
    """Of two quotes one is discarded, and the yes to the other gives the first number of all; until then nobody reads
    one, and each is called by its title.
    """
    await home.staff()
    first = await quoted(home, "Write a page about stoves.")
    second = await quoted(home, "Write a page about tents.")
    await home.alice.taps("Discard", first)
    gone = await home.alice.sees("Quote · Cancelled")
    assert "Write a page about stoves." in gone.text
    for command, answer in (("/briefs", "Your briefs"), ("/status", "thing waits"), ("/find page", "Find: page")):
        await home.alice.says(command)
        assert "Write a page about tents." in (await home.alice.sees(answer)).labels
    await home.bob.says("/find stoves")
    await home.bob.taps("Write a page about stoves.", await home.bob.sees("Find: stoves"))
    await home.bob.taps("Replay", await home.bob.sees("Quote · Cancelled"))
    await home.bob.sees("Quote · Replay, 1 of 2")
    shown = home.alice.transcript() + home.bob.transcript()
    assert re.search(r"/brief_|-\d{4}|[Bb]rief 1\d{3}", shown.replace("/brief_1042", "")) is None
    assert number_in(await home.alice.taps("Yes, start", second)) == 1001
    await home.alice.sees("Brief 1001 · Delivered")
    assert await home.brief() == 1002


async def test_two_taps_at_once(home: House) -> None:
    """Two taps on one yes give one number, and the next yes the number after it; a button of the quote goes on to say
    what the brief is called now.
    """
    await home.staff()
    quote = await quoted(home, BRIEF)
    yes = data_of(quote, "Yes, start")
    toasts = [toast.text for toast in await asyncio.gather(*(home.alice.taps_raw(yes, quote) for _ in range(2)))]
    assert toasts.count("Brief 1001 is started") == 1
    assert sum(toast.startswith("Brief 1001 is ") for toast in toasts) == 2
    more = await home.alice.taps_raw(data_of(quote, "More options"), quote)
    assert more.text.startswith("Brief 1001 is ")
    await home.alice.sees("Brief 1001 · Delivered")
    assert await home.brief(f"{BRIEF} It is for June.") == 1002


async def test_what_belongs_to_a_quote_goes_with_it(home: House) -> None:
    """Its file, what was asked about it, its words and its history are the brief's after the yes, and the message that
    showed the quote shows how it goes.
    """
    await home.staff()
    mark = home.alice.mark()
    await home.alice.sends_file("lamp.txt", b"The lamp weighs 140 grams.", caption="Write a product page for campers.")
    quote = await home.alice.sees(QUOTE, after=mark)
    await home.alice.says("Can a person look at this one?", reply_to=quote)
    asked = await home.alice.sees("Write a product page for campers.", after=quote)
    await home.alice.taps("Write to the team", asked)
    await home.bob.sees("From Alice · quote: Write a product page for campers.")
    assert number_in(await home.alice.taps("Yes, start", quote)) == 1001
    await home.alice.sees("Brief 1001 · Delivered")
    await eventually(lambda: shown(home, quote).startswith("Brief 1001 · Delivered"))
    await home.bob.says("/find grams")
    assert "/brief_1001" in (await home.bob.sees("Find: grams")).text
    await home.bob.says("/support_1001")
    await home.bob.sees("From Alice · brief 1001: Write a product page for campers. /brief_1001")
    await home.bob.says("/replay_1001")
    await home.bob.taps("Next ▶", await home.bob.sees("The price was quoted"))
    await home.bob.taps("Next ▶", await home.bob.sees("The client said yes"))
    await home.bob.sees("It got its number")
    await home.alice.says("And when is it paid?", reply_to=quote)
    await home.alice.sees("Price 120.00 USD")
