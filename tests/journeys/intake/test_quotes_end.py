"""Quotes end by themselves, and do not fill lists."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.access.model import TENANT
from bot.messages.service import TELEGRAM
from bot.parts import Part
from jobs.intake import quotes_end
from storage.core import inbox
from tests.clock import SimulatedClock
from tests.eventually import eventually, nothing
from tests.house import BRIEF, House, Providers, house

QUOTE = "Nothing is spent until you say yes"


@pytest.fixture
async def home(stand_ins: Providers, database_url: str) -> AsyncIterator[House]:
    """A house where only the test says what time it is."""
    async with house(stand_ins, database_url, frozenset(Part) - {Part.CLOCK}, quote_days=3) as running:
        running.running.app.services.database.clock = SimulatedClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        await running.carol.says("/start")
        await running.carol.sees("Welcome")
        await running.staff()
        yield running


async def days(home: House, count: float) -> str:
    """So many days pass, and the job runs; returns what it says."""
    services = home.running.app.services
    assert isinstance(services.database.clock, SimulatedClock)
    services.database.clock.passes(days=count)
    return await quotes_end(services, TENANT)


async def not_noted_yet(home: House) -> int:
    """How many answers were not written down yet: by then it is known which message shows a quote."""
    async with home.running.app.services.database.reading() as connection:
        return len(await inbox.waiting(connection, TELEGRAM, 10))


@pytest.mark.both_databases
async def test_a_quote_ends(home: House) -> None:
    """After QUOTE_DAYS the quote says in its place that it ended; its yes does nothing; and it can be had anew."""
    await home.alice.says(BRIEF)
    quote = await home.alice.sees(QUOTE)
    await eventually(lambda: not_noted_yet(home), nothing)
    assert "The quote stands until Thursday 26 Nov" in quote.text
    yes = next(button.target for row in quote.buttons for button in row if button.label == "Yes, start")
    assert await days(home, 2.9) == "ended 0 quotes without an answer"
    assert await days(home, 0.2) == "ended 1 quote without an answer"
    ended = await home.alice.sees("Quote · Ended")
    assert ended.id == quote.id
    assert "Nothing was started or charged" in ended.text
    assert "has ended" in (await home.alice.taps_raw(yes, ended)).text
    assert await days(home, 5) == "ended 0 quotes without an answer"
    await home.alice.taps("New quote", ended)
    await home.alice.taps("Yes, start", await home.alice.sees("Quote · 120.00 USD", after=ended))
    await home.alice.sees("Brief 1001 · Delivered")


async def test_a_changed_quote_has_its_days_anew(home: House) -> None:
    """Who changes a quote has QUOTE_DAYS from then on; what was started never ends by itself."""
    await home.alice.says(BRIEF)
    quote = await home.alice.sees(QUOTE)
    await days(home, 2)
    await home.alice.taps("Other type", quote)
    await home.alice.taps("Research", await home.alice.sees("What kind of work is it?"))
    changed = await home.alice.sees("180.00 USD")
    assert await days(home, 2) == "ended 0 quotes without an answer"
    await home.alice.taps("Yes, start", changed)
    await home.alice.sees("Brief 1001 · Delivered")
    assert await days(home, 9) == "ended 0 quotes without an answer"


async def test_quotes_do_not_fill_the_list(home: House) -> None:
    """/briefs lists what was said yes to; before it come the newest quotes, by their titles, with a button each."""
    started = await home.brief()
    await home.alice.sees(f"Brief {started} · Delivered")
    for number in range(6):
        mark = home.alice.mark()
        await home.alice.says(f"Write page {number} about lamps.")
        quote = await home.alice.sees(QUOTE, after=mark)
    await home.alice.taps("Discard", quote)
    await home.alice.sees("Quote · Cancelled")
    newest = [f"Write page {number} about lamps." for number in (4, 3, 2, 1, 0)]
    for person, head in ((home.alice, "Your briefs"), (home.carol, "Briefs\n")):
        await person.says("/briefs")
        listed = await person.sees(head)
        assert re.findall(r"Waiting for a yes: “(.*?)”, asked \d+ s ago", listed.text) == newest
        assert (listed.labels, listed.text.count("/brief_")) == (newest, 1)
    await home.alice.says("/briefs")
    await home.alice.taps(newest[1], await home.alice.sees("Your briefs"))
    assert newest[1] in (await home.alice.sees(QUOTE, after=listed)).text
