"""Partners' revenue shares: what a partner gets of a paid invoice, what is taken back of it, and statements. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.invoices.remote import RemoteInvoice
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from bot.partners.model import Partner

BASIS_POINTS = 10_000
MONTHS_BACK = 240  # how far back a statement goes


class Reason(StrEnum):
    """Why an invoice is shared. ORDER: the partner's program ordered it. REFERRAL: its client came by their link."""

    ORDER = "order"
    REFERRAL = "referral"


class Kind(StrEnum):
    """What moved what a partner is owed."""

    EARNED = "earned"
    CLAWED = "taken back"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Share:
    """A row of `partner_shares`: what a partner gets of one paid invoice. base: what it is a share of.

    clawed: what was taken back, since money of the invoice went back: by refunds, by the client's bank (`disputed`), by
    credit notes (`credited`).
    """

    id: int
    tenant: str
    partner_id: int
    invoice_id: int
    reason: Reason
    share_bp: int
    base: Money
    earned: int
    clawed: int
    disputed: int
    credited: int
    version: int

    def money(self, minor: int) -> Money:
        """An amount of its currency."""
        return Money(minor, self.base.currency)


@dataclass(frozen=True, slots=True)
class NewShare:
    """A share that is about to be written down."""

    partner: Partner
    invoice_id: int
    reason: Reason
    base: Money
    earned: Money


@dataclass(frozen=True, slots=True)
class Move:
    """A row of `partner_share_moves`. amount: negative where less is owed by it. key: of its posting.

    client: who paid the invoice; "" where it was paid out.
    """

    partner_id: int
    invoice_id: int | None
    kind: Kind
    amount: Money
    key: str
    moved_at: datetime | None = None
    client: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """A statement's month in one currency: owed when it began, and what moved that. paid and clawed are positive."""

    before: Money
    earned: Money
    clawed: Money
    paid: Money

    @property
    def after(self) -> Money:
        """What is owed when it ends."""
        return self.before + self.earned - self.clawed - self.paid


@dataclass(frozen=True, slots=True)
class Statement:
    """What a partner earned in a month of the tenant's time zone. owed: now, in each currency.

    more: whether there are more moves than these, which are the newest.
    """

    partner: Partner
    month: date
    sums: Sequence[Sums]
    moves: Sequence[Move]
    owed: Sequence[Money]
    over: bool
    more: bool = False


def number_of(month: date) -> int:
    """The month as a number: 202611."""
    return month.year * 100 + month.month


def month_of(number: int) -> date | None:
    """The month of such a number; None where it is none."""
    year, month = divmod(number, 100)
    return date(year, month, 1) if 2000 <= year <= 2200 and 1 <= month <= 12 else None


def base_of(remote: RemoteInvoice) -> Money:
    """What of an invoice is shared: its lines less discounts and taxes, and the part that credit notes left of it."""
    sums = remote.sums
    net = sums.subtotal - sums.discount - sums.tax_included
    if sums.credited and sums.total > 0:
        net = net * max(0, sums.total - sums.credited) // sums.total
    return Money(max(0, net), remote.currency)


def share_of(base: Money, share_bp: int) -> Money:
    """The share, rounded down."""
    return Money(base.minor * share_bp // BASIS_POINTS, base.currency)


def to_claw(share: Share, returned: int, paid: int) -> int:
    """What of it is taken back in all, once so much of so much money went back by refunds: the same part, rounded up,
    so that all of it is gone when all of the money is.
    """
    gone = min(max(0, returned + share.disputed + share.credited), paid)
    return -(-share.earned * gone // paid) if paid > 0 else 0


def sums_of(before: Mapping[str, int], within: Mapping[tuple[str, Kind], int]) -> list[Sums]:
    """A month by currency. before: what was owed when it began; within: what moved, by currency and kind."""
    currencies = {currency for currency, minor in before.items() if minor} | {currency for currency, _ in within}
    return [
        Sums(
            Money(before.get(one, 0), one),
            Money(within.get((one, Kind.EARNED), 0), one),
            Money(-within.get((one, Kind.CLAWED), 0), one),
            Money(-within.get((one, Kind.PAID), 0), one),
        )
        for one in sorted(currencies)
    ]


def posting_of(move: Move) -> Posting:
    """What the ledger says of it: a cost that is owed, or owed no longer; or money that left the bank."""
    other = Account.BANK if move.kind is Kind.PAID else Account.COMMISSIONS
    about = f"partner:{move.partner_id}" if move.invoice_id is None else f"share:{move.invoice_id}"
    return Posting(move.key, "share", about, (Line(other, move.amount), Line(Account.PARTNER_SHARE, -move.amount)))
