"""Every card of briefs and their intake, in a language that nobody speaks: what was not translated is found."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.access.model import Person, Role
from bot.briefs import cards, ending_cards
from bot.briefs.expected import Expected, Morning
from bot.briefs.material import Attachment, LeftOpen
from bot.briefs.model import Brief, BriefSummary, Draft, State
from bot.briefs.standing import standing
from bot.feedback import change_cards, rating_cards
from bot.feedback.changes import Offer, Way
from bot.intake import cards as intake_cards
from bot.invoices.model import Invoice, InvoiceState
from bot.kernel.card import Button, Card
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, reading_as
from bot.prices import cards as price_cards
from bot.prices.model import Prices
from bot.quality.cards import probe_passed
from bot.recordings import cards as recording_cards
from tests.briefs import made_up
from tests.pseudo_locale import LANGUAGE, escaped, installed

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
# CLDR's, and what stands in a brief's text.
GIVEN = ("Spanish", "UTC", "USD", "Thursday", "Thu", "Fri", "Nov", "s.pdf", "Answers")
WALK = (Button("b", "b"),)


@pytest.fixture(autouse=True)
def pseudo() -> Iterator[None]:
    with installed(), reading_as(Reader(LANGUAGE)):
        yield


def brief(**known: Any) -> Brief:
    values = {
        "id": 7,
        "version": 1,
        "title": "lmp",
        "state": State.QUOTED,
        "price": Money(12_000, "USD"),
        "reminded": 0,
    }
    values |= {"qa_target": 80, "created_at": NOW, "updated_at": NOW, "deadline": NOW, "client_id": 1, "draft_id": 1}
    return made_up(
        "Wrt ths.\n\n## Answers\n- Wht? b\n- Wh? b", TaskType.DRAFTING, **values | {"language": "es"} | known
    )


def invoice(state: InvoiceState) -> Invoice:
    blank: Any = None
    values = dict.fromkeys((field.name for field in fields(Invoice)), blank)
    return Invoice(**values | {"state": state, "amount": Money(12_000, "USD"), "paid_minor": 0})


def attachment(kind: Any, **known: Any) -> Attachment:
    made = Attachment(1, "main", 1, None, "s", kind, "f", "s.pdf", "", 4_000_000, 60, "b", "", NOW, ("b",))
    return replace(made, **known)


def left(shown: list[Card]) -> list[str]:
    """The words that were not translated."""
    texts = [text for card in shown for text in (card.text, card.toast)]
    texts += [button.label for card in shown for row in card.rows for button in row]
    return [word for text in texts for word in escaped(text, data=GIVEN)]


def test_where_it_stands() -> None:
    """In every state, by every invoice, held for every reason, and finished."""
    shown = [cards.progress(brief(state=state, reason="b", reminded=4), NOW) for state in State]
    shown += [cards.progress(brief(state=state), NOW) for state in State]
    shown.append(cards.progress(brief(state=State.IN_REVIEW, asked_at=NOW), NOW))
    shown += [cards.progress(brief(state=State.DRAFTING, held=held), NOW) for held in cards.HELD_LINE]
    shown += [cards.failed(brief(state=State.FAILED, failed_from=state)) for state in State]
    shown += [cards.went_on(brief(), "b", NOW, anew=anew) for anew in (True, False)]
    shown += [cards.delivery(brief(), Draft(1, 7, 1, "b " * 5_000, "", "m", NOW), prose=True)]
    shown += [cards.delivery(brief(), Draft(1, 7, 1, "b **c**\n" * 200, "", "m", NOW), prose=True)]
    shown += [Card(cards.being_written(brief(), "")), probe_passed("b", TaskType.OTHER, 90, 80)]
    shown += [cards.listing("b", [BriefSummary(7, "b", State.QUEUED, False, NOW, None)], (), NOW)]
    assert left(shown) == []


@pytest.mark.parametrize("state", InvoiceState)
def test_endings(state: InvoiceState) -> None:
    """Rejected, stopped and gone on, alone and as a revision of a brief whose invoice stands in any way."""
    asked = replace(invoice(state), void_asked_at=NOW)
    for one in (None, invoice(state), asked):
        for known in ({"reason": "b"}, {"revision_of": 5}, {"revision_of": 5, "state": State.FAILED}):
            ended = brief(**known)
            shown = [ending_cards.rejected(ended, one), ending_cards.stopped(ended, one), ending_cards.goes_on(ended)]
            assert left(shown) == []


def test_details() -> None:
    """To its client and to the team, also where the finished work was not shown."""
    people = [Person(n, "main", n, "b", role) for n, role in ((1, Role.CLIENT), (2, Role.ADMIN))]
    shown = [
        cards.details(cards.Details(brief(state=state, reason="b"), "b", None, 5, None, missing), who, NOW)
        for state in State
        for who in people
        for missing in ((), ("undeliverable",), ("dropped",))
    ]
    assert left(shown) == []


@pytest.mark.parametrize("state", InvoiceState)
def test_by_its_invoice(state: InvoiceState) -> None:
    """A delivered brief stands by its invoice."""
    assert escaped(standing(State.INVOICED, invoice(state))) == []
    assert escaped(standing(State.INVOICED, replace(invoice(state), paid_minor=1))) == []
    assert escaped(standing(State.INVOICED, replace(invoice(state), void_asked_at=NOW))) == []


def test_quotes() -> None:
    """With files of every kind, and without answers."""
    files = [attachment(kind, extent="") for kind in ("document", "audio", "voice", *["image"] * 12)]
    other = replace(brief(), text="Wrt ths.")
    soon, by = Expected(timedelta(minutes=2), NOW), Expected(None, NOW + timedelta(days=1))
    morning, price = Morning(NOW, by, 20), Money(1_00, "USD")
    shown = [cards.quote(brief(), files, NOW, NOW, soon, LeftOpen(), morning, price)]
    shown.append(cards.quote(replace(other, full_price=price), files[:4], NOW, NOW, by, LeftOpen(asked=2), morning))
    later = NOW + timedelta(days=1)
    for state in (State.QUEUED, State.IN_REVIEW):
        shown += [cards.progress(brief(state=state, read_by=by, usual_seconds=120), NOW) for by in (NOW, later)]
    shown.append(cards.progress(brief(state=State.DEFERRED, starts_at=NOW), NOW))
    shown.append(price_cards.prices(Prices(dict.fromkeys(TaskType, price), price)))
    shown.append(price_cards.not_told())
    for way in Way:
        shown += [change_cards.ask(Offer(brief(), way, price)), change_cards.confirm(Offer(brief(), way, price), "b")]
    shown += [change_cards.begun(brief(), brief(price=money)) for money in (price, Money(0, "USD"))]
    shown.append(change_cards.left())
    shown += [intake_cards.more(brief(), decider=True), intake_cards.ask_new_text(brief())]
    assert left(shown) == []


def test_steps() -> None:
    """Each step of /brief, for each type."""
    shown = [intake_cards.offer_to_go_on({"words": "b", "files": ["b"]})]
    shown += [
        intake_cards.ask_type(5),
        intake_cards.ask_what("b"),
        intake_cards.ask_question("b", "b", (WALK,)),
    ]
    shown += [intake_cards.ask_text({"type": one}, "b", WALK, ()) for one in TaskType]
    shown += [
        intake_cards.ask_text({"words": "b"}, "b", WALK, ["b"]),
        intake_cards.ask_text({"type": ""}, "b", WALK, ["b"]),
    ]
    shown += [intake_cards.ask_deadline("b", WALK, {}), intake_cards.ask_target("b", WALK, WALK)]
    shown += [intake_cards.ask_language("b", WALK, WALK), Card(intake_cards.language_labels()["same"])]
    assert left(shown) == []


@pytest.mark.parametrize("kind", ["voice", "audio"])
def test_recordings(kind: str) -> None:
    """A recording from its coming to its end."""
    one = attachment(kind, text="b " * 3_000)
    shown = [recording_cards.listening(one), recording_cards.transcript(one, TaskType.RESEARCH, Money(1, "USD"))]
    shown += [
        recording_cards.ask_correction(one),
        recording_cards.nothing_heard(one),
        recording_cards.not_written_down(one),
    ]
    shown += [recording_cards.waits_for_room(one, switched=switched) for switched in (True, False)]
    assert left([*shown, recording_cards.dropped(one)]) == []


def test_stars() -> None:
    """Each number of stars, the revision, and what the team reads."""
    shown = [rating_cards.rated(brief(), stars, revisable=True) for stars in rating_cards.WORDS]
    shown += [rating_cards.rated(brief(), 1, revisable=False), rating_cards.question(brief())]
    shown += [rating_cards.confirm(brief(), "b")]
    shown += [
        rating_cards.begun(brief(), brief()),
        rating_cards.for_operators(brief(), 1, "b", brief(note="b")),
    ]
    assert left(shown) == []
