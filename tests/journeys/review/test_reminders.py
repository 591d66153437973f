"""What becomes of a draft that nobody decides on, on a simulated clock: more people are told, nothing is decided."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.access.model import TENANT
from bot.briefs.model import State
from bot.parts import Part
from jobs.review import review_reminders
from sandbox.telegram.people import Person
from storage.briefs import briefs
from storage.core import outbox
from tests.clock import SimulatedClock
from tests.house import OPEN_BRIEF, House, Providers, house
from tests.reviewing import decides, more

NEEDS = "Needs your decision"
WAITS = "still wait"


@pytest.fixture
async def home(stand_ins: Providers, database_url: str) -> AsyncIterator[House]:
    """A house with its cast where only the test says what time it is, and nothing happens by itself."""
    async with house(stand_ins, database_url, frozenset(Part) - {Part.CLOCK}) as running:
        running.running.app.services.database.clock = SimulatedClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        await running.carol.says("/start")
        await running.carol.sees("Welcome")
        await running.staff()
        yield running


async def minutes(home: House, count: float) -> str:
    """So many minutes pass, and the job runs; returns what it says."""
    services = home.running.app.services
    clock = services.database.clock
    assert isinstance(clock, SimulatedClock)
    clock.passes(minutes=count)
    return await review_reminders(services, TENANT)


async def told(home: House, *people: Person) -> list[int]:
    """How many reminders each of these people has, once all that was to be said has arrived."""
    database = home.running.app.services.database
    async with asyncio.timeout(20):
        while True:
            async with database.reading() as connection:
                if not (await outbox.counts(connection, "main")).get(("telegram", "waiting")):
                    break
            await database.signals.wait("none", 0.05)
    return [sum(WAITS in message.text for message in person.messages()) for person in people]


async def waiting(home: House) -> int:
    """A brief in review since now."""
    number = await home.brief(OPEN_BRIEF)
    await home.bob.sees(f"Brief {number} · {NEEDS}")
    return number


async def test_the_levels(home: House) -> None:
    """After 30 min the operators are reminded once, after 2 h again, after 8 h the admins; nothing is ever decided."""
    number = await waiting(home)
    people = (home.bob, home.carol)
    assert await minutes(home, 29) == "reminded of 0 drafts, ended 0 claims, 0 wait since the last reminder"
    assert await told(home, *people) == [0, 0]
    assert await minutes(home, 1) == "reminded of 1 draft, ended 0 claims, 0 wait since the last reminder"
    assert await told(home, *people) == [1, 0]
    assert await minutes(home, 5) == "reminded of 0 drafts, ended 0 claims, 0 wait since the last reminder"
    await minutes(home, 84)
    assert await told(home, *people) == [1, 0]
    await minutes(home, 1)
    assert await told(home, *people) == [2, 0]
    late = await home.alice.sees("It takes longer than usual: a person still has to look at it.")
    assert f"Brief {number} · In review" in late.text
    await minutes(home, 5)
    await minutes(home, 355)
    assert await told(home, *people) == [2, 1]
    reminder = await home.carol.sees(WAITS)
    assert f"/brief_{number} Write a landing page text for…, 8 h" in reminder.text
    await minutes(home, 365 * 24 * 60)
    async with home.running.app.services.database.reading() as connection:
        assert (await briefs.load(connection, number)).state is State.IN_REVIEW
    await home.bob.says(f"/brief_{number}")
    await home.bob.taps("Approve", await home.bob.sees(NEEDS))
    await home.alice.sees("To pay")


async def test_the_claimer_is_reminded(home: House) -> None:
    """Who took the draft is reminded of it alone; when it goes on, the claim is let go and the others are told."""
    await home.invite(home.eve, "operator")
    await waiting(home)
    people = (home.bob, home.eve, home.carol)
    await minutes(home, 20)
    await decides(home.bob, "Take it", await home.bob.sees(NEEDS))
    mine = await home.bob.sees("You have it")
    await minutes(home, 10)
    assert await told(home, *people) == [1, 0, 0]
    await minutes(home, 85)
    mark = home.eve.mark()
    await decides(home.bob, "Take it", await home.bob.sees(NEEDS, after=mine))
    taken = await home.eve.sees("Bob has it", after=mark)
    await minutes(home, 5)
    assert await told(home, *people) == [1, 1, 0]
    free = await home.eve.sees(NEEDS, after=taken)
    assert "Take it" in (await more(home.eve, free)).labels


async def test_a_claim_ends_by_itself(home: House) -> None:
    """A claim holds for 30 minutes: then cards say that nobody has it, and somebody else may decide."""
    number = await waiting(home)
    bobs, carols = await home.bob.sees(NEEDS), await home.carol.sees(NEEDS)
    await decides(home.bob, "Take it", bobs)
    theirs = await home.carol.sees("Bob has it", after=carols)
    await minutes(home, 29)
    assert "Bob has brief" in (await home.carol.taps("Approve", theirs)).text
    assert (await minutes(home, 1)).startswith("reminded of 1 draft, ended 1 claim")
    free = await home.carol.sees(NEEDS, after=theirs)
    assert "has it" not in free.text
    await home.carol.taps("Approve", free)
    await home.bob.sees(f"Brief {number} · Approved by Carol")


async def test_a_claim_ends_without_the_job(home: House) -> None:
    """A claim that is over holds nobody back, also before the job has taken it off the cards."""
    number = await waiting(home)
    await decides(home.bob, "Take it", await home.bob.sees(NEEDS))
    clock = home.running.app.services.database.clock
    assert isinstance(clock, SimulatedClock)
    clock.passes(minutes=30)
    await home.carol.taps("Approve", await home.carol.sees("Bob has it"))
    await home.bob.sees(f"Brief {number} · Approved by Carol")


async def test_the_last_level(home: House) -> None:
    """After a day the admins get one card that lists all that waits so long, every day, until it is empty."""
    first = await waiting(home)
    second = await waiting(home)
    await minutes(home, 24 * 60)
    card = await home.carol.sees("2 briefs wait far too long for a decision")
    assert [f"/brief_{number}" in card.text for number in (first, second)] == [True, True]
    await minutes(home, 5)
    await minutes(home, 5)
    await minutes(home, 24 * 60)
    await told(home)
    lists = [message for message in home.carol.messages() if "far too long" in message.text]
    assert len(lists) == 2
    for number in (first, second):
        await home.bob.says(f"/brief_{number}")
        await home.bob.taps("Approve", await home.bob.sees(f"Brief {number} · {NEEDS}"))
    await home.bob.sees(f"Brief {second} · Approved by Bob")
    await minutes(home, 24 * 60)
    await told(home)
    assert len([message for message in home.carol.messages() if "far too long" in message.text]) == 2


async def test_a_day_of_the_list_is_the_admins(home: House) -> None:
    """The day's list begins in the morning of each admin's own zone."""
    await home.carol.says("/timezone Karachi")
    await home.carol.sees("Your time zone · Asia/Karachi")
    await waiting(home)
    await minutes(home, 24 * 60)  # 14:00 in Karachi
    await home.carol.sees("1 brief waits far too long for a decision")
    await minutes(home, 17 * 60 + 59)
    await told(home)
    assert sum("far too long" in message.text for message in home.carol.messages()) == 1
    await minutes(home, 1)  # 08:00 there, 03:00 by UTC
    await told(home)
    assert sum("far too long" in message.text for message in home.carol.messages()) == 2


async def test_a_list_that_grows(home: House) -> None:
    """What comes to wait past the last level later on the same day joins the day's card in place."""
    first = await waiting(home)
    await minutes(home, 30)
    second = await waiting(home)
    await minutes(home, 24 * 60 - 30)
    one = await home.carol.sees("1 brief waits far too long for a decision")
    await minutes(home, 30)
    both = await home.carol.sees("2 briefs wait far too long for a decision")
    assert both.id == one.id
    assert both.text.index(f"/brief_{first}") < both.text.index(f"/brief_{second}")


