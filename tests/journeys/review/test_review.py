"""The desk: claims, edits, quick reasons, what changed, and that nobody decides on their own."""

import asyncio
import re

import pytest
from sqlalchemy import func, select

from bot.kernel.errors import Forbidden
from bot.parts import Part
from sandbox.faults import Fault
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from storage.briefs import drafts
from storage.engine.connection import Connection
from storage.tables.briefs import briefs, decisions
from storage.tables.briefs import drafts as draft_rows
from storage.tables.core import events
from tests.house import OPEN_BRIEF, House, Providers, house
from tests.reviewing import NEEDS, decides, more, waiting

EDITED = "Nordwind carries your parcel by bicycle. It is insured up to 500 EUR. We tell you the delivery time soon."


async def test_the_card(home: House) -> None:
    """The card says title, type, the brief's first lines, what held the draft, and the sentence that did, marked in its
    paragraph; [More] adds attempt, cost and four criteria with reasons and quotes, and [Less] takes them away.
    """
    _, card, _ = await waiting(home)
    lines = card.text.splitlines()
    assert lines[1] == "Write a landing page text for Nordwind, a bicycle courier… · Drafting for Alice"
    assert lines[2].startswith("Write a landing page text for Nordwind, a bicycle courier in Hamburg.")
    assert re.match(r"Held: accuracy \d\d, floor 70", lines[3])
    assert re.match(r"Accuracy: says .*", lines[4])
    assert re.search(r"<u>[^<]*</u>", card.html)
    assert card.labels == ["Approve", "Send back", "Read it", "More"]
    wide = await more(home.bob, card)
    assert wide.id == card.id
    lines = wide.text.splitlines()
    assert re.fullmatch(r"Draft \d of 3, (under 0\.01|0\.0\d) USD", lines[4])
    assert re.fullmatch(r"Clarity \d\d · Accuracy \d\d \(floor 70\) · Completeness \d\d · Tone \d\d", lines[5])
    reasons = [line.partition(":")[0] for line in lines[6:10]]
    assert (reasons[0], set(reasons)) == ("Accuracy", {"Clarity", "Accuracy", "Completeness", "Tone"})
    assert re.search(r"Accuracy: says “.*”, which (is|are) not in the brief “.*”", lines[6])
    rows = [[b.label for b in row if b.label != "Changes"] for row in wide.buttons]  # of a first draft there are none
    assert rows == [
        ["Approve", "Send back", "Read it"],
        ["Brief", "Take it"],
        ["Edit", "Note", "Hand over"],
        ["Ask the client"],
        ["Replay", "Less"],
        ["Reject"],
    ]
    await home.bob.taps("Less", wide)
    assert (await home.bob.sees(NEEDS, after=wide)).text == card.text


async def test_the_brief_behind_a_button(home: House) -> None:
    """[Brief] shows what the client asked for, whole."""
    number, card, _ = await waiting(home)
    await decides(home.bob, "Brief", card)
    asked = await home.bob.sees(f"Brief {number} · What was asked for")
    assert OPEN_BRIEF in asked.text


async def test_claim(home: House) -> None:
    """Who takes a draft has it on everybody's card; another's tap gets a popup that names them, and does nothing."""
    number, bobs, carols = await waiting(home)
    toast = await decides(home.bob, "Take it", bobs)
    assert toast.text.startswith(f"Brief {number} is yours until ")
    mine = await home.bob.sees("You have it", after=bobs, message=bobs)
    theirs = await home.carol.sees("Bob has it", after=carols, message=carols)
    assert mine.labels == theirs.labels
    wide = await more(home.carol, theirs)
    assert "Take it" not in wide.labels
    assert "Give back" in wide.labels
    for label in ("Approve", "Send back", "Edit", "Reject"):
        toast = await home.carol.taps(label, wide)
        assert toast.alert
        assert re.fullmatch(
            rf"Bob has brief {number}, until \d\d:\d\d UTC at most. Bob or an admin can give it back.", toast.text
        )
    await home.bob.taps("Approve", mine)
    await home.alice.sees("To pay")


