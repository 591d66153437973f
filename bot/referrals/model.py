"""Referrals: who came by whose link, the credit for it, and what is taken off which invoice. Pure."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.invoices.charges import smallest_charge, step
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting

PREFIX = "ref_"  # tells a referral link from an invitation
MOST_A_DAY = 50  # newcomers by one link: more are no acquaintances
LONGEST_CHAIN = 1_000


def new_code() -> str:
    """A code for a referral link: 72 random bits, 16 characters."""
    return PREFIX + secrets.token_urlsafe(9)


def is_code(text: str) -> bool:
    """Whether that is the code of a referral link, and not of an invitation."""
    return text.startswith(PREFIX)


class UseState(StrEnum):
    """SET_ASIDE: for an invoice that is not at Stripe yet. USED: it is. RETURNED: the invoice is void or cancelled."""

    SET_ASIDE = "set aside"
    USED = "used"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Code:
    """A row of `referral_codes`: whose link it is."""

    tenant: str
    person_id: int
    code: str


@dataclass(frozen=True, slots=True)
class Referral:
    """A row of `referrals`: somebody who came by a client's link, and the credit for it.

    invoice_id: their first paid invoice, which `earned` is a share of. used: what was taken off invoices, or is set
    aside for one. clawed: what was taken back since the money of that invoice went back. disputed: what of that money
    their bank took back.
    """

    id: int
    tenant: str
    referrer_id: int
    person_id: int
    came_at: datetime
    invoice_id: int | None
    currency: str | None
    earned: int
    used: int
    clawed: int
    disputed: int
    version: int

    @property
    def left(self) -> int:
        """What can still be taken off an invoice, in minor units."""
        return self.earned - self.used - self.clawed

    def money(self, minor: int) -> Money:
        """An amount of its currency."""
        assert self.currency is not None
        return Money(minor, self.currency)


@dataclass(frozen=True, slots=True)
class Use:
    """A row of `referral_uses`: what of a referral's credit is taken off an invoice."""

    id: int
    tenant: str
    referral_id: int
    invoice_id: int
    amount: Money
    state: UseState
    version: int


@dataclass(frozen=True, slots=True)
class Own:
    """A client's link, how many came by it, how many of them paid, and the credit that is left.

    share_bp: what they get of each payment as a partner, in hundredths of a percent, in place of a credit.
    """

    code: str
    percent: int
    came: int
    paid: int
    credit: Sequence[Money]
    share_bp: int = 0

    @property
    def open(self) -> bool:
        """Whether anybody comes in by it."""
        return bool(self.percent or self.share_bp)


@dataclass(frozen=True, slots=True)
class Listed:
    """A referral as admins see it."""

    referral: Referral
    referrer: str
    person: str


def credit_of(base: Money, percent: int) -> Money:
    """The share of an invoice that is credited, in what can be charged of its currency; never more than the share."""
    share = base.minor * Decimal(percent) / 100
    by = step(base.currency)
    return Money(max(0, int(share) // by * by), base.currency)


def taken_off(found: Iterable[Referral], total: Money) -> list[tuple[Referral, int]]:
    """What of which credit is taken off an invoice, the oldest first; what is left can still be charged."""
    by = step(total.currency)
    room = max(0, total.minor - smallest_charge(total.currency).minor) // by * by
    parts = []
    for one in found:
        part = min(room, one.left // by * by)
        if part > 0:
            parts.append((one, part))
            room -= part
    return parts


@dataclass(frozen=True, slots=True)
class Credits:
    """What was credited in one currency, what of it is used, and what was taken back."""

    earned: Money
    used: Money
    clawed: Money

    @property
    def left(self) -> Money:
        """What can still be used."""
        return self.earned - self.used - self.clawed


@dataclass(frozen=True, slots=True)
class Totals:
    """Everybody who came by a link in a time: how many, how many of them paid, and the credits."""

    came: int
    paid: int
    credits: Sequence[Credits]


def to_claw(referral: Referral, returned: int, paid: int) -> int:
    """What of the credit is taken back in all, once so much of so much money went back: the same share, and no more
    than what is not used.
    """
    gone = min(max(0, returned + referral.disputed), paid)
    share = -(-referral.earned * gone // paid) if paid > 0 else 0
    return max(0, min(share, referral.earned - referral.used))


def earned(referral: Referral, invoice_id: int, credit: Money) -> Posting:
    """The credit is a discount from now on, which we owe."""
    key = f"referral:{referral.id}:earned"
    return Posting(key, "referral", _about(invoice_id), _moved(Account.REFERRAL_CREDIT, Account.DISCOUNTS, credit))


def clawed(referral: Referral, invoice_id: int, more: Money) -> Posting:
    """That much more of it is owed no longer; negative where some of it is owed again."""
    key = f"referral:{referral.id}:clawed:{referral.version}"
    return Posting(key, "referral", _about(invoice_id), _moved(Account.DISCOUNTS, Account.REFERRAL_CREDIT, more))


def used(use: Use) -> Posting:
    """The invoice asks for less, so that what was owed is given: its lower revenue takes the discount's place."""
    return _of_use(use, _moved(Account.DISCOUNTS, Account.REFERRAL_CREDIT, use.amount))


def returned(use: Use) -> Posting:
    """The invoice is void, so that the credit is owed again."""
    return _of_use(use, _moved(Account.REFERRAL_CREDIT, Account.DISCOUNTS, use.amount))


def _of_use(use: Use, lines: tuple[Line, Line]) -> Posting:
    return Posting(f"referral:use:{use.id}:{use.version}", "referral", _about(use.invoice_id), lines)


def _moved(source: Account, target: Account, amount: Money) -> tuple[Line, Line]:
    return Line(target, amount), Line(source, -amount)


def _about(invoice_id: int) -> str:
    """The invoice by another name than its own postings have, which have to add up to what Stripe says of it."""
    return f"credit:{invoice_id}"
