"""Cards about drafts, in the language of whoever gets them."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.access.model import Person, Role
from bot.adapters.languages import detect
from bot.briefs import cards as brief_cards
from bot.briefs.model import Brief, Draft, State
from bot.checks.checks import PlainChecks
from bot.escalation import cards as reminder_cards
from bot.escalation.drafts import undecided
from bot.escalation.service import Reminders
from bot.invoices.model import Invoice, InvoiceState
from bot.kernel.card import Card, Document, from_payload
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, reading_as
from bot.quality.injection_patterns import Family
from bot.quality.model import CRITERIA, Criterion, Evaluation, Floors, Result
from bot.review import cards, colleague_cards, queue_cards, rejecting
from bot.review.changes import changes_card
from bot.review.model import Changes, Escalation, Note, Queue, QueueFilter, ReviewPolicy, ReviewView, Waiting
from bot.review.showing import show_review_cards
from storage.briefs import briefs, drafts
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.tables.core import outbox
from tests.briefs import made_up
from tests.pseudo_locale import LANGUAGE, escaped_in, installed
from tests.storage.conftest import opened

AT = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DESK = ReviewPolicy(Floors(), 3, Escalation(*(n * MINUTE for n in (30, 30, 60, 90, 120))), PlainChecks(detect))
BOB = Person(2, "main", 1002, "Bob", Role.OPERATOR, LANGUAGE)
ASKED = "Write a page about our solar lamp for people who like to camp, in about 200 words."
WRITTEN = "A lamp for"
DATA = [
    ASKED,
    "EP-0001",
    "Solar lamp",
    "Alice",
    "Bob",
    "UTC",
    "USD",
    "200 words",
    WRITTEN,
    "for",
    "Leave it",
    "md",
    "txt",
]
BRIEF = made_up(
    ASKED, TaskType.DRAFTING,
    id=1042, title="Solar lamp", deadline=AT, flags=tuple(Family), note="Leave it", qa_target=80, claimed_by=2,
    claimed_at=AT, in_review_at=AT, state=State.IN_REVIEW, version=3,
)  # fmt: skip
ASKED_BACK = replace(BRIEF, asked_at=AT)
REVISION = replace(BRIEF, revision_of=1003)
INVOICE = Invoice(
    55, "main", "brief:1003", 7, Money(12_000, "USD"), InvoiceState.OPEN, 1, "in_1", "EP-0001", None, None, AT, AT, AT,
    None,
)  # fmt: skip
DRAFT = Draft(1, 1042, 2, WRITTEN, "hash", "gpt", AT)
RESULTS = tuple(Result(criterion, 10, "Bob", "Bob") for criterion in CRITERIA)
QUOTING = tuple(replace(result, quote=WRITTEN) for result in RESULTS)
LOOK = Evaluation(1, 1, RESULTS, 1000, passed=False, model="gpt")
VIEW = ReviewView(
    BRIEF, DRAFT, LOOK,
    judged=True, blind=False, client="Alice", author=None, holder=BOB, cost_micro_usd=20_000, policy=DESK, now=AT,
)  # fmt: skip
REJECTION = rejecting.REJECTIONS[Criterion.TONE][1]
COUNTS = dict.fromkeys(QueueFilter, 2) | {QueueFilter.ALL: 3}


@pytest.fixture(autouse=True)
def pseudo() -> Iterator[None]:
    with installed():
        yield


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    async with opened(sqlite_url) as made:
        yield made


def shown() -> list[Card]:
    """Every card about a draft."""
    rejections = [words for _, words in rejecting.REJECTIONS.values()]
    return [
        cards.review(VIEW, BOB),
        cards.review(replace(VIEW, notes=[Note("Bob", "Leave it", AT)]), BOB, wide=True),
        cards.review(replace(VIEW, evaluation=replace(LOOK, results=QUOTING)), BOB),
        cards.review(replace(VIEW, blind=True), BOB, wide=True),
        cards.review(replace(VIEW, holder=None, author="Bob"), BOB),
        cards.review(replace(VIEW, blind=True), replace(BOB, id=3)),
        cards.review(replace(VIEW, evaluation=None), BOB),
        cards.review(replace(VIEW, evaluation=None, judged=False), BOB),
        *(cards.decided(BRIEF, DRAFT, verdict, "Bob", AT, rejections[0]) for verdict in cards.DECIDED),
        cards.decided(BRIEF, DRAFT, "approved", "Bob", AT, following=True),
        cards.withdrawn(BRIEF, AT),
        cards.review(replace(VIEW, brief=ASKED_BACK), BOB),
        cards.heard(BRIEF, AT),
        colleague_cards.ask_for_note(BRIEF),
        *(colleague_cards.ask_whom(BRIEF, people) for people in ([BOB], [])),
        colleague_cards.handed_to_you(BRIEF, "Bob", AT),
        *(
            colleague_cards.whole(BRIEF, WRITTEN, Document(name, WRITTEN), may_decide=True)
            for name in ("a.md", "a.csv")
        ),
        colleague_cards.whole(BRIEF, "for " * 2_000, Document("a.md", ""), may_decide=True),
        cards.ask_what_to_change(BRIEF, RESULTS),
        cards.ask_what_to_change(BRIEF, ()),
        rejecting.ask_why(BRIEF, CRITERIA),
        *(rejecting.ask_why(REVISION, CRITERIA, choice) for choice in rejecting.INVOICE),
        rejecting.ask_about_invoice(REVISION, INVOICE),
        cards.order(replace(BRIEF, text="Alice")),
        cards.ask_for_text(BRIEF),
        *(queue_cards.queue(kind, Queue((), COUNTS, 0, AT), [Waiting(ASKED_BACK, "Bob")], ()) for kind in QueueFilter),
        queue_cards.queue(QueueFilter.MINE, Queue((), dict.fromkeys(QueueFilter, 0), 2, AT), (), ()),
        reminder_cards.reminder([BRIEF], 1, AT),
        reminder_cards.last_level([BRIEF], 2, AT),
        changes_card(Changes(BRIEF, DRAFT, replace(DRAFT, text="Bob"))),
        changes_card(Changes(BRIEF, DRAFT, DRAFT)),
    ]


def test_nothing_escapes() -> None:
    """Whatever a card says of a draft is translated: flags, what checks found, scores, and the reason of a tap too."""
    with reading_as(Reader(LANGUAGE)):
        assert {card.text: found for card in shown() if (found := escaped_in(card, DATA))} == {}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_the_drafter_reads_english(criterion: Criterion) -> None:
    """What a tap has the drafter told is English, whoever taps."""
    with reading_as(Reader(LANGUAGE)):
        note = cards.quick_note(Result(criterion, 10, "It says 24 hours."))
        assert note == f"Improve the {criterion}: It says 24 hours."
        assert [one.told for one in DESK.checks.of(BRIEF, "A lamp")] == [
            "it has 2 words where the brief says “200 words”"
        ]


def test_the_client_reads_the_reason_of_a_tap() -> None:
    """A reason that was tapped is stored as one of our sentences; its client reads it in their language."""
    rejected = replace(BRIEF, state=State.REJECTED, reason=REJECTION, held=None, note=None)
    with reading_as(Reader(LANGUAGE)):
        assert escaped_in(brief_cards.progress(rejected, AT), DATA) == []


async def waiting(tx: Transaction) -> Brief:
    """A brief of Alice's before Bob and Carol; Alice and Carol read another language."""
    client = await people.enroll(tx, "main", 1001, "Alice", Role.CLIENT, LANGUAGE)
    await people.enroll(tx, "main", 1002, "Bob", Role.OPERATOR, "en")
    await people.enroll(tx, "main", 1003, "Carol", Role.ADMIN, LANGUAGE)
    values = {
        "tenant": "main", "client_id": client.id, "chat_id": 1001, "task_type": TaskType.OTHER, "title": "Alice",
        "text": ASKED, "state": State.JUDGING, "qa_target": 80, "language": "", "price_minor": 12000, "currency": "USD",
    }  # fmt: skip
    brief, _ = await briefs.add(tx, "test", values)
    draft = await drafts.add_draft(tx, brief, 1, WRITTEN, "gpt")
    return await briefs.move(tx, brief, State.IN_REVIEW, draft_id=draft.id)