async def test_a_claim_can_be_given_back(home: House) -> None:
    """The claimer or an admin gives a draft back, after which anybody may take it; a colleague cannot."""
    number, bobs, carols = await waiting(home)
    await decides(home.carol, "Take it", carols)
    taken = await more(home.bob, await home.bob.sees("Carol has it", after=bobs))
    assert not {"Take it", "Give back"} & set(taken.labels)
    await decides(home.carol, "Give back", await home.carol.sees("You have it", after=carols))
    free = await more(home.bob, await home.bob.sees(NEEDS, after=taken))
    assert "Take it" in free.labels
    mark = home.carol.mark()
    await home.bob.taps("Take it", free)
    theirs = await more(home.bob, await home.bob.sees("You have it", after=free))
    taken = await more(home.carol, await home.carol.sees("Bob has it", after=mark))
    toast = await home.carol.taps("Give back", taken)
    assert toast.text == f"Brief {number} waits for whoever decides first"
    again = await home.carol.sees(NEEDS, after=taken)
    await decides(home.carol, "Take it", again)
    toast = await home.bob.taps_raw(target(theirs, "Give back"), theirs)
    assert toast.text.startswith(f"Carol has brief {number}, until ")


@pytest.mark.both_databases
async def test_a_claim_is_one(home: House) -> None:
    """Of 40 taps on Take it by two people one claim comes, and the claimer's own further taps change nothing."""
    number, bobs, carols = await waiting(home)
    cards = {home.bob: await more(home.bob, bobs), home.carol: await more(home.carol, carols)}
    toasts = await asyncio.gather(*(person.taps("Take it", card) for _ in range(20) for person, card in cards.items()))
    owns = [toast for toast in toasts if toast.text.startswith(f"Brief {number} is yours")]
    others = [toast for toast in toasts if f"has brief {number}, until" in toast.text]
    assert (len(owns), len(others)) == (20, 20)
    async with home.running.app.services.database.reading() as connection:
        assert await named(connection, number, "claimed") == 1


async def test_many_short_lines(home: House) -> None:
    """Of a draft of many short lines the card shows the first six, so that its buttons stay on the screen."""
    number, bobs, _ = await waiting(home)
    await decides(home.bob, "Edit", bobs)
    await home.bob.sees("Your next message is the new draft")
    await home.bob.says("\n".join(f"line {letter}" for letter in "abcdefghijklmnopq"))
    card = await home.bob.sees(re.compile(r"\nline a\n"), after=bobs)
    assert card.text.endswith("line e\nline f\n…")
    assert f"Brief {number} · Needs your decision" in card.text


async def test_edit(home: House) -> None:
    """The operator's text takes the draft's place, is judged again, and approving sends out exactly that text."""
    number, bobs, carols = await waiting(home)
    wide = await more(home.bob, bobs)
    await home.bob.taps("Edit", wide)
    await home.bob.sees("Your next message is the new draft")
    await home.bob.says(EDITED)
    await home.bob.sees("approving sends out exactly that")
    card = await home.carol.sees(re.compile(r"Edited by Bob\n(Held|Good): "), after=carols)
    assert card.id == carols.id
    assert EDITED in card.text
    toast = await home.carol.taps_raw(target(carols, "Approve"), card)
    assert f"Brief {number} changed since" in toast.text
    await home.carol.taps("Approve", card)
    await home.bob.sees(f"Brief {number} · Approved by Carol")
    file = await home.alice.sees(f"brief-{number}.md")
    assert file.document is not None
    assert file.document.data.decode() == f"{EDITED}\n"
    async with home.running.app.services.database.reading() as connection:
        made = await drafts.drafts_of(connection, "main", number)
        said = await decisions_of(connection, number)
    shown = next(draft for draft in made if f"Draft {draft.attempt} of 3" in wide.text)
    assert (made[-1].text, made[-1].author_id is not None) == (EDITED, True)
    assert said == [("edited", shown.content_hash), ("approved", made[-1].content_hash)]


