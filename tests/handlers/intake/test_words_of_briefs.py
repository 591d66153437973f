"""Conversations about briefs in a language that nobody speaks: what was not translated is found."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from bot.kernel.card import Card
from bot.kernel.translation import Reader, gettext, reading_as
from handlers.catalog import STEPS
from sandbox.telegram.people import Person as Sender
from storage.tables.people import people
from tests.desk import Desk, desk
from tests.house import Providers
from tests.journeys.words.shown import CALENDAR
from tests.pseudo_locale import LANGUAGE, escaped, installed, pseudo

TEXT = "Wrt txt fr th lmp, whch cmprs cn rd"  # without a vowel, so that it is never taken for an escaped text
ASKED = "About how many words should it have?"
GIVEN = ("Alice", "test", "Being made", "Who reads it?", "Spanish", "English", "Urdu", "German", "French")
UNITS = ("USD", "UTC", *CALENDAR)  # CLDR's, not ours


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    with installed():
        async with desk(stand_ins, database_url) as made:
            await made.app.services.database.write(lambda tx: tx.run(update(people).values(language=LANGUAGE)))
            yield made


def left(card: Card) -> list[str]:
    """The words of a card that were not translated."""
    labels = [button.label for row in card.rows for button in row]
    return [word for text in (card.text, card.toast, *labels) for word in escaped(text, data=[*GIVEN, *UNITS])]


async def taps(here: Desk, who: Sender, label: str, card: Card) -> Card:
    """The answer to a tap on the button whose translated label has these English letters."""
    wanted = pseudo(label).strip("⟦⟧·")
    return (await here.taps(who, wanted, card)).card or Card()


async def test_a_quote(here: Desk) -> None:
    """An order in one message, and all that can be changed of its quote."""
    alice, seen = here.alice, []
    quote = await here.says(alice, f"/brief {TEXT}")
    seen.append(quote)
    seen += [await taps(here, alice, label, quote) for label in ("Other type", "More options", "What is missing?")]
    more = seen[2]
    seen += [await taps(here, alice, label, more) for label in ("Change text", "Deadline", "Language")]
    seen += [await here.says(alice, words) for words in ("Klngn", "/stop", "/stop", "/status", "/briefs")]
    assert [words for card in seen if (words := left(card))] == []


async def test_step_by_step(here: Desk) -> None:
    """/brief as an operator, with every step that there is."""
    bob, seen = here.bob, []
    seen.append(await here.says(bob, "/brief"))
    seen.append(await taps(here, bob, "Drafting", seen[-1]))
    seen.append(await here.says(bob, TEXT))
    for _ in range(6):
        skip = next((label for label in ("Skip all", "Skip", "No deadline") if has(seen[-1], label)), None)
        if skip is None:
            break
        seen.append(await taps(here, bob, skip, seen[-1]))
    assert len(seen) > 5
    assert [words for card in seen if (words := left(card))] == []


def has(card: Card, label: str) -> bool:
    wanted = pseudo(label).strip("⟦⟧·")
    return any(wanted in button.label for row in card.rows for button in row)


async def test_stars(here: Desk) -> None:
    """Few stars, what is missing, and the revision; then its second asking is refused."""
    brief = await here.delivered(here.alice, text=TEXT)
    seen = [await here.says(here.alice, f"/brief_{brief.id}")]
    seen.append(await taps(here, here.alice, "Rate it", seen[0]))
    seen.append(await taps(here, here.alice, "Weak", seen[1]))
    seen.append(await taps(here, here.alice, "No revision", seen[2]))
    seen.append(await taps(here, here.alice, "Weak", seen[1]))
    seen.append(await here.says(here.alice, "?"))
    assert [words for card in seen if (words := left(card))] == []


async def test_the_team(here: Desk) -> None:
    """What operators and admins look up."""
    await here.delivered(here.alice, text=TEXT)
    asked = (
        "/briefs",
        "/invoices",
        "/status",
        "/find lmp",
        "/find nthng",
        "/find",
        "/replay",
        "/brief_9",
    )
    seen = [await here.says(here.carol, words) for words in asked]
    assert [words for card in seen if (words := left(card))] == []


async def test_small_talk(here: Desk) -> None:
    """What is no brief, the same brief twice, and what is too long."""
    seen = [await here.says(here.alice, words) for words in ("h", "...", "lmp " * 11_000)]
    seen += [await here.says(here.alice, TEXT), await here.says(here.alice, TEXT)]
    assert [words for card in seen if (words := left(card))] == []


def test_questions_that_wait() -> None:
    """A question of a brief is said again in its reader's language."""
    with installed(), reading_as(Reader(LANGUAGE)):
        for step, question in STEPS.items():
            if step.startswith(("brief.", "quote.", "rating.", "voice.")):
                assert escaped(gettext(question.again).replace("{", "<").replace("}", ">")) == [], step