async def told(database: Database) -> dict[str, list[str]]:
    """What waits for each chat."""
    async with database.reading() as connection:
        rows = await connection.execute(select(outbox.c.destination, outbox.c.payload).order_by(outbox.c.id))
        found: dict[str, list[str]] = {}
        for to, payload in rows:
            found.setdefault(to, []).append(from_payload(payload).text)
        return found


async def test_each_reviewer_in_their_language(database: Database) -> None:
    """Of one draft, each of those who may decide on it gets a card in their own language."""

    async def work(tx: Transaction) -> None:
        await show_review_cards(tx, await waiting(tx), DESK)

    await database.write(work)
    found = {chat: [text.splitlines()[0] for text in texts] for chat, texts in (await told(database)).items()}
    assert found == {
        "1002": ["<b>Brief 1001 · Needs your decision</b>"],
        "1003": ["<b>⟦Bríéf 1001 · Nééds yóúr décísíón···········⟧</b>"],
    }


async def test_reminders_in_each_language(database: Database) -> None:
    """Who is reminded, and the client who waits, read it in their own language; the run's result is everybody's."""
    late = DESK.escalation
    brief = await database.write(waiting)
    desk = replace(DESK, escalation=replace(late, remind=-2 * MINUTE, escalate=-MINUTE))
    assert "reminded of 1 draft," in await Reminders(database, desk.escalation, undecided(desk)).escalate(brief.tenant)
    found = await told(database)
    assert found["1002"][0].startswith("<b>A draft still waits for a decision</b>")
    assert "⟦" in found["1001"][0]