async def test_only_what_was_approved_goes_out(stand_ins: Providers, database_url: str) -> None:
    """A text that is not the one that was approved, byte for byte, is not sent; operators are told."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        number, _, _ = await waiting(home)
    async with house(stand_ins, database_url, frozenset({Part.CHAT, Part.WEB})) as home:
        await home.bob.taps("Approve", await home.bob.sees(NEEDS))
        database = home.running.app.services.database
        await database.write(lambda tx: tx.run(draft_rows.update().values(text="Another text altogether.")))
    async with house(stand_ins, database_url) as home:
        seen = await home.bob.sees(f"Brief {number} · Stopped by a fault")
        assert "the text is not the one that was approved, so it was not sent" in seen.text
        await home.alice.sees("Stopped by a fault")
        assert not [m for m in home.alice.messages() if "Another text" in m.text or m.document is not None]


async def test_edit_by_a_file(home: House) -> None:
    """A draft can be sent as an .md file; another kind of file is refused, and the step goes on waiting."""
    number, bobs, _ = await waiting(home)
    await decides(home.bob, "Edit", bobs)
    await home.bob.sees("Your next message is the new draft")
    await home.bob.sends_file("draft.csv", b"a,b", mime_type="text/csv")
    await home.bob.sees("I take a draft as a message or as an .md or .txt file; draft.csv is neither.")
    await home.bob.sends_file("draft.md", EDITED.encode(), mime_type="text/markdown")
    await home.bob.sees(f"Brief {number} has your text now")
    assert EDITED in (await home.bob.sees("Edited by Bob", after=bobs)).text


async def test_an_edit_waits_for_nobody(home: House) -> None:
    """While the judge does not answer, an edited draft can be approved; its card says that it is being read."""
    _, bobs, carols = await waiting(home)
    home.openai.faults.add(Fault("POST", "status", status=503, times=1_000))
    await decides(home.bob, "Edit", bobs)
    await home.bob.sees("Your next message is the new draft")
    await home.bob.says(EDITED)
    card = await home.carol.sees("The judge is reading it; you need not wait.", after=carols)
    await home.carol.taps("Approve", card)
    await home.alice.sees("To pay")


async def test_an_edit_without_change(home: House) -> None:
    """The draft as it is, or nothing at all, is no edit: it is refused, and the step goes on waiting."""
    number, bobs, _ = await waiting(home)
    await decides(home.bob, "Edit", bobs)
    await home.bob.taps("Text as file", await home.bob.sees("Your next message is the new draft"))
    file = await home.bob.sees(f"brief-{number}.md")
    assert file.document is not None
    await home.bob.sends_file("same.md", file.document.data, mime_type="text/markdown")
    await home.bob.sees("That is the draft as it is; nothing was changed.")
    await home.bob.says("…")
    await home.bob.sees("There is no word in it.")
    await home.bob.taps("Never mind")
    await home.bob.sees(f"Brief {number} stays as it is.")


async def test_a_quick_reason_to_send_back(home: House) -> None:
    """What is under its floor or the target is a button beside free text; a tap sends back with the judge's words."""
    number, bobs, _ = await waiting(home)
    await home.bob.taps("Send back", bobs)
    question = await home.bob.sees("What should change?")
    assert question.labels[0] == "Fix the facts"
    await home.bob.taps("Fix the facts", question)
    done = await home.bob.sees(f"Brief {number}: a draft with the facts fixed is being written")
    assert (done.id, done.labels) == (question.id, [])
    again = await home.bob.sees("Asked for: Improve the accuracy: says", after=bobs)
    assert NEEDS in again.text
    await home.carol.sees(f"Brief {number} · Sent back by Bob")


async def test_a_quick_reason_to_reject(home: House) -> None:
    """Reject is confirmed by its reason: three are buttons in the client's words; Never mind leaves all as it was."""
    number, bobs, _ = await waiting(home)
    await decides(home.bob, "Reject", bobs)
    question = await home.bob.sees("Why?")
    assert question.labels[:2] == ["Never mind", "Facts missing"]
    await home.bob.taps("Never mind", question)
    await home.bob.sees(f"Brief {number} stays as it is.")
    mark = home.bob.mark()
    await decides(home.bob, "Reject", bobs)
    await home.bob.taps("Facts missing", await home.bob.sees("Why?", after=mark))
    seen = await home.alice.sees(f"Brief {number} · Rejected")
    assert "The brief leaves facts open that the text needs, and we do not make them up." in seen.text


async def test_nobody_decides_their_own(home: House) -> None:
    """An operator's own brief shows them no decision, and every verb refuses them below every door."""
    await home.staff()
    mark = home.bob.mark()
    await home.bob.says(OPEN_BRIEF)
    await home.bob.taps("Yes, start", await home.bob.sees("Nothing is spent until you say yes", after=mark))
    card = await home.carol.sees(NEEDS)
    number = int(card.text.split()[1])
    await home.bob.says(f"/brief_{number}")
    own = await home.bob.sees("Price 120.00 USD")
    assert "Approve" not in own.labels
    services = home.running.app.services
    bob = await services.people.joining.identify(home.bob.id, "Bob", "en")
    version = (await services.intake.briefs.get(bob, number)).version
    for verb in (
        services.review.decisions.approve(bob, number, version),
        services.review.decisions.send_back(bob, number, version, "shorter"),
        services.review.decisions.reject(bob, number, version, "not ours"),
        services.review.decisions.edit(bob, number, version, EDITED),
        services.review.decisions.claim(bob, number, version),
        services.review.decisions.give_back(bob, number, version),
        services.review.decisions.lowest(bob, number, version),
    ):
        with pytest.raises(Forbidden, match="Nobody decides on their own brief"):
            await verb


