"""Every status that Stripe's SDK names is handled or held, and so is one that it does not name yet."""

import re
from collections.abc import Callable, Collection
from inspect import getsource
from typing import Literal, get_args, get_origin

import pytest
import stripe
from stripe.params import WebhookEndpointCreateParams

from bot.billing.settlement import STATES
from bot.invoices import statuses
from bot.invoices.events import OCCASIONS, Reread
from bot.invoices.fitting import misfit
from bot.invoices.model import Invoice, InvoiceState
from bot.invoices.ports import Place
from bot.invoices.remote import RemoteInvoice, Sums
from bot.invoices.statuses import Handling
from bot.kernel.clock import SystemClock
from bot.kernel.money import Money


def literals(kind: object) -> set[str]:
    """The names in a type's Literals, whatever they stand in."""
    if get_origin(kind) is Literal:
        return set(get_args(kind))
    return {name for part in get_args(kind) for name in literals(part)}


def in_words(kind: type[object], field: str) -> set[str]:
    """The names in the SDK's documentation of a field, which it types as plain text."""
    text = re.search(rf'^    {field}: [^\n]*\n    """\n(.*?)"""', getsource(kind), re.DOTALL | re.MULTILINE)
    assert text is not None
    return set(re.findall(r"`([a-z_]+)`", text.group(1)))


NAMED = {
    "invoice": (literals(stripe.Invoice.__annotations__["status"]), statuses.INVOICE),
    "invoice payment": (in_words(stripe.InvoicePayment, "status"), statuses.INVOICE_PAYMENT),
    "payment intent": (literals(stripe.PaymentIntent.__annotations__["status"]), statuses.PAYMENT_INTENT),
    "charge": (literals(stripe.Charge.__annotations__["status"]), statuses.CHARGE),
    "refund": (in_words(stripe.Refund, "status"), statuses.REFUND),
    "dispute": (literals(stripe.Dispute.__annotations__["status"]), statuses.DISPUTE),
}


@pytest.mark.parametrize("kind", NAMED)
def test_every_status_has_its_handling(kind: str) -> None:
    """The SDK's names and ours are the same ones."""
    named, known = NAMED[kind]
    assert named == set(known)


def test_how_many_there_are(measured: Callable[[str], None]) -> None:
    """All of them are counted, so that a new SDK that names another shows."""
    counts = {kind: len(named) for kind, (named, _) in NAMED.items()}
    measured(f"statuses of Stripe's SDK, each handled or held: {counts}, {sum(counts.values())} in all")
    assert counts == {
        "invoice": 5, "invoice payment": 3, "payment intent": 7, "charge": 3, "refund": 5, "dispute": 10
    }  # fmt: skip


def standing(status: str) -> RemoteInvoice:
    return RemoteInvoice("in_1", status, "USD", Sums(subtotal=100, total=100, off_stripe=100), "test")


def test_every_invoice_status_is_followed_or_held() -> None:
    """A followed status has a state of ours; a held one, or one that nobody names yet, is a misfit with its name."""
    now = SystemClock().now()
    ours = Invoice(
        1, "main", "brief:1", 1, Money(100, "USD"), InvoiceState.OPEN, 1, "in_1", *(None,) * 4, now, now, None
    )
    for status in (*statuses.INVOICE, "frozen"):
        why = misfit(ours, standing(status), Place("acct_1", "test"))
        if statuses.INVOICE.get(status) is Handling.FOLLOWED:
            assert why is None
            assert status in STATES
        else:
            assert str(why) == f"its status is “{status}”"


def test_paid_without_money_is_held() -> None:
    """What Stripe says is paid, without a payment, a credit or a word that explains it, is a misfit."""
    now = SystemClock().now()
    ours = Invoice(
        1, "main", "brief:1", 1, Money(100, "USD"), InvoiceState.OPEN, 1, "in_1", *(None,) * 4, now, now, None
    )
    paid = RemoteInvoice("in_1", "paid", "USD", Sums(subtotal=100, total=100), "test")
    assert str(misfit(ours, paid, Place("acct_1", "test"))) == (
        "Stripe says that it is paid, but its payments explain 0.00 USD of 1.00 USD"
    )


def test_unknown_words() -> None:
    """A refund or dispute with a status that nobody names yet is told with that status."""
    for kind in ("refund", "dispute"):
        assert "“frozen”" in str(statuses.sentence_of(kind, "frozen"))


def names(kinds: Collection[str], *beginnings: str) -> set[str]:
    return {kind for kind in kinds if kind.startswith(beginnings)}


def test_events_are_those_that_stripe_names() -> None:
    """Each type that is acted on is one that the SDK names, and none about refunds or disputes is left out."""
    known = set(re.findall(r'"([a-z_]+(?:[.][a-z_]+)+)"', getsource(WebhookEndpointCreateParams)))
    assert set(OCCASIONS) <= known
    about_money = {Reread.CHARGE, Reread.REFUND, Reread.DISPUTE}
    told = {kind for kind, occasion in OCCASIONS.items() if occasion.reread in about_money}
    assert names(known, "refund.", "charge.dispute.", "charge.refund") == told
