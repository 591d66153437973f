"""What clients think of delivered work, and the free revision that a low rating opens."""

import asyncio
from datetime import timedelta

import pytest

from bot.access.buttons import Tap
from bot.briefs.model import State
from sandbox.openai.prompt import Prompt
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from storage.briefs import briefs
from storage.engine.database import Transaction
from storage.quality import ratings
from storage.tables.briefs import briefs as briefs_table
from tests.house import OPEN_BRIEF, House
from tests.jobs.test_jobs import ended

MISSING = "The opening hours are missing: Monday to Friday, 8 to 18."


async def delivered(home: House) -> tuple[int, Seen]:
    """A brief of Alice's that was delivered, and the question how it is."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    return number, await home.alice.sees(f"Brief {number} · How is it?")


async def rating_of(home: House, number: int) -> ratings.Rating | None:
    async with home.running.app.services.database.reading() as connection:
        return await ratings.of_brief(connection, "main", number)


async def test_five_buttons(home: House) -> None:
    """After the delivery comes one quiet card with five buttons; a tap is the answer, can be changed, and is a figure
    of its own in /quality.
    """
    number, card = await delivered(home)
    assert card.labels == ["★ Not usable", "★★ Weak", "★★★ Usable", "★★★★ Good", "★★★★★ Excellent"]
    await home.alice.taps("★★★★★ Excellent", card)
    answered = await home.alice.sees(f"Brief {number} · 5 of 5 stars", after=card)
    assert answered.id == card.id
    await home.alice.taps("Change the stars", answered)
    again = await home.alice.sees("How is it?", after=answered)
    await home.alice.taps("★★★★ Good", again)
    await home.alice.sees("4 of 5 stars", after=again)
    assert await rating_of(home, number) == ratings.Rating(4, None, None)
    await home.dan.says("/quality")
    assert "Clients: 4.0 of 5 stars (1)" in (await home.dan.sees("Quality ·")).text


async def revised(home: House) -> tuple[int, int, Seen]:
    """A brief with two stars, and its free revision as operators get it."""
    number, card = await delivered(home)
    await home.alice.taps("★★ Weak", card)
    await home.alice.sees("What is missing? Write it as your next message", after=card)
    mark = home.alice.mark()
    await home.alice.says(MISSING)
    await home.alice.taps("Start the revision", await home.alice.sees("Taken as what is missing", after=mark))
    begun = await home.alice.sees(f"Free revision of brief {number}", after=mark)
    revision = int(begun.text.split()[1])
    again = await home.alice.taps_raw(packed(home, home.alice, "revise", number), begun)
    assert f"is under way already: /brief_{revision}" in again.text
    return number, revision, await home.bob.sees(f"Brief {revision} · Needs your decision")


async def test_a_low_rating_opens_a_free_revision(home: House) -> None:
    """What is missing goes straight into a new draft, made from the text that was delivered; a person decides on it;
    it is delivered without an invoice and rests there.
    """
    asked: list[Prompt] = []
    home.openai.on_call.append(lambda call: asked.append(call.prompt) if call.prompt else None)
    number, revision, review = await revised(home)
    told = await home.bob.sees(f"Missing: {MISSING}")
    assert f"Brief {number} · 2 of 5 stars" in told.text
    assert f"Free revision: /brief_{revision}" in told.text
    assert f"Revision of {number}" in review.text
    drafting = [prompt.material for prompt in asked if prompt.purpose == "draft"]
    first = await home.alice.sees(f"brief-{number}.md")
    assert first.document is not None
    assert drafting[-1]["note"] == MISSING
    assert drafting[-1]["earlier draft"] == first.document.data.decode().strip()
    await home.bob.taps("Approve", review)
    await home.alice.sees(f"brief-{revision}.md")
    await home.alice.sees(f"Brief {revision} · How is it?")
    assert len(home.stripe.invoices) == 1
    await home.running.app.services.database.write(an_hour_later)
    await home.carol.says("/job_janitor")
    await home.carol.taps("Run now", await home.carol.sees("Job janitor"))
    assert "carried on 0 briefs" in str((await ended(home, "janitor")).result)
    async with home.running.app.services.database.reading() as connection:
        brief = await briefs.load(connection, revision)
        counts = await briefs.count_by_state(connection, "main", list(State))
    assert (brief.state, brief.revision_of, brief.price.minor) == (State.DELIVERED, number, 0)
    assert State.DELIVERED not in counts
    await home.bob.says("/queue")
    assert "under way" not in (await home.bob.sees("Nothing waits for a decision")).text


async def an_hour_later(tx: Transaction) -> None:
    await tx.run(briefs_table.update().values(updated_at=tx.now - timedelta(hours=1)))


async def test_one_revision_a_brief(home: House) -> None:
    """Once the revision began the stars stay; few stars for the revision itself go to the team and open no other."""
    number, revision, review = await revised(home)
    rated = await home.alice.sees(f"Brief {number} · 2 of 5 stars")
    toast = await home.alice.taps_raw(packed(home, home.alice, "rate", number, 5), rated)
    assert "cannot change any more" in toast.text
    assert await rating_of(home, number) == ratings.Rating(2, MISSING, revision)
    await home.bob.taps("Approve", review)
    question = await home.alice.sees(f"Brief {revision} · How is it?")
    assert "free of charge" not in question.text
    await home.alice.taps("★ Not usable", question)
    await home.alice.sees("Noted; the team reads it", after=question)
    await home.bob.sees(f"Brief {revision} · 1 of 5 stars")
    mark = home.alice.mark()
    await home.alice.says("Write a page about lamps that run 12 hours.")
    await home.alice.sees("Nothing is spent until you say yes", after=mark)


async def test_no_revision(home: House) -> None:
    """More stars take the question back, and so does “No revision”: the next message is a brief again."""
    number, card = await delivered(home)
    for way in ("★★★ Usable", "No revision"):
        mark = home.alice.mark()
        await home.alice.taps_raw(packed(home, home.alice, "rate", number, 2), card)
        asked = await home.alice.sees("What is missing?", after=mark)
        if way == "★★★ Usable":
            await home.alice.taps_raw(packed(home, home.alice, "rate", number, 3), asked)
            await home.alice.sees("3 of 5 stars", after=asked)
            card = asked
        else:
            await home.alice.taps(way, asked)
            assert "Noted" in (await home.alice.sees(f"Brief {number} · 2 of 5 stars", after=asked)).text
        mark = home.alice.mark()
        await home.alice.says(f"{OPEN_BRIEF} {way}")
        await home.alice.sees("Nothing is spent until you say yes", after=mark)


async def test_words_that_say_nothing(home: House) -> None:
    """What is missing has to be said in words; the question waits until it is."""
    _, card = await delivered(home)
    await home.alice.taps("★★ Weak", card)
    asked = await home.alice.sees("What is missing?", after=card)
    for nothing in ("?", "x" * 2001):
        mark = home.alice.mark()
        await home.alice.says(nothing)
        await home.alice.sees("for example", after=mark)
    await home.alice.says("Too formal.")
    await home.alice.taps("Start the revision", await home.alice.sees("Taken as what is missing", after=asked))
    await home.alice.sees("Free revision of brief", after=asked)


async def test_what_was_something_new(home: House) -> None:
    """What was not about the work is a brief of its own: nothing was begun, and what is missing is still asked."""
    number, card = await delivered(home)
    await home.alice.taps("★★ Weak", card)
    await home.alice.sees("What is missing?", after=card)
    mark = home.alice.mark()
    await home.alice.says("Write a page about lamps that run 12 hours.")
    taken = await home.alice.sees("Taken as what is missing", after=mark)
    await home.alice.taps("No, it is something new", taken)
    quote = await home.alice.sees("Nothing is spent until you say yes", after=taken)
    assert f"Still open: what is missing in brief {number}?" in quote.text
    assert (await rating_of(home, number)) == ratings.Rating(2, None, None)
    toast = await home.alice.taps("Start the revision", taken)
    assert "I no longer have what you wrote." in toast.text


def packed(home: House, person: Person, action: str, number: int, stars: int = 0) -> str:
    return home.running.app.signer.pack(Tap(action, number, stars), chat_id=person.id)


async def test_only_ones_own(home: House) -> None:
    """Nobody rates another client's brief, nor one that is not delivered."""
    number, card = await delivered(home)
    await home.bob.says("/queue")
    shown = await home.bob.sees("Nothing waits")
    theirs = await home.bob.taps_raw(packed(home, home.bob, "rate", number, 5), shown)
    assert "is another client's" in theirs.text
    waiting = await home.brief(OPEN_BRIEF)
    early = await home.alice.taps_raw(packed(home, home.alice, "rate", waiting, 5), card)
    assert "is not delivered yet" in early.text
    assert [await rating_of(home, one) for one in (number, waiting)] == [None, None]


@pytest.mark.both_databases
async def test_two_notes_at_once(home: House) -> None:
    """What is missing, sent twice at the same moment, begins one revision."""
    number, card = await delivered(home)
    await home.alice.taps("★ Not usable", card)
    await home.alice.sees("What is missing?", after=card)
    services = home.running.app.services
    alice = await services.people.joining.identify(home.alice.id, "Alice", "en")
    begun = await asyncio.gather(
        *(services.feedback.ratings.revise(alice, number, f"Missing: {n}, and more.") for n in range(5)),
        return_exceptions=True,
    )
    assert sum(not isinstance(one, Exception) for one in begun) == 1
