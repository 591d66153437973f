"""What was cancelled or discarded can be undone for ten seconds; then its button goes by itself."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Table, func, select

from sandbox.telegram.seen import Seen
from storage.core import outbox
from storage.tables.briefs import attachments
from storage.tables.core import inbox, stopped_questions
from tests.clock import SimulatedClock
from tests.eventually import eventually, nothing
from tests.house import BRIEF, House, Providers, house
from tests.journeys.intake.test_guided import LAMP, to_text
from tests.journeys.recordings.test_voice import spoken

QUOTE = "Nothing is spent until you say yes"
LATE = "It is too late to undo that"
Stop = Callable[[House], Awaitable[Seen]]


async def quote(home: House) -> Seen:
    """Alice discards a quote."""
    await home.invite(home.alice, "client")
    await home.alice.says(BRIEF)
    await home.alice.taps("Discard", await home.alice.sees(QUOTE))
    return await home.alice.sees("Quote · Cancelled")


async def guided(home: House) -> Seen:
    """Alice cancels a guided brief at its first question."""
    await home.invite(home.alice, "client")
    await to_text(home)
    await home.alice.says(LAMP)
    await home.alice.taps("Cancel", await home.alice.sees("question 1 of"))
    return await home.alice.sees("Stopped. Nothing was sent.")


async def recording(home: House) -> Seen:
    """Alice discards a voice note that was written down."""
    await spoken(home)
    await home.alice.taps("Discard", await home.alice.sees("Read it before it starts"))
    return await home.alice.sees("Voice note, 0:42 · Discarded")


def _now(home: House, message: Seen) -> Seen:
    """The message as it is now."""
    return next(one for one in home.alice.messages() if one.id == message.id)


def _undo(stopped: Seen) -> str:
    """What its only button sends."""
    return str(stopped.buttons[0][0].target)


async def _waiting(home: House) -> int:
    """How many messages are still to be sent or changed."""
    async with home.running.app.services.database.reading() as connection:
        return (await outbox.counts(connection, "main")).get(("telegram", "waiting"), 0)


async def _rows(home: House, table: Table) -> int:
    async with home.running.app.services.database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


KINDS = pytest.mark.parametrize(
    ("stop", "again"),
    [(quote, QUOTE), (guided, "question 1 of"), (recording, "Read it before it starts")],
    ids=["quote", "guided", "recording"],
)


@KINDS
@pytest.mark.both_databases
async def test_undone_after_a_restart(stand_ins: Providers, database_url: str, stop: Stop, again: str) -> None:
    """Nine seconds later, in a process begun since, [Undo] brings back what stood there, in the same message; what was
    to take the button away leaves that alone, and a second tap changes nothing.
    """
    clock = SimulatedClock()
    async with house(stand_ins, database_url, clock=clock) as home:
        stopped = await stop(home)
        assert stopped.labels == ["Undo"]
    clock.passes(seconds=9)
    async with house(stand_ins, database_url, clock=clock) as home:
        await home.alice.taps("Undo", stopped)
        back = await home.alice.sees(again, after=stopped)
        assert back.id == stopped.id
        clock.passes(seconds=20)
        await eventually(lambda: _waiting(home), nothing)
        assert _now(home, stopped).labels == back.labels
        await home.alice.taps_raw(_undo(stopped), stopped)
        await eventually(lambda: _waiting(home), nothing)
        assert _now(home, stopped).text == back.text


async def _unrecorded(home: House) -> int:
    """How many updates were not dealt with yet, or it was not written down."""
    query = select(func.count()).select_from(inbox).where(inbox.c.processed_at.is_(None), inbox.c.source == "telegram")
    async with home.running.app.services.database.reading() as connection:
        return int((await connection.execute(query)).scalar_one())


@KINDS
async def test_too_late(stand_ins: Providers, database_url: str, stop: Stop, again: str) -> None:
    """After ten seconds the button goes; who tapped it just then reads that it is too late, and nothing comes back."""
    clock = SimulatedClock()
    async with house(stand_ins, database_url, clock=clock) as home:
        stopped = await stop(home)
        await eventually(lambda: _unrecorded(home), nothing)  # in which message it stands is known by then
        clock.passes(seconds=11)
        toast = await home.alice.taps_raw(_undo(stopped), stopped)
        assert LATE in toast.text or "discarded before" in toast.text
        await eventually(lambda: _now(home, stopped).labels == [])
        assert _now(home, stopped).text == stopped.text
        assert again not in _now(home, stopped).text


async def test_started_after_all(home: House) -> None:
    """A quote whose discarding was undone is said yes to as if nothing had been."""
    stopped = await quote(home)
    await home.alice.taps("Undo", stopped)
    await home.alice.taps("Yes, start", await home.alice.sees(QUOTE, after=stopped))
    await home.alice.sees("Brief 1001 · Delivered")
    await home.alice.sees("120.00 USD for brief 1001")


async def test_goes_on_where_it_stood(home: House) -> None:
    """A brief that was cancelled while it was drafted goes on by [Undo], and is delivered and invoiced once."""
    await home.invite(home.alice, "client")
    home.openai.latency = 0.3
    number = await home.brief()
    await home.alice.taps("Cancel", await home.alice.sees(f"Brief {number} · Being drafted"))
    await home.alice.taps("Undo", await home.alice.sees(f"Brief {number} · Cancelled"))
    await home.alice.sees(f"Brief {number} · Delivered")
    await home.stripe_has("open")
    assert len(home.stripe.invoices) == 1


async def test_before_people_again(stand_ins: Providers, database_url: str) -> None:
    """The review card of a brief that was cancelled and brought back is decided on in the message where it stood."""
    async with house(stand_ins, database_url, qa_target_drafting=100) as home:
        await home.staff()
        number = await home.brief()
        card = await home.bob.sees(f"Brief {number} · Needs your decision")
        await home.alice.taps("Cancel", await home.alice.sees(f"Brief {number} · In review"))
        await home.bob.sees("Cancelled by the client", after=card)
        await home.alice.taps("Undo", await home.alice.sees(f"Brief {number} · Cancelled"))
        await home.alice.sees(f"Brief {number} · In review")
        again = await home.bob.sees(f"Brief {number} · Needs your decision")
        assert again.id == card.id
        await home.bob.taps("Approve", again)
        await home.alice.sees(f"Brief {number} · Delivered")


async def test_cancelled_on_another_card(home: House) -> None:
    """Where another card of the brief was tapped, that one carries [Undo] as well, and both show it again."""
    await home.invite(home.alice, "client")
    await home.alice.says(BRIEF)
    quoted = await home.alice.sees(QUOTE)
    home.openai.latency = 0.5
    await home.alice.taps("Yes, start", quoted)
    await home.alice.says("/brief_1001")
    details = await home.alice.sees("Price 120.00 USD")
    await home.alice.taps("Cancel", details)
    await eventually(lambda: _now(home, details).labels == ["Undo"])
    await eventually(lambda: _now(home, quoted).labels == ["Undo"])
    await home.alice.taps("Undo", _now(home, details))
    await eventually(lambda: "Cancelled" not in _now(home, details).text)
    await home.alice.sees("Brief 1001 · Delivered")


async def test_tapped_twice(home: House) -> None:
    """[Discard] and [Undo], each tapped twice, do what they say once."""
    await home.invite(home.alice, "client")
    await home.alice.says(BRIEF)
    quoted = await home.alice.sees(QUOTE)
    discard = next(button.target for row in quoted.buttons for button in row if button.label == "Discard")
    await home.alice.taps_raw(discard, quoted)
    toast = await home.alice.taps_raw(discard, quoted)
    assert "has ended. Send it again any time" in toast.text
    stopped = await home.alice.sees("Quote · Cancelled")
    undo = _undo(stopped)
    assert (await home.alice.taps_raw(undo, stopped)).text == "Undone: the quote stands again"
    assert "changed since. /briefs leads to it" in (await home.alice.taps_raw(undo, stopped)).text
    await home.alice.sees(QUOTE, after=stopped)


async def test_forgotten_for_good(stand_ins: Providers, database_url: str) -> None:
    """What was said in a discarded recording is kept for those ten seconds, and no longer."""
    clock = SimulatedClock()
    async with house(stand_ins, database_url, clock=clock) as home:
        await recording(home)
        assert await _rows(home, attachments) == 1
        clock.passes(seconds=11)
        await eventually(lambda: _rows(home, attachments), nothing)


async def test_stopped_and_begun_anew(home: House) -> None:
    """Who began another since is told so, and the new one stays."""
    stopped = await guided(home)
    await to_text(home)
    await home.alice.says("Write a page about the tent T1 for campers, 100 words.")
    await home.alice.sees("Taken as the text of this brief.", after=stopped)
    toast = await home.alice.taps("Undo", stopped)
    assert "You have begun anew since then" in toast.text
    assert await _rows(home, stopped_questions) == 1
