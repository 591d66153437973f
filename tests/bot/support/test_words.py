"""Cards between clients and the team, in the language of whoever gets them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.access.model import Person, Role
from bot.kernel.card import Card, escape
from bot.kernel.text.fitting import fits
from bot.kernel.translation import Reader, reading_as
from bot.support import cards
from bot.support.model import About, Message, Sent, Thread, View, Waiting, Words
from tests.pseudo_locale import LANGUAGE, escaped_in, installed

AT = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
BOB = Person(2, "main", 1002, "Bob", Role.OPERATOR, LANGUAGE)
THREAD = Thread(
    1001, "main", 5, 1001, "Alice", "en", "brief:1042", 2,
    waits=True, since=AT, reminded=0, claimed_by=2, claimed_at=AT,
)  # fmt: skip
ABOUTS = (About(), About("brief", "1042", "Solar lamp"), About("quote", title="Solar lamp"), About("invoice", "INV-7"),
          About("invoice", "INV-7", "Solar lamp", 1042))  # fmt: skip
FILE = Sent(1001, 7, "Solar lamp.png")
SAID = (Message(1, True, 2, "Bob", "Solar lamp", AT), Message(2, False, 5, "Alice", "Solar lamp", AT, FILE))
DATA = ["Solar lamp.png", "Solar lamp", "Alice", "Bob", "UTC", "INV-7"]


@pytest.fixture(autouse=True)
def pseudo() -> Iterator[None]:
    with installed():
        yield


def shown(about: About, thread: Thread = THREAD, said: Sequence[Message] = SAID) -> list[Card]:
    """Every card of a thread about that."""
    view = View(thread, about, said, AT, holder_id=2, holder="Bob", until=AT)
    strangers = replace(view, thread=replace(thread, client_id=None))
    return [
        cards.ask(about, about.kind, 7),
        cards.sent(about, "Bob"),
        cards.sent(about, "", FILE),
        cards.file_of_team(thread, about, FILE),
        cards.file_of_client(thread, FILE),
        cards.left("Bob"),
        cards.how_to_leave(),
        cards.ask_question(1042, "Solar lamp"),
        cards.question(thread, "Solar lamp", "Bob"),
        cards.heard(1042, "Bob"),
        cards.from_team(thread, about, "Bob"),
        cards.of_client(view),
        cards.for_team(view, BOB),
        cards.for_team(replace(view, about=replace(about, paid=55)), BOB),
        cards.for_team(view, replace(BOB, id=3)),
        cards.for_team(replace(view, holder_id=None, until=None), BOB),
        cards.for_team(strangers, BOB),
        cards.whole(view),
        cards.answered(view, 3, Words("Bob", FILE), "Bob", AT),
        cards.settled(view, "Bob", AT),
        cards.ask_answer(view),
        cards.ask_letter(replace(BOB, name="Alice")),
        cards.answer_sent(thread),
        cards.ordered(view, "Solar lamp"),
        cards.waiting(Waiting((), 0, AT)),
        cards.waiting(Waiting((thread,), 2, AT)),
        cards.reminder((thread,), 2, AT),
        cards.last_level((thread,), 1, AT),
    ]


@pytest.mark.parametrize("about", ABOUTS, ids=["nothing", "brief", "quote", "invoice", "invoice of a brief"])
def test_nothing_escapes(about: About) -> None:
    """Whatever a card says of a thread is translated."""
    with reading_as(Reader(LANGUAGE)):
        assert {card.text: found for card in shown(about) if (found := escaped_in(card, DATA))} == {}


def test_whatever_they_are_called() -> None:
    """Names, titles, numbers and files from outside stand in every card as words, and never as formatting."""
    odd = "<u>odd"
    about = About("invoice", odd, odd, 1042)
    said = [replace(one, author=odd, text=odd, file=replace(FILE, name=odd)) for one in SAID]
    assert [card.text for card in shown(about, replace(THREAD, name=odd), said) if "<u>" in card.text] == []


@pytest.mark.parametrize("text", ["<b>&", "a" * 10_000, "𝔸" * 2_000], ids=["markup", "long", "wide"])
def test_whatever_a_client_writes(text: str) -> None:
    """The words stand in the card whole and as they are, however odd; what fits in no message becomes a file there."""
    view = View(THREAD, ABOUTS[1], (replace(SAID[1], text=text),), AT)
    card = cards.for_team(view, BOB)
    assert escape(text) in card.text
    assert fits(cards.answered(view, 3, Words(text), "Bob", AT).text)
    assert [button.action for row in card.rows for button in row] == ["answer", "takethread", "ordered", "settle"]
