"""What holds of threads whoever is fast or slow, by the verbs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.model import Person, Role, stranger
from bot.checks.checks import PlainChecks
from bot.escalation.service import Reminders
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.quality.model import Floors
from bot.review.model import Escalation, ReviewPolicy
from bot.review.service import Review
from bot.support.model import Thread
from bot.support.reminders import unanswered
from bot.support.service import Support
from bot.support.team import Team
from storage.core import outbox
from storage.engine.database import Database
from storage.people import people
from storage.queue.sqlite import SqliteTaskQueue
from storage.support import threads
from tests.clock import SimulatedClock
from tests.storage.conftest import opened

MINUTE = timedelta(minutes=1)
ESCALATION = Escalation(30 * MINUTE, 30 * MINUTE, 120 * MINUTE, 480 * MINUTE, 1_440 * MINUTE)


@dataclass
class Line:
    """The verbs on a clock that the test puts forward; `acme` is another tenant's operator."""

    database: Database
    clock: SimulatedClock
    support: Support
    team: Team
    reminders: Reminders[Thread]
    alice: Person
    bob: Person
    ben: Person
    carol: Person
    acme: Person

    async def told(self, person: Person) -> list[str]:
        """What waits to be told to the person, oldest first."""
        async with self.database.reading() as connection:
            due = await outbox.due(connection, "telegram", self.clock.now(), 200)
        return [item.payload["text"] for item in due if item.destination == str(person.telegram_id)]


@pytest.fixture
async def line(database_url: str) -> AsyncIterator[Line]:
    """A migrated database with a client, two operators and an admin, and another tenant's operator."""
    async with opened(database_url) as database:
        clock = database.clock = SimulatedClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        cast = [("main", "Alice", Role.CLIENT), ("main", "Bob", Role.OPERATOR), ("main", "Ben", Role.OPERATOR),
                ("main", "Carol", Role.ADMIN), ("acme", "Frank", Role.OPERATOR)]  # fmt: skip
        known = [
            await database.write(
                lambda tx, number=number, one=one: people.enroll(tx, one[0], 1_000 + number, one[1], one[2], "en")  # type: ignore[misc]
            )
            for number, one in enumerate(cast)
        ]
        desk = ReviewPolicy(Floors({}), 3, ESCALATION, PlainChecks(lambda _: {}))
        review = Review(database, SqliteTaskQueue(database), desk)
        verbs = (
            Support(database, ESCALATION, review),
            Team(database, ESCALATION, review),
            Reminders(database, ESCALATION, unanswered(ESCALATION)),
        )
        yield Line(database, clock, *verbs, *known)


async def test_the_first_answer_is_sent(line: Line) -> None:
    """Of two who answer what they both saw at the same moment one answer goes to the client, 10 times of 10."""
    for round_ in range(10):
        thread = await line.support.open(line.alice, f"Where is my text, {round_}?")
        ended = await asyncio.gather(
            line.team.answer(line.bob, thread.id, thread.version, "Tomorrow."),
            line.team.answer(line.ben, thread.id, thread.version, "Today."),
            return_exceptions=True,
        )
        assert sorted(type(one).__name__ for one in ended) == ["Stale", "Thread"]
    assert len(await line.told(line.alice)) == 10


async def test_the_same_message_twice_is_one(line: Line) -> None:
    """A client's words, and an answer, that come once more after a crash are not said again."""
    for _ in range(2):
        thread = await line.support.open(line.alice, "Where is my text?", key="telegram:1:7")
        await line.team.answer(line.bob, thread.id, 1, "Tomorrow.", key="telegram:2:9")
    assert (await line.support.get(line.bob, thread.id)).thread.version == 2
    assert len(await line.told(line.alice)) == 1


async def test_an_edited_message(line: Line) -> None:
    """What a client edits follows on the card while it waits; what was answered, and an answer, stay as they were."""
    thread = await line.support.open(line.alice, "Where is my txt?", key="telegram:1:7")
    assert await line.support.reword(line.alice, "telegram:1:7", "Where is my text?")
    assert "Where is my text?" in (await line.told(line.bob))[-1]
    await line.team.answer(line.bob, thread.id, 1, "Tomorrow.", key="telegram:2:9")
    for who, key in ((line.alice, "telegram:1:7"), (line.bob, "telegram:2:9")):
        with pytest.raises(Stale, match="as it stood before"):
            await line.support.reword(who, key, "Never mind.")
    assert not await line.support.reword(line.alice, "telegram:1:8", "A brief of mine.")
    assert not await line.support.reword(line.acme, "telegram:1:7", "Not mine.")


async def test_what_comes_while_somebody_answers_waits_on(line: Line) -> None:
    """What the client adds between an operator's look and their answer waits from when it came, and is shown anew."""
    thread = await line.support.open(line.alice, "Where is my text?")
    line.clock.passes(minutes=10)
    await line.support.open(line.alice, "And the invoice?")
    answered = await line.team.answer(line.bob, thread.id, thread.version, "Tomorrow.")
    assert (answered.waits, answered.since) == (True, line.clock.now())
    assert [one.text for one in (await line.support.get(line.bob, thread.id)).unanswered] == ["And the invoice?"]
    assert "Answered by Bob" in (await line.told(line.ben))[0]
    assert "And the invoice?" in (await line.told(line.ben))[1]