async def test_cancelled_while_it_waits(home: House) -> None:
    """When the client cancels, everybody's card says so and has no buttons."""
    number, bobs, carols = await waiting(home)
    await home.alice.taps("Cancel", await home.alice.sees(f"Brief {number} · In review"))
    for person, card in ((home.bob, bobs), (home.carol, carols)):
        gone = await person.sees(f"Brief {number} · Cancelled by the client", after=card, message=card)
        assert gone.labels == []


async def test_a_client_decides_nothing(home: House) -> None:
    """Nor does a client or an analyst, whatever they make up."""
    number, _, _ = await waiting(home)
    services = home.running.app.services
    for person in (home.alice, home.dan):
        who = await services.people.joining.identify(person.id, "", "en")
        for verb in (
            services.review.decisions.approve(who, number, 1),
            services.review.decisions.edit(who, number, 1, EDITED),
            services.review.decisions.claim(who, number, 1),
            services.review.decisions.changes(who, number),
        ):
            with pytest.raises(Forbidden, match="Only operators and admins may decide on drafts"):
                await verb


async def test_flagged(home: House) -> None:
    """What was found in the material that tries to steer the judge is said on the card, in words."""
    number, _, _ = await waiting(home)
    database = home.running.app.services.database
    words = ["sets its own score", "gives orders to the judge"]
    await database.write(lambda tx: tx.run(briefs.update().where(briefs.c.id == number).values(flags=words)))
    mark = home.bob.mark()
    await home.bob.says(f"/brief_{number}")
    assert (
        "Flagged: sets its own score, gives orders to the judge. A person decides"
        in (await home.bob.sees(NEEDS, after=mark)).text
    )


@pytest.mark.both_databases
async def test_three_operators_at_once(home: House) -> None:
    """Of 50 taps by three operators at once on every button that decides, one has an effect; 49 get a polite answer."""
    await home.staff()
    await home.invite(home.eve, "operator")
    number = await home.brief(OPEN_BRIEF)
    people = (home.bob, home.carol, home.eve)
    cards: dict[Person, Seen] = {person: await person.sees(NEEDS) for person in people}
    forms = {person: await question(person, cards[person]) for person in people}
    taps = [(person, label) for label in ("Approve", "Fix the facts", "Facts missing") for person in people] * 6
    mark = home.bob.mark()
    toasts = await asyncio.gather(
        *(
            person.taps(label, cards[person] if label == "Approve" else forms[person][label])
            for person, label in taps[:50]
        )
    )
    refused = [toast for toast in toasts if toast.alert]
    assert len(refused) == 49
    assert all(f"Brief {number}" in toast.text for toast in refused)
    await home.bob.sees(re.compile(rf"Brief {number} · (Approved|Sent back|Rejected) by"), after=mark)
    async with home.running.app.services.database.reading() as connection:
        assert len(await decisions_of(connection, number)) == 1


async def question(person: Person, card: Seen) -> dict[str, Seen]:
    """The questions behind Send back and Reject, by the quick reason that is tapped there."""
    mark = person.mark()
    await person.taps("Send back", card)
    back = await person.sees("What should change?", after=mark)
    await decides(person, "Reject", card)
    return {"Fix the facts": back, "Facts missing": await person.sees("Why?", after=mark)}


def target(card: Seen, label: str) -> str:
    return next(b.target for row in card.buttons for b in row if b.label == label)


async def named(connection: Connection, number: int, name: str) -> int:
    """How many events of that name the brief has."""
    query = select(func.count()).select_from(events).where(events.c.subject == f"brief:{number}", events.c.name == name)
    return int((await connection.execute(query)).scalar_one())


async def decisions_of(connection: Connection, number: int) -> list[tuple[str, str]]:
    """What people said of the brief's drafts, in order, with the hash of the text that they saw."""
    query = select(decisions.c.verdict, decisions.c.content_hash).where(decisions.c.brief_id == number)
    return [(row.verdict, row.content_hash) for row in await connection.execute(query.order_by(decisions.c.id))]
