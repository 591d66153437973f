"""Every text of refunds and of approvals, in a language that nobody speaks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.model import Permission, Person, Role
from bot.approvals import cards as approval_cards
from bot.approvals import model as approvals
from bot.approvals.model import Approval, ApprovalState, Looked, Signature, Terms
from bot.flags.model import Change, Flag, Mode, Switch
from bot.invoices.model import Invoice, InvoiceState
from bot.invoices.remote import RemoteCharge
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.translation import Reader, reading_as
from bot.refunds import cards, model
from bot.refunds.cards import WHY, About, Preview, Refundable
from bot.refunds.model import CHECKS, Refund, RefundState
from tests.pseudo_locale import LANGUAGE, escaped, installed

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
ALICE, BOB, CAROL, ERIN = (
    Person(number, "main", number, name, role, "en")
    for number, name, role in (
        (7, "Alice", Role.CLIENT),
        (8, "Bob", Role.OPERATOR),
        (9, "Carol", Role.ADMIN),
        (10, "Erin", Role.ADMIN),
    )
)
INVOICE = Invoice(
    55, "main", "hand:55", 7, Money(12_000, "USD"), InvoiceState.PAID, 1, "in_1", "EP-0001", "https://pay.example.org/1",
    None, NOW, NOW, NOW, NOW, paid_minor=12_000,
)  # fmt: skip
REFUND = Refund(
    id=1001,
    tenant="main",
    invoice_id=55,
    intent="pi_1",
    payment=Money(12_000, "USD"),
    amount=Money(2_000, "USD"),
    state=RefundState.REQUESTED,
    version=1,
    reason="Solar lamp",
    asked_by=8,
    stripe_id=None,
    fee=Money(378, "USD"),
    ending="4242",
    error=None,
    created_at=NOW,
)
DATA = ("Solar lamp", "Alice", "Bob", "Carol", "Erin", "EP-0001", "USD", "EUR", "UTC", "odd words of Stripe")


@pytest.fixture(autouse=True)
def pseudo() -> Iterator[None]:
    with installed(), reading_as(Reader(LANGUAGE)):
        yield


def about(refund: Refund) -> About:
    return About(refund, INVOICE, "Alice", [refund])


def each() -> Sequence[Refund]:
    """One in each state, for each reason, and of each odd kind."""
    return [
        *(replace(REFUND, state=state) for state in RefundState),
        *(replace(REFUND, state=RefundState.FAILED, error=why) for why in (*WHY, "odd words of Stripe")),
        replace(REFUND, state=RefundState.UNKNOWN, stripe_id="re_1"),
        replace(REFUND, state=RefundState.UNKNOWN, checks=len(CHECKS)),
        replace(REFUND, state=RefundState.SUCCEEDED, asked_by=None, ending="", fee=None),
    ]


def of_refunds() -> Sequence[Card]:
    refunds = each()
    charge = RemoteCharge("pi_1", Money(12_000, "USD"), Money(378, "USD"), "4242")
    of = [Refundable(INVOICE, one, "Alice", refunds) for one in (charge, replace(charge, fee=None, ending=""))]
    off = Switch(Flag.PAYMENTS, Change(Mode.OFF), "Solar lamp", "Carol", NOW, 1)
    previews = [
        Preview(one, Money(100, "USD"), "Solar lamp", needed, fuse, switched)
        for one in of
        for needed, fuse in ((1, 0), (2, 0), (2, 1), (2, 10))
        for switched in (None, off)
    ]
    return [
        cards.choose([INVOICE], {7: "Alice"}, ()),
        cards.choose([], {}, ()),
        *(cards.ask_amount(one) for one in of),
        cards.ask_reason(of[0], Money(100, "USD")),
        *(cards.preview(one, 1) for one in previews),
        *(make(about(one)) for one in refunds for make in (cards.state, cards.to_client, cards.back_from_client)),
        *(cards.details(about(one), may=True) for one in refunds),
        cards.held(about(REFUND), off),
        cards.lost(about(REFUND)),
        cards.asked_again(about(REFUND)),
    ]


def of_approvals() -> Sequence[Card]:
    asked = Approval(1001, "main", Terms("refund:1001", Money(2_000, "USD"), 1), 8, 2, timedelta(minutes=10),
                     ApprovalState.WAITING, 1, NOW, NOW + timedelta(hours=48))  # fmt: skip
    people, subject = {one.id: one for one in (BOB, CAROL, ERIN)}, cards.subject(about(REFUND))
    shown = []
    for state in ApprovalState:
        for by, ended in (((), None), ((CAROL,), 9), ((CAROL, ERIN), 8)):
            approval = replace(asked, state=state, due_at=NOW, ended_by=ended)
            signatures = [Signature(one.id, yes=True, mark=approval.mark, at=NOW) for one in by]
            for minutes in (1, 9):
                looked = Looked(approval, signatures, people)
                shown.append(approval_cards.Shown(looked, lambda: subject, by, Permission.APPROVE_REFUNDS, minutes))
    return [
        *(approval_cards.card(one, reader) for one in shown for reader in (BOB, CAROL, ERIN, ALICE)),
        *(approval_cards.not_done(one) for one in shown),
        approval_cards.listing(shown),
        approval_cards.listing([]),
    ]


@pytest.mark.parametrize("cards_of", [of_refunds, of_approvals])
def test_no_words_escape(cards_of: Callable[[], Sequence[Card]]) -> None:
    """Nothing that is shown stays English for somebody who does not read it."""
    texts = [part for card in cards_of() for part in (card.text, *(one.label for row in card.rows for one in row))]
    days = [f"{at:{form}}" for at in (NOW, NOW + timedelta(hours=48)) for form in ("%A", "%a", "%b")]
    assert {text: words for text in texts if (words := escaped(text, (*DATA, *days)))} == {}


REFUSALS: Sequence[Callable[[], object]] = (
    lambda: model.check_amount(Money(1, "EUR"), REFUND.payment),
    lambda: model.check_amount(Money(0, "USD"), REFUND.payment),
    lambda: model.check_amount(Money(12_001, "USD"), REFUND.payment),
    lambda: model.check_reason(""),
    lambda: model.check_reason("x" * 301),
    lambda: model.check_charge([], []),
    lambda: model.check_charge([RemoteCharge("pi_1", REFUND.payment, disputed=True)], []),
    lambda: model.check_charge([RemoteCharge("pi_1", Money(2_000, "USD"))], [REFUND]),
    lambda: model.amount_in("5 EUR", REFUND.payment),
    lambda: approvals.check_enough([], 1, Permission.APPROVE_REFUNDS),
    lambda: approvals.check_enough([], 2, Permission.APPROVE_REFUNDS),
    lambda: (_ for _ in ()).throw(approvals.nothing(1)),
)


@pytest.mark.parametrize("refused", REFUSALS)
def test_refusals_are_translated(refused: Callable[[], object]) -> None:
    """What is refused is refused in the person's language."""
    with pytest.raises(Refusal) as caught:
        refused()
    assert escaped(str(caught.value), (*DATA, "x")) == []