async def test_a_claim_keeps_others_from_answering(line: Line) -> None:
    """Who took it answers alone until the claim ends or is given back; an admin gives anybody's back."""
    thread = await line.support.open(line.alice, "Where is my text?")
    await line.team.claim(line.bob, thread.id, 1)
    for verb in (line.team.claim, line.team.settle, line.team.give_back):
        with pytest.raises(Stale, match="Bob has message"):
            await verb(line.ben, thread.id, 1)
    with pytest.raises(Stale, match="Bob has message"):
        await line.team.answer(line.ben, thread.id, 1, "Today.")
    await line.team.give_back(line.carol, thread.id, 1)
    await line.team.claim(line.ben, thread.id, 1)
    line.clock.passes(minutes=31)
    await line.team.answer(line.bob, thread.id, 1, "Tomorrow.")
    with pytest.raises(Stale, match="answered already"):
        await line.team.claim(line.ben, thread.id, 2)


async def test_only_the_team_answers(line: Line) -> None:
    """A client, another tenant's operator and whoever wrote it may not answer, take or see it."""
    thread = await line.support.open(line.alice, "Where is my text?")
    own = await line.support.open(line.bob, "Who has the key?")
    for who in (line.alice, line.acme):
        with pytest.raises(Refusal):
            await line.team.answer(who, thread.id, 1, "Tomorrow.")
        with pytest.raises(Refusal):
            await line.team.claim(who, thread.id, 1)
    with pytest.raises(Refusal, match="no message"):
        await line.support.get(line.acme, thread.id)
    with pytest.raises(Forbidden):
        await line.support.get(line.alice, own.id)
    with pytest.raises(Forbidden, match="their own message"):
        await line.team.answer(line.bob, own.id, 1, "I have.")


async def test_stranger_once_a_day(line: Line) -> None:
    """Somebody whom nobody invited leaves one message a day; admins alone see it, and their answer arrives."""
    eve = stranger(2_000, "Eve <b>")
    thread = await line.support.leave(eve, "May I come in?")
    with pytest.raises(Refusal, match="You left a message today"):
        await line.support.leave(eve, "Hello?")
    assert await line.told(line.bob) == []
    assert "May I come in?" in (await line.told(line.carol))[0]
    assert [(await line.team.waiting(who)).count for who in (line.bob, line.carol)] == [0, 1]
    with pytest.raises(Forbidden):
        await line.team.answer(line.bob, thread.id, 1, "Yes.")
    line.clock.passes(minutes=121)
    await line.reminders.escalate("main")
    assert await line.told(line.bob) == []
    await line.team.answer(line.carol, thread.id, 1, "Yes.")
    assert "Yes." in (await line.told(eve))[0]
    line.clock.passes(hours=25)
    assert (await line.support.leave(eve, "Thank you!")).id == thread.id


@pytest.mark.parametrize(("minutes", "told"), [(29, (0, 0, 0)), (31, (1, 1, 0)), (121, (1, 1, 0)), (481, (1, 1, 1))])
async def test_levels(line: Line, minutes: int, told: tuple[int, int, int]) -> None:
    """A message that nobody answers reaches the levels of drafts: the operators, all of them, the admins; each once."""
    await line.support.open(line.alice, "Where is my text?")
    line.clock.passes(minutes=minutes)
    for _ in range(2):
        await line.reminders.escalate("main")
    reminders = [
        sum("still waits for an answer" in text for text in await line.told(person))
        for person in (line.bob, line.ben, line.carol)
    ]
    assert tuple(reminders) == told


async def test_last_level(line: Line) -> None:
    """What waits for a day is listed to the admins once a day, until it is answered; the claim on it has ended."""
    thread = await line.support.open(line.alice, "Where is my text?")
    await line.team.claim(line.bob, thread.id, 1)
    line.clock.passes(hours=25)
    for _ in range(2):
        await line.reminders.escalate("main")
    assert sum("far too long" in text for text in await line.told(line.carol)) == 1
    await line.team.answer(line.ben, thread.id, 1, "Tomorrow.")
    assert await line.reminders.escalate("main") == (
        "reminded of 0 messages, ended 0 claims, 0 wait since the last reminder"
    )


async def test_what_is_forgotten(line: Line) -> None:
    """Old messages about nothing in particular are forgotten once they are answered, and no others."""
    answered = await line.support.open(line.alice, "Where is my text?")
    await line.team.settle(line.bob, answered.id, 1)
    waits = await line.support.open(line.ben, "Who has the key?")
    line.clock.passes(days=31)
    before = line.clock.now() - timedelta(days=30)
    assert await line.database.write(lambda tx: threads.forget(tx, before)) == 1
    with pytest.raises(Refusal):
        await line.support.get(line.bob, answered.id)
    assert (await line.support.get(line.bob, waits.id)).thread.waits


@pytest.mark.parametrize("text", ["", " \n", "…", "x" * 10_001])
async def test_words_that_cannot_be_sent(line: Line, text: str) -> None:
    """What says nothing, or is too long, is refused, and no thread is made."""
    with pytest.raises(Refusal):
        await line.support.open(line.alice, text)
    assert (await line.team.waiting(line.bob)).count == 0
