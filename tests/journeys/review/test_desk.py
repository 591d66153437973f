"""Deciding in ten seconds: a draft read in the chat, the next one, notes, handing over, and cards that close."""

from datetime import timedelta

import pytest

from bot.access.buttons import Tap
from bot.access.model import Person as Who
from bot.kernel.errors import Forbidden, Refusal, Stale
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from storage.engine.database import Transaction
from storage.tables.briefs import briefs
from tests.eventually import eventually
from tests.house import BRIEF, OPEN_BRIEF, House
from tests.judged import judging
from tests.reviewing import NEEDS, decides, waiting

SHORT = "# Nordwind\n\nParcels by bicycle. **Insured** up to 500 EUR."


async def who(home: House, person: Person) -> Who:
    return await home.running.app.services.people.joining.identify(person.id, person.account.first_name, "en")


async def opens(person: Person, number: int) -> Seen:
    """The draft's card, as somebody opens it by the brief's number."""
    mark = person.mark()
    await person.says(f"/brief_{number}")
    return await person.sees(NEEDS, after=mark)


async def test_read_in_the_chat(home: House) -> None:
    """[Read it] shows the whole draft in the chat, formatted, with the decision below it; it closes with that."""
    await home.staff()
    home.openai.dictated = judging(50, drafts=[SHORT])
    number = await home.brief()
    await home.bob.taps("Read it", await home.bob.sees(NEEDS))
    read = await home.bob.sees(f"Brief {number} · The whole draft")
    assert read.document is None
    assert "<b>Nordwind</b>" in read.html
    assert read.labels == ["Approve", "Send back"]
    await home.bob.taps("Approve", read)
    closed = await seen_as(home.bob, read, f"Brief {number} · Approved by Bob")
    assert closed.labels == []


async def test_read_as_a_file(home: House) -> None:
    """A draft that is longer than a message comes as a file."""
    await home.staff()
    home.openai.dictated = judging(50, drafts=["Nordwind carries parcels by bicycle. " * 300])
    number = await home.brief()
    await home.bob.taps("Read it", await home.bob.sees(NEEDS))
    assert (await home.bob.sees(f"brief-{number}.md")).document is not None


@pytest.mark.both_databases
async def test_cards_close_wherever_they_were_opened(home: House) -> None:
    """Whoever opened the draft once more has it closed there too, and a claim shows on it before."""
    number, bobs, carols = await waiting(home)
    opened = [(person, await opens(person, number)) for person in (home.bob, home.bob, home.carol)]
    await decides(home.bob, "Take it", bobs)
    await seen_as(*opened[-1], "Bob has it")
    await home.bob.taps("Approve", await home.bob.sees("You have it", after=bobs))
    for person, card in ((home.bob, bobs), (home.carol, carols), *opened):
        done = f"Brief {number} · Approved by Bob"
        closed = await seen_as(person, card, done)
        assert closed.labels == []


async def seen_as(person: Person, card: Seen, words: str) -> Seen:
    """The message once it says so."""
    return await eventually(
        lambda: next(message for message in person.messages() if message.id == card.id), lambda now: words in now.text
    )


async def test_the_next_one(home: House) -> None:
    """After a decision [Next] opens the longest overdue draft, then the oldest, and says when nothing waits."""
    await home.staff()
    numbers = [await home.brief(f"{OPEN_BRIEF} Version {n}.") for n in range(3)]
    cards = {number: await home.bob.sees(f"Brief {number} · {NEEDS}") for number in numbers}
    first, second, late = numbers

    async def overdue(tx: Transaction) -> None:
        await tx.run(briefs.update().where(briefs.c.id == late).values(deadline=tx.now - timedelta(hours=2)))

    await home.running.app.services.database.write(overdue)
    await home.bob.taps("Approve", cards[first])
    for decided, following in ((first, late), (late, second)):
        done = await home.bob.sees(f"Brief {decided} · Approved by Bob")
        assert done.labels == ["Next"]
        mark = home.bob.mark()
        await home.bob.taps("Next", done)
        card = await home.bob.sees(f"Brief {following} · {NEEDS}", after=mark)
        await home.bob.taps("Approve", card)
    last = await home.bob.sees(f"Brief {second} · Approved by Bob")
    assert last.labels == []


async def test_next_for_nobody(home: House) -> None:
    """A [Next] that is tapped late says that nothing waits, and leads to the queue; a client has none."""
    await home.staff()
    await home.bob.says("/queue")
    card = await home.bob.sees("Nothing waits for a decision")
    signer = home.running.app.signer
    mark = home.bob.mark()
    await home.bob.taps_raw(signer.pack(Tap("next", 1, 0), chat_id=home.bob.id), card)
    assert "Open the queue" in (await home.bob.sees("Nothing waits", after=mark)).labels
    await home.alice.says("/whoami")
    shown = await home.alice.sees("Alice")
    toast = await home.alice.taps_raw(signer.pack(Tap("next", 1, 0), chat_id=home.alice.id), shown)
    assert "Only operators and admins may decide on drafts" in toast.text


