"""“Nothing is charged” is said where it is true, and nowhere else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.briefs.model import State
from bot.briefs.owed import charged
from bot.invoices.model import Invoice, InvoiceState
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.locale.catalogs import template
from bot.quality.model import CRITERIA
from bot.review.rejecting import ask_why
from tests.briefs import made_up

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
FREE, FREELY = "Nothing is charged", "free of charge"


def invoice(state: InvoiceState, asked: datetime | None = None) -> Invoice:
    """An invoice for brief 1003 that stands so; asked: when it was decided to have it voided."""
    money, said = Money(12_000, "USD"), ("in_1", "EP-1", None, None, NOW, NOW, NOW, None)
    return Invoice(55, "main", "brief:1003", 7, money, state, 1, *said, void_asked_at=asked)


@pytest.mark.parametrize("state", [State.REJECTED, State.CANCELLED])
def test_a_brief_of_its_own(state: State) -> None:
    """What was never delivered has no invoice, and costs nothing."""
    assert charged(made_up("a", TaskType.OTHER, id=1004, state=state), None) == f"{FREE}."


def test_a_brief_that_may_go_on() -> None:
    """What a fault stopped is charged once it is delivered, and not before."""
    stopped = made_up("a", TaskType.OTHER, id=1004, state=State.FAILED)
    assert charged(stopped, None) == "Nothing is charged before it is delivered."


@pytest.mark.parametrize("ended", [State.REJECTED, State.CANCELLED, State.FAILED])
@pytest.mark.parametrize("state", InvoiceState)
def test_a_revision(ended: State, state: InvoiceState) -> None:
    """A revision leaves the invoice of the brief before behind: only where that is void, nothing is charged."""
    revision = made_up("a", TaskType.OTHER, id=1020, state=ended, revision_of=1003)
    said = charged(revision, invoice(state))
    assert (FREE in said) == (state is InvoiceState.VOID)
    assert "brief 1003" in said


@pytest.mark.parametrize("state", [InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE])
def test_an_invoice_that_is_being_voided(state: InvoiceState) -> None:
    """Until Stripe voided it, it can be paid, so the client is asked not to."""
    revision = made_up("a", TaskType.OTHER, id=1020, state=State.REJECTED, revision_of=1003)
    said = charged(revision, invoice(state, NOW))
    assert said == "The invoice for brief 1003 is being voided. Please do not pay it."


# Said of what was sent and became no brief: there is nothing yet that could be charged.
OF_NO_BRIEF = (
    "nothing is charged.",
    "Nothing was started or charged.",
    "Nothing was started or charged. You need not write it again.",
    "Nothing new was started or charged. A person reads it and gets back to you.",
)
# Every other sentence, with where it is true.
SAID = {
    "Nothing is charged.": "above: of a brief of its own",
    "Nothing is charged before it is delivered.": "above: of a brief that may go on",
    "Nothing is charged: the invoice for brief {brief} is void.": "above: of a revision",
    "The brief ends there and is not charged.": "below: where no invoice is left behind",
    "Record it again, closer to the microphone, or write it. Nothing is charged.": "a recording is no brief",
    "Brief {brief} is cancelled; nothing is charged": "journeys/briefs/test_endings.py: not of a revision",
    "The quote is discarded; nothing is charged": "nobody said yes to it",
    "Brief {brief} is cancelled; nothing is charged; {cost} went to models": "the same, to an operator",
    "With one or two stars you get one revision, free of charge.": "a revision has no price",
    "Write it as your next message. One change is free of charge.": "handlers/intake/test_changes.py",
    "Brief {brief} · A change, free of charge?": "the same",
    "What is missing? Write it as your next message, and a new version is made from it, free of charge.": "the same",
}


def test_every_text_that_says_so_is_known() -> None:
    """Who writes another sentence of the kind looks first whether it is true on every path."""
    said = {str(message.id) for message in template() if "charged" in str(message.id) or FREELY in str(message.id)}
    of_briefs = {one for one in said if not one.endswith(OF_NO_BRIEF) and "cannot be charged" not in one}
    assert of_briefs == SAID.keys()


@pytest.mark.parametrize(("choice", "words"), [("keep", "stays as it is"), ("void", "is voided")])
def test_what_follows_from_a_rejection(choice: str, words: str) -> None:
    """Whoever rejects a brief reads that it is not charged; of a revision, what becomes of the invoice."""
    brief = made_up("a", TaskType.OTHER, id=1020, version=3)
    assert "is not charged" in ask_why(brief, CRITERIA).text
    asked = ask_why(replace(brief, revision_of=1003), CRITERIA, choice).text
    assert "not charged" not in asked
    assert words in asked
