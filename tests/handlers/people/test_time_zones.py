"""/timezone, answer by answer: what a person may name, and what their times are then."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from gettext import NullTranslations

import pytest

from bot.kernel import translation
from bot.kernel.card import Card
from bot.kernel.translation import FIRST_STRONG_ISOLATE, POP_ISOLATE
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    """A business in Berlin."""
    async with desk(stand_ins, database_url, SimulatedClock(NOON), time_zone="Europe/Berlin") as made:
        yield made


def labels(card: Card) -> list[str]:
    return [button.label for row in card.rows for button in row]


async def test_the_studios_until_one_is_chosen(here: Desk) -> None:
    """Who chose none reads the studio's times, chooses by a city, and by one tap has the studio's again."""
    before = await here.says(here.alice, "/whoami")
    assert "Time zone Europe/Berlin: it is 13:00 GMT+1 for you." in before.text
    assert labels(before) == ["Change time zone", "Change language", "Change file format"]
    chosen = await here.says(here.alice, "/timezone Lahore")
    assert chosen.text.startswith("<b>Your time zone · Asia/Karachi</b>\nIt is Fri 27 Nov, 17:00")
    account = await here.says(here.alice, "/whoami")
    assert "Time zone Asia/Karachi: it is 17:00" in account.text
    back = (await here.taps(here.alice, "Use the studio's time", account)).card
    assert back is not None
    assert "It is the studio's again" in back.text
    assert "Europe/Berlin: it is 13:00 GMT+1" in (await here.says(here.alice, "/whoami")).text
    gone = await here.taps(here.alice, "Use the studio's time", account)
    assert gone.outcome == "stale"


async def test_the_next_message_names_it(here: Desk) -> None:
    """After /timezone the next few words are the city; a brief is none, and the question stays open."""
    asked = await here.says(here.alice, "/timezone")
    assert "That is the studio's time zone; you have not chosen your own." in asked.text
    brief = await here.says(here.alice, "Write a page about the solar lamp for campers.")
    assert "Quote" in brief.text
    assert "Still open: your time zone." in brief.text
    assert "Asia/Karachi" in (await here.says(here.alice, "karachi")).text
    assert await here.waits(here.alice) is None


async def test_from_the_account(here: Desk) -> None:
    """[Change time zone] under /whoami asks for it, and the next short message answers."""
    account = await here.says(here.alice, "/whoami")
    asked = (await here.taps(here.alice, "Change time zone", account)).card
    assert asked is not None
    assert "Write a city near you" in asked.text
    assert "It is Fri 27 Nov, 17:00 GMT+5 for you." in (await here.says(here.alice, "Lahore")).text


async def test_a_name_of_several_places(here: Desk) -> None:
    """A name of several places is asked about, each with its time; a tap chooses, and an unknown number does not."""
    which = await here.says(here.alice, "/timezone Cambridge")
    assert labels(which) == ["London, United Kingdom · 12:00 GMT", "New York, United States · 07:00 EST"]
    answer = await here.taps(here.alice, "New York", which)
    assert answer.card is not None
    assert "It is Fri 27 Nov, 07:00 EST for you." in answer.card.text


async def test_a_shared_location(here: Desk) -> None:
    """A shared location sets the zone of that place; while it is shared, its later edits are silent."""
    await here.alice.sends_location(31.55, 74.34)
    assert "Your time zone · Asia/Karachi" in (await here.card()).text


@pytest.mark.parametrize("words", ["PKT", "Asia/Nowhere", "../../etc/passwd", "<b>"])
async def test_no_zone(here: Desk, words: str) -> None:
    """What names no zone is refused with what can be written, and nothing changes."""
    assert "I know no time zone" in (await here.says(here.alice, f"/timezone {words}")).text
    assert "Europe/Berlin" in (await here.says(here.alice, "/whoami")).text


async def test_a_stranger_has_none(here: Desk, stand_ins: Providers) -> None:
    """Who is not let in chooses nothing, by whichever way, and reads no zone of the studio's."""
    eve = stand_ins.people()["eve"]
    assert "I do not know you yet" in (await here.says(eve, "/timezone Lahore")).text
    await eve.sends_location(31.55, 74.34)
    assert "I do not know you yet" in (await here.card()).text
    assert "Berlin" not in (await here.says(eve, "/whoami")).text


async def test_every_time_is_theirs(here: Desk) -> None:
    """A card that is made for two people has the times of each."""
    await here.says(here.bob, "/timezone Karachi")
    jobs = (await here.says(here.bob, "/jobs")).text
    assert "As of 17:00 GMT+5" in jobs
    assert "As of 13:00 GMT+1" in (await here.says(here.carol, "/jobs")).text


async def test_isolated_where_it_is_read_from_the_right(here: Desk) -> None:
    """In a language that is read from the right, names and times stand apart, so that nothing jumps."""
    translation.install("ar", NullTranslations)
    try:
        person = await here.person(here.alice)
        await here.app.services.people.preferences.set_language(person, "ar")
        shown = (await here.says(here.alice, "/whoami")).text
        assert f"{FIRST_STRONG_ISOLATE}Europe/Berlin{POP_ISOLATE}" in shown
    finally:
        translation.uninstall("ar")