async def test_a_note_for_colleagues(home: House) -> None:
    """A note stands on everybody's card with who wrote it; the client and the models never read it."""
    number, bobs, carols = await waiting(home)
    mark = home.bob.mark()
    await decides(home.bob, "Note", bobs)
    await home.bob.sees("Everybody who decides reads it on the card", after=mark)
    await home.bob.says("Alice will call <about> the hours.")
    await home.bob.sees(f"Your note is on the card of brief {number}.", after=mark)
    await home.carol.sees("Note by Bob: Alice will call <about> the hours.", after=carols)
    await home.carol.taps("Approve", await home.carol.sees("Note by Bob"))
    await home.alice.sees("To pay")
    assert not [message for message in home.alice.messages() if "will call" in message.text]


@pytest.mark.both_databases
async def test_hand_over(home: House) -> None:
    """A draft that is handed over is the other's, who is told by a new message; nobody else decides meanwhile."""
    await home.invite(home.eve, "operator")
    number, bobs, _ = await waiting(home)
    await decides(home.bob, "Take it", bobs)
    mark = home.bob.mark()
    await decides(home.bob, "Hand over", await home.bob.sees("You have it", after=bobs))
    asked = await home.bob.sees("Who takes it?", after=mark)
    assert asked.labels == ["Never mind", "Carol", "Eve"]
    await home.bob.taps("Eve", asked)
    told = await home.eve.sees(f"Brief {number} · Bob handed it to you")
    assert f"/brief_{number}" in told.text
    theirs = await home.bob.sees("Eve has it")
    assert "Eve has brief" in (await home.bob.taps("Approve", theirs)).text
    await home.eve.taps("Approve", await home.eve.sees("You have it"))
    await home.alice.sees("To pay")


@pytest.mark.both_databases
async def test_verbs_of_colleagues_refuse(home: House) -> None:
    """Clients and analysts neither note nor hand over; nothing goes to who cannot decide, nor once it was decided."""
    await home.invite(home.eve, "operator")
    number, bobs, _ = await waiting(home)
    verbs = home.running.app.services.review.colleagues
    bob, carol, eve = [await who(home, person) for person in (home.bob, home.carol, home.eve)]
    alice, dan = [await who(home, person) for person in (home.alice, home.dan)]
    for person in (alice, dan):
        for refused in (verbs.note(person, number, "a note"), verbs.hand_over(person, number, bob.id)):
            with pytest.raises(Forbidden):
                await refused
    for person in (alice, dan):
        with pytest.raises(Refusal, match="cannot decide on brief"):
            await verbs.hand_over(bob, number, person.id)
    for text in ("…", "x" * 501):
        with pytest.raises(Refusal):
            await verbs.note(bob, number, text)
    await verbs.hand_over(bob, number, eve.id)
    with pytest.raises(Stale, match="Eve has brief"):
        await verbs.hand_over(bob, number, carol.id)
    await verbs.note(bob, number, "Eve knows the client.")
    await verbs.hand_over(carol, number, bob.id)
    await home.bob.taps("Approve", await home.bob.sees("You have it", after=bobs))
    await home.alice.sees("To pay")
    for late in (verbs.note(carol, number, "too late"), verbs.hand_over(carol, number, eve.id)):
        with pytest.raises(Stale):
            await late


async def test_no_reason_where_nothing_is_wanting(home: House) -> None:
    """Of a draft over its floors and the target, sending back offers no reason but words of one's own."""
    await home.staff()
    home.openai.dictated = judging(50, 50, 50, 95)
    number = await home.brief(BRIEF)
    card = await home.bob.sees(f"Brief {number} · {NEEDS}")
    mark = home.bob.mark()
    await home.bob.taps("Send back", card)
    asked = await home.bob.sees("Tap a reason, or write it", after=mark)
    assert len(asked.labels) == 4
    await home.bob.says("Say it more warmly.")
    good = await home.bob.sees("Good: score 95, target 80", after=mark)
    mark = home.bob.mark()
    await home.bob.taps("Send back", good)
    assert (await home.bob.sees("What should change? Write it", after=mark)).labels == ["Never mind"]


async def test_buttons_of_the_version_before(home: House) -> None:
    """A card that was sent before this version goes on: each of its buttons still does what it said."""
    number, card, _ = await waiting(home)
    version = (await home.running.app.services.intake.briefs.get(await who(home, home.bob), number)).version
    shows = {
        "full": f"brief-{number}.md",
        "order": "What was asked for",
        "sendback": "What should change?",
        "edit": "Your next message is the new draft",
        "reject": "Why? Tap a reason",
        "take": "You have it",
        "approve": f"Brief {number} · Approved by Bob",
    }
    for action, words in shows.items():
        mark = home.bob.mark()
        await home.bob.taps_raw(home.running.app.signer.pack(Tap(action, number, version), chat_id=home.bob.id), card)
        await home.bob.sees(words, after=mark)
