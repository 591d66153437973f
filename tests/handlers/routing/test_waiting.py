"""A question that waits in a chat: what is no answer to it is not lost, and the question is said again."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.kernel.card import Card
from handlers.catalog import STEPS
from handlers.routing import waiting
from handlers.routing.update import read
from sandbox.telegram.people import Person
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers
from tests.sounds import recording

QUOTE = "Nothing is spent until you say yes"
QUESTION = "Where should the invoice go?"
AGAIN = "Still open: where should the invoice go?"
# What every dialog's steps know of, so that each can be said again.
DATA: dict[str, Any] = {"brief": 1, "version": 1, "type": "Drafting", "questions": ["Who reads it?"], "answers": []}
DATA |= {
    "client": 1,
    "name": "Alice",
    "currency": "USD",
    "entry": 1,
    "number": "INV-1",
    "words": "Write about lamps.",
    "said": {"email": "a@example.org"},
    "starts": [],
    "lines": [],
    "purpose": "draft",
    "incident": 1,
    "kind": "roles",
    "again": {},
}
PICTURE = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def _asked(here: Desk) -> Card:
    """Alice, who was never asked, says yes to brief 1001."""
    quote = await here.says(here.alice, BRIEF)
    card = (await here.taps(here.alice, "Yes, start", quote)).card
    assert card is not None
    assert QUESTION in card.text
    return card


async def _sends(here: Desk, who: Person, kind: str, number: int) -> Card:
    match kind:
        case "text":
            return await here.says(who, f"{BRIEF} Say it in another way, number {number}.")
        case "document":
            await who.sends_file("notes.txt", f"Notes number {number} on the lamp, for a page.".encode())
        case "photo":
            await who.sends_photo(PICTURE)
        case "voice":
            await who.sends_voice(recording(1), 1)
    return await here.card()


GUIDED = {"brief.text", "brief.question", "brief.deadline", "brief.target", "brief.language"}
WORDS = {
    "quote.text",
    "quote.question",
    "change.what",
    "voice.correct",
    "review.send_back",
    "review.reject",
    "review.note",
    "rating.missing",
    "support.question",
    "refund.reason",
}
PASSED_ON = {"support.write", "support.answer", "support.letter"}
DRAFTS = {"review.edit", "prompt.text"}
# What each kind of message may answer; it is no answer to any other question.
ANSWERS = {
    "text": {"brief.text", "brief.question", "prompt.changelog", "invoice.lines", *WORDS, *DRAFTS, *PASSED_ON},
    "document": {*GUIDED, *DRAFTS, *PASSED_ON},
    "photo": GUIDED | PASSED_ON,
    "voice": GUIDED | PASSED_ON,
}


@pytest.mark.parametrize("kind", ANSWERS)
async def test_no_answer_is_not_lost(here: Desk, kind: str) -> None:
    """While any question of any dialog waits, what plainly is no answer to it is what it would be without the question,
    which waits on and is said again.
    """
    for number, step in enumerate(sorted(STEPS.keys() - ANSWERS[kind])):
        await here.ask(here.carol, step, DATA)
        answer = await _sends(here, here.carol, kind, number)
        if kind == "photo":
            assert "What should be done with it?" in answer.text
            assert "Still open" not in answer.text
            answer = await here.says(here.carol, f"Describe this lamp for a page, in {number + 60} words.")
        if kind == "voice":
            *_, listening, answer = await here.told(here.carol.id)
            assert "Being written down" in listening.text
        else:
            assert QUOTE in answer.text
        assert answer.text.splitlines()[-1].startswith("Still open: "), step
        now = await here.waits(here.carol)
        assert now is not None
        assert (now.step, now.data, now.behind) == (step, DATA, ())


async def test_an_album_is_not_lost(here: Desk) -> None:
    """Pictures that come together while an e-mail is asked for are one brief, whose question is asked first; an e-mail
    that is written all the same is the answer to the other question.
    """
    await _asked(here)
    jpeg = "image/jpeg"
    await here.alice.sends_album(("a.jpg", PICTURE, jpeg), ("b.jpg", PICTURE, jpeg), ("c.jpg", PICTURE, jpeg))
    first, *others = [answer.card or Card() for answer in await here.answers()]
    assert "What should be done with it?" in first.text
    assert [card.text for card in others] == ["", ""]
    name = await here.says(here.alice, "anna@example.org")
    assert "Which name goes on the invoice?" in name.text
    await here.says(here.alice, "Nordwind GmbH")
    done = await here.says(here.alice, "Germany")
    assert "Brief 1001 is started" in done.text
    assert done.text.splitlines()[-1] == "Still open: your new brief. Write what you need; /stop ends it."
    quote = await here.says(here.alice, "Describe these lamps for a page.")
    assert "3 pictures" in quote.text
    assert await here.waits(here.alice) is None


@pytest.mark.parametrize(
    ("words", "is_answer"),
    [
        ("anna@example.org", True),
        ("Nordwind GmbH\nanna@example.org\nHafenstrasse 1\n20457 Hamburg\nGermany", True),
        ("Please send it to anna@example.org. Thank you very much.", True),
        ("I have no e-mail, can I pay by card?", True),
        ("hm", True),
        ("Write a page about our lamp. It has to name the price and the shop.", False),
        (f"{BRIEF} Questions go to anna@example.org.", False),
        ("Write " + "a very " * 20 + "long page", False),
    ],
)
async def test_what_answers_the_email(here: Desk, words: str, is_answer: bool) -> None:
    """Few words, or an e-mail with what goes with it, answer the question; a text of some length is a brief."""
    await _asked(here)
    card = await here.says(here.alice, words)
    assert (QUOTE not in card.text) is is_answer
    assert (AGAIN in card.text) is not is_answer


async def test_short_words_without_an_email(here: Desk) -> None:
    """They are asked about kindly, with the way out, and can be meant as a brief, which loses nothing either."""
    await _asked(here)
    card = await here.says(here.alice, "Write a page about lamps")
    assert "I see no e-mail address in “Write a page about lamps”." in card.text
    assert [button.label for row in card.rows for button in row] == [
        "It is a new brief",
        "Skip: pay on Stripe's page",
        "Cancel",
    ]
    meant = (await here.taps(here.alice, "It is a new brief", card)).card
    assert meant is not None
    assert QUOTE in meant.text
    assert meant.text.splitlines()[-1].startswith(AGAIN)
    assert "Brief 1001 is started" in (await here.says(here.alice, "Skip")).text


async def test_other_questions_behind_the_email(here: Desk) -> None:
    """What else is asked meanwhile does not end the question: neither /brief, nor another quote's buttons, nor the one
    /stop that ends what was asked last.
    """
    await _asked(here)
    kind = await here.says(here.alice, "/brief")
    text = (await here.taps(here.alice, "Research", kind)).card
    assert text is not None
    assert AGAIN in (await here.says(here.alice, "/stop")).text
    other = await here.says(here.alice, f"{BRIEF} Once more.")
    more = (await here.taps(here.alice, "More options", other)).card
    assert more is not None
    when = (await here.taps(here.alice, "Deadline", more)).card
    assert when is not None
    chosen = (await here.taps(here.alice, "Tomorrow", when)).card
    assert chosen is not None
    assert re.search("due in .*" + re.escape(AGAIN), chosen.text, re.DOTALL)
    assert "Brief 1001 is started" in (await here.says(here.alice, "Anna, anna@example.org, Germany")).text
    assert await here.waits(here.alice) is None


async def test_skip_in_words(here: Desk) -> None:
    """The word that stands on the buttons skips address and tax id as well, and is never printed."""
    await here.says(here.alice, "/billing Alice, alice@example.org, Germany")
    overview = await here.says(here.alice, "/billing")
    await here.taps(here.alice, "Address, tax ID", overview)
    assert "Which tax ID" in (await here.says(here.alice, "skip")).text
    assert (await here.says(here.alice, "Skip.")).text == overview.text


async def test_a_long_text_is_not_cut(here: Desk) -> None:
    """A text that comes as two messages while an e-mail is asked for is one brief, whole."""
    await _asked(here)
    lines = "\n".join(f"Line {number} of what our bicycle couriers should know about parcels." for number in range(80))
    await here.alice.says(lines)
    first, second = await here.answers()
    assert first.card is not None
    assert QUOTE in first.card.text
    assert second.card is not None
    assert second.card.text == ""
    number = first.card.rows[0][0].subject
    brief = await here.app.services.intake.briefs.get(await here.person(here.alice), number)
    assert brief.text == lines


async def test_a_tap_on_what_stands_behind(here: Desk) -> None:
    """The cards of a question that another was asked in front of still work, and end that question alone."""
    question = await _asked(here)
    await here.alice.sends_photo(PICTURE)
    what = await here.card()
    stopped = (await here.taps(here.alice, "Cancel", what)).card
    assert stopped is not None
    assert stopped.text.splitlines()[-1].startswith(AGAIN)
    await here.alice.sends_photo(PICTURE)
    await here.card()
    skipped = (await here.taps(here.alice, "Skip", question)).card
    assert skipped is not None
    assert "Brief 1001 is started" in skipped.text
    now = await here.waits(here.alice)
    assert now is not None
    assert (now.step, now.behind) == ("brief.text", ())


async def test_questions_in_a_group(here: Desk, stand_ins: Providers) -> None:
    """What is asked in a group is answered there by a reply; what its people say to each other is no answer, and a
    reply of somebody else's is none either.
    """
    group = stand_ins.telegram.group("Studio", [here.carol, here.alice, here.bob])
    kind = await here.says(here.alice, "/brief", group.id)
    request = (await here.taps(here.alice, "Drafting", kind, group.id)).card
    assert request is not None
    assert request.text.splitlines()[-1] == waiting.BY_REPLY
    shown = group.messages[await here.app.telegram.send(group.id, request)]
    await here.alice.says("See you at noon, all of you.", group.id)
    await here.bob.says("See you.", group.id, reply_to=shown)
    assert [answer.card for answer in await here.answers()] == [None]  # of plain words there Telegram tells us nothing
    await here.alice.says(BRIEF, group.id, reply_to=shown)
    following = await here.card()
    assert following.text.startswith("<b>Drafting brief · question 1 of 1<") or "step 3 of 4" in following.text
    assert following.text.splitlines()[-1] == waiting.BY_REPLY


async def test_anothers_yes(here: Desk, stand_ins: Providers) -> None:
    """Who says yes to somebody else's quote in a group is refused at once, and not asked where its invoice goes."""
    group = stand_ins.telegram.group("Studio", [here.carol, here.alice, here.bob])
    quote = await here.says(here.alice, f"/brief {BRIEF}", group.id)
    tap = await here.taps(here.bob, "Yes, start", quote, group.id)
    assert tap.outcome == "forbidden"
    assert await here.waits(here.bob) is None


async def test_an_album_where_one_text_is_asked_for(here: Desk) -> None:
    """An album of files is refused as a whole, in one message, where one text is asked for; the question waits on."""
    for step in ("review.edit", "prompt.text"):
        await here.ask(here.carol, step, DATA)
        await here.carol.sends_album(("a.txt", b"One text.", "text/plain"), ("b.txt", b"Another.", "text/plain"))
        updates = [read(update) for update in await here.app.telegram.get_updates(here.offset)]
        keys = tuple(update.source_key for update in updates[-2:])
        answers = [await here.dispatcher.answer(replace(update, album_keys=keys)) for update in updates[-2:]]
        cards = [answer.card for answer in answers if answer is not None]
        assert cards[0] is not None
        assert "album of 2 files, and I need one text" in cards[0].text
        assert cards[1] is None
        waits = await here.waits(here.carol)
        assert waits is not None
        assert waits.step == step
