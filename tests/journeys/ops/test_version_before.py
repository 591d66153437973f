"""An upgrade: the database of the version before, and the buttons that it left in people's chats.

`tests/data/before_areas.db.gz` was written by commit 541e469, before the areas were moved: brief 1001 is paid, 1002
waits for Bob, who was just asked what should change, 1003 was quoted, 1004 was delivered while the chat was down, so
that four messages wait; Alice is at the second step of /brief. `before_areas.json` has the messages with buttons.
"""

import gzip
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from tests.clock import SimulatedClock
from tests.house import House, Providers, house, number_in

DATA = Path(__file__).parents[2] / "data"
WRITTEN = datetime(2026, 11, 27, 15, 55, tzinfo=UTC)
BUTTONS: list[dict[str, Any]] = json.loads((DATA / "before_areas.json").read_text())


@pytest.fixture
def old_sqlite_url(new_sqlite_url: str) -> str:
    """The address of a file as the version before left it."""
    database = Path(new_sqlite_url.removeprefix("sqlite:///"))
    database.write_bytes(gzip.decompress((DATA / "before_areas.db.gz").read_bytes()))
    return new_sqlite_url


@pytest.fixture
async def upgraded(stand_ins: Providers, old_sqlite_url: str) -> AsyncIterator[House]:
    """This version on that database, a moment later."""
    stand_ins.telegram.was_used(stand_ins.people().values())
    async with house(stand_ins, old_sqlite_url, clock=SimulatedClock(WRITTEN)) as home:
        yield home


async def left(home: House, who: Person, beginning: str) -> tuple[Seen, dict[str, str]]:
    """A message that the version before left in somebody's chat, and what its buttons carry by their labels."""
    [old] = [
        message
        for message in BUTTONS
        if message["person"] == who.account.first_name.lower() and message["text"].startswith(f"<b>{beginning}")
    ]
    keyboard = [[{"text": label, "callback_data": data} for label, data in row] for row in old["buttons"]]
    call = {"chat_id": who.id, "text": old["text"], "parse_mode": "HTML", "reply_markup": {"inline_keyboard": keyboard}}
    mark = who.mark()
    path = f"/telegram/bot{home.telegram.token}/sendMessage"
    async with aiohttp.ClientSession(home.providers.url) as http, http.post(path, json=call) as answer:
        assert answer.status == 200, await answer.text()
    shown = await who.sees(beginning, after=mark)
    return shown, {label: data for row in old["buttons"] for label, data in row}


async def test_messages_that_waited(upgraded: House) -> None:
    """What the version before had written down to be sent is sent: the work, and the invoice."""
    await upgraded.alice.sees("Brief 1004 · Delivered")
    await upgraded.alice.sees("Invoice")


async def test_questions_that_waited(upgraded: House) -> None:
    """Who was asked something before the upgrade answers it after."""
    await upgraded.alice.says(
        "Three subject lines for a spring sale of garden tools, short and calm, for hobby gardeners."
    )
    await upgraded.alice.sees("step 3 of 4")
    await upgraded.bob.says("Name no hours that the brief does not name.")
    await upgraded.bob.sees("Brief 1002 · Sent back")


async def test_buttons_that_were_left(upgraded: House) -> None:
    """Buttons of the version before do what they say."""
    quote, of_quote = await left(upgraded, upgraded.alice, "Brief 1003")
    await upgraded.alice.taps_raw(of_quote["Yes, start"], quote)
    await upgraded.alice.sees("Brief 1003 · Delivered", timeout=30)
    rating, of_rating = await left(upgraded, upgraded.alice, "Brief 1001")
    await upgraded.alice.taps_raw(of_rating["★★★★ Good"], rating)
    await upgraded.alice.sees("Thank you")
    card, of_card = await left(upgraded, upgraded.bob, "Brief 1002 · Needs")
    await upgraded.bob.taps_raw(of_card["Approve"], card)
    await upgraded.alice.sees("Brief 1002 · Delivered", timeout=30)


async def test_a_quote_of_before_keeps_its_number(upgraded: House) -> None:
    """It is called by its title and has its number at the yes; what is asked for now gets the one after the highest."""
    mark = upgraded.alice.mark()
    await upgraded.alice.says("/briefs")
    listed = await upgraded.alice.sees("Waiting for a yes: ", after=mark)
    await upgraded.alice.taps(listed.labels[0], listed)
    quote = await upgraded.alice.sees("Quote · ", after=listed)
    assert number_in(await upgraded.alice.taps("Yes, start", quote)) == 1003
    mark = upgraded.alice.mark()
    await upgraded.alice.says("/brief Write a page about the tent T1 for campers, 100 words.")
    new = await upgraded.alice.sees("Quote · ", after=mark)
    assert number_in(await upgraded.alice.taps("Yes, start", new)) == 1005


async def test_places_that_were_left(upgraded: House) -> None:
    """A button that carries a place in a list, which is another list by now, does nothing and says so."""
    job, of_job = await left(upgraded, upgraded.carol, "Job janitor")
    toast = await upgraded.carol.taps_raw(of_job["Run now"], job)
    assert toast.text.startswith("This button is from an old version, so nothing was done.")


async def test_history_that_was_written(upgraded: House) -> None:
    """What happened before the upgrade is told in its words."""
    await upgraded.carol.says("/replay_1001")
    seen = await upgraded.carol.sees("Brief 1001 · Replay, 1 of 9")
    assert seen.text.splitlines()[1:4] == ["27 Nov 15:53:17 UTC · by Alice", "The price was quoted", "Price 120.00 USD"]
    await upgraded.carol.taps("Next ▶", seen)
    await upgraded.carol.sees("The client said yes")