async def test_one_message_for_many(home: House) -> None:
    """Twelve late drafts are one reminder a person: ten by number, the rest as a count; a second run says nothing."""
    numbers = [await waiting(home) for _ in range(12)]
    await minutes(home, 31)
    assert await told(home, home.bob) == [1]
    reminder = await home.bob.sees("12 drafts still wait for a decision")
    listed = [word for word in reminder.text.split() if word.startswith("/brief_")]
    assert listed == [f"/brief_{number}" for number in numbers[:10]]
    assert reminder.text.endswith("and 2 more")
    await minutes(home, 0)
    assert await told(home, home.bob) == [1]


@pytest.mark.both_databases
async def test_after_a_long_stop(home: House) -> None:
    """A draft that waited through a stop of nine hours is brought to everybody of the levels in between, once."""
    await waiting(home)
    await minutes(home, 9 * 60)
    assert await told(home, home.bob, home.carol) == [1, 1]


async def test_an_operators_own_brief(home: House) -> None:
    """Nobody is reminded of their own brief, which they may not decide on: without others the admins are."""
    mark = home.bob.mark()
    await home.bob.says(OPEN_BRIEF)
    await home.bob.taps("Yes, start", await home.bob.sees("Nothing is spent until you say yes", after=mark))
    await home.carol.sees(NEEDS)
    await minutes(home, 30)
    assert await told(home, home.bob, home.carol) == [0, 1]
