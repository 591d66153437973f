"""Refunds: their states, what is left to send back, and who has to say yes. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.invoices.charges import CURRENCIES, check_step
from bot.invoices.marks import row_mark
from bot.invoices.remote import RemoteCharge
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.tasks import Pool, TaskKind
from bot.kernel.text.storable import says_something
from bot.kernel.translation import gettext as _
from bot.kernel.translation import pgettext
from bot.prices.amounts import read_amount

SEND_REFUND = TaskKind("send_refund", Pool.QUICK)
REFUND = "refund"
LONGEST_REASON = 300
NOT_LEFT = "not_left"  # why one failed that was never sent, beside the provider's own codes
# A refund of which nobody knows whether Stripe made it is asked about so long after it was sent, then a person hears.
CHECKS = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1))
_LIMIT = re.compile(r"([A-Z]{3})\s+([0-9]{1,12}(?:\.[0-9]{1,3})?)")
EXAMPLE = "USD 100, EUR 90"


class RefundState(StrEnum):
    """REQUESTED: others have to approve it. APPROVED: they did. RESERVED: there is enough left, and its key is fixed.

    SENT: Stripe is being asked. UNKNOWN: no answer came; ask before anything else. PENDING: Stripe has it, and the
    money is under way. SUCCEEDED may still turn FAILED, days later. FAILED, CANCELLED: the money is ours.
    """

    REQUESTED = "requested"
    APPROVED = "approved"
    RESERVED = "reserved"
    SENT = "sent"
    UNKNOWN = "unknown"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


GIVES_BACK = frozenset({RefundState.FAILED, RefundState.CANCELLED})
GONE = frozenset({RefundState.PENDING, RefundState.SUCCEEDED})  # the client can count on it
TO_SEND = frozenset({RefundState.APPROVED, RefundState.RESERVED})
# What Stripe says of a refund, https://docs.stripe.com/api/refunds/object#refund_object-status
STATUSES: Mapping[str, RefundState] = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Refund:
    """A row of `refunds`: one attempt to send money of a payment back.

    intent: the payment at Stripe; payment: how much came in by it. asked_by: None where somebody made it in Stripe's
    dashboard. fee: what Stripe keeps. ending: of the card that paid. check_at: when Stripe is asked again what became
    of it, checks: how often it was.
    """

    id: int
    tenant: str
    invoice_id: int
    intent: str
    payment: Money
    amount: Money
    state: RefundState
    version: int
    reason: str
    asked_by: int | None
    stripe_id: str | None
    fee: Money | None
    ending: str
    error: str | None
    created_at: datetime
    sent_at: datetime | None = None
    check_at: datetime | None = None
    checks: int = 0

    @property
    def name(self) -> str:
        """ "refund:17"."""
        return f"{REFUND}:{self.id}"

    @property
    def mark(self) -> str:
        """By what the row is told from another of its number, see `bot.invoices.marks`."""
        return row_mark(self.created_at, REFUND, self.invoice_id, self.intent, self.amount.neutral)

    @property
    def lost(self) -> bool:
        """Whether nobody knows what came of it, and the provider is not asked any more by itself."""
        return self.state is RefundState.UNKNOWN and self.stripe_id is None and self.checks >= len(CHECKS)

    @property
    def counts(self) -> bool:
        """Whether its amount cannot be sent back once more."""
        return self.state not in GIVES_BACK


def spent(refunds: Iterable[Refund], intent: str) -> int:
    """What of a payment was sent back, or may be, in minor units."""
    return sum(one.amount.minor for one in refunds if one.counts and one.intent == intent)


def left(charge: RemoteCharge, refunds: Iterable[Refund]) -> Money:
    """What of a payment can still be sent back."""
    return Money(max(0, charge.amount.minor - spent(refunds, charge.intent)), charge.amount.currency)


def check_charge(charges: Iterable[RemoteCharge], refunds: Iterable[Refund]) -> RemoteCharge:
    """The payment to send money back from: of several the one with the most left. Raises Refusal where none can be."""
    known, rows = list(charges), list(refunds)
    if not known:
        raise Refusal(
            _("Nothing came in through Stripe for this invoice, so it can send nothing back. Nothing was asked for.")
        )
    free = [one for one in known if not one.disputed]
    if not free:
        raise Refusal(
            _(
                "The client's bank disputes this payment, so Stripe refunds nothing of it. Answer the dispute in "
                "Stripe's dashboard. Nothing was asked for."
            )
        )
    best = max(free, key=lambda one: left(one, rows).minor)
    if not left(best, rows).minor:
        raise Refusal(_("All of this payment was refunded, or is being refunded. Nothing was asked for."))
    return best


def check_amount(amount: Money, remaining: Money) -> None:
    """Raise Refusal for what cannot be sent back of so much."""
    if amount.currency != remaining.currency:
        raise Refusal(
            _("The invoice is in {currency}. Write the amount in that currency.", currency=remaining.currency)
        )
    if amount.minor <= 0:
        raise Refusal(_("Write an amount above 0. You can send back up to {money}.", money=remaining))
    if amount.minor > remaining.minor:
        raise Refusal(_("{amount} is more than the {money} that is left to send back.", amount=amount, money=remaining))
    check_step(amount)


def check_reason(text: str) -> str:
    """The reason as it is kept. Raises Refusal where it says nothing, or is too long."""
    reason = " ".join(text.split())
    if not says_something(reason):
        raise Refusal(_("Say why in a few words: those who approve it read that. For example: delivered too late."))
    if len(reason) > LONGEST_REASON:
        raise Refusal(_("A reason has at most {n} characters. Write it shorter.", n=LONGEST_REASON))
    return reason


def amount_in(text: str, remaining: Money) -> Money:
    """The amount that somebody wrote, with its currency or without; "all" is what is left.

    Raises Refusal where it is no amount, could be two, or is in another currency.
    """
    said = text.strip()
    if said.casefold() in {"all", pgettext("amount", "all").casefold()}:
        return remaining
    if set(re.findall(r"\b[A-Z]{3}\b", said.upper())) & (CURRENCIES - {remaining.currency}):
        raise Refusal(
            _("The invoice is in {currency}. Write the amount in that currency.", currency=remaining.currency)
        )
    return read_amount(said, remaining.currency)


def limits_in(text: str) -> Mapping[str, Money]:
    """The amounts that are written with commas between them, by their currencies. Raises ValueError with words."""
    found: dict[str, Money] = {}
    for part in (part.strip() for part in re.split(r"[,;\n]", text) if part.strip()):
        written = _LIMIT.fullmatch(part)
        if written is None:
            raise ValueError(f"“{part[:40]}” is no amount; write it like {EXAMPLE}")
        if written[1] not in CURRENCIES:
            raise ValueError(f"names {written[1]}, in which Stripe charges nothing")
        if written[1] in found:
            raise ValueError(f"has two amounts in {written[1]}")
        try:
            found[written[1]] = Money.parse(written[2], written[1])
        except Refusal as refusal:
            raise ValueError(str(refusal).removesuffix(".")) from None
    return found


def needed(amount: Money, intent: str, before: Iterable[Refund], limits: Mapping[str, Money]) -> int:
    """How many people have to approve a refund of that payment; of a currency without a limit each one needs two.

    before: the refunds of the invoice. What people here asked for of the same payment counts too, since in slices
    anything would stay below the limit.
    """
    limit = limits.get(amount.currency)
    earlier = spent((one for one in before if one.asked_by is not None), intent)
    return 1 if limit is not None and amount.minor + earlier <= limit.minor else 2


def heard(refund: Refund | None, status: str) -> RefundState | None:
    """The state that it is in by what Stripe says; None where that is an older answer, or nothing new.

    What Stripe says and nobody knows counts as sent back, until Stripe says something else.
    """
    state = STATUSES.get(status, RefundState.UNKNOWN)
    if refund is None or refund.stripe_id is None:
        return state
    if refund.state is state or refund.state in GIVES_BACK:
        return None
    return None if refund.state is RefundState.SUCCEEDED and state is RefundState.PENDING else state
