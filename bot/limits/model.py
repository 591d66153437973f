"""Limits on what people move: which there are, when one is reached, and what is said then. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import number

DOLLARS = "USD"
SPAN = timedelta(hours=24)  # any 24 hours, so that no midnight doubles what is let through


class Deed(StrEnum):
    """What is limited; each is counted by itself."""

    INVOICE = "invoice"
    REFUND = "refund"


class Limit(StrEnum):
    """By its setting, in the order in which a reached one is named: the narrowest first."""

    TRANSACTION = "LIMIT_TRANSACTION_USD"
    PERSON_COUNT = "LIMIT_PERSON_DAY_COUNT"
    PERSON_SUM = "LIMIT_PERSON_DAY_USD"
    DAY_COUNT = "LIMIT_DAY_COUNT"
    DAY_SUM = "LIMIT_DAY_USD"


SUMS = frozenset({Limit.TRANSACTION, Limit.PERSON_SUM, Limit.DAY_SUM})
Limits = Mapping[Limit, int]  # US cents, or how many


@dataclass(frozen=True, slots=True)
class Used:
    """What was let through in the last 24 hours: how many, and what they come to in US cents."""

    count: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """A limit that leaves no room. most: what it allows; used: what was let through before; in cents, or how many."""

    limit: Limit
    most: int
    used: int


WORDS: Mapping[Limit, str] = {
    Limit.TRANSACTION: N_("{money} is over the limit of {most} for one transaction."),
    Limit.PERSON_COUNT: N_("You did this {used} times in the last 24 hours; the limit for one person is {most}."),
    Limit.PERSON_SUM: N_(
        "With {money} you would be over the limit of {most} that one person may move in 24 hours; {left} of it is left."
    ),
    Limit.DAY_COUNT: N_("The team did this {used} times in the last 24 hours; the limit is {most}."),
    Limit.DAY_SUM: N_(
        "With {money} the team would be over the limit of {most} that it may move in 24 hours; {left} of it is left."
    ),
}


class Limited(Refusal):
    """A limit does not let it through; the text says which, the figures, and who can lift it."""

    def __init__(self, amount: Money, cents: int, reached: Reached) -> None:
        money = str(amount)
        if amount.currency != DOLLARS:
            # Translators: an amount in another currency and what it is worth: "900.00 EUR (975.78 USD)".
            money = _("{money} ({dollars})", money=amount, dollars=Money(cents, DOLLARS))
        values = {"money": money, "most": _figure(reached.limit, reached.most)}
        values |= {"used": _figure(reached.limit, reached.used)}
        values |= {"left": _figure(reached.limit, max(0, reached.most - reached.used))}
        lifts = _("Nothing was done. Whoever runs this bot can raise it: {setting}.", setting=reached.limit.value)
        super().__init__(f"{_(WORDS[reached.limit], **values)} {lifts}")
        self.reached = reached


def reached(cents: int, limits: Limits, person: Used | None, everybody: Used) -> Reached | None:
    """The first limit that leaves no room for so many US cents; None where all do.

    person: what the one who asks did before; None where no person asks.
    """
    used = {Limit.TRANSACTION: 0, Limit.DAY_COUNT: everybody.count, Limit.DAY_SUM: everybody.cents}
    if person is not None:
        used |= {Limit.PERSON_COUNT: person.count, Limit.PERSON_SUM: person.cents}
    for limit in Limit:
        adds = cents if limit in SUMS else 1
        if limit in used and used[limit] + adds > limits[limit]:
            return Reached(limit, limits[limit], used[limit])
    return None


def _figure(limit: Limit, value: int) -> str:
    return str(Money(value, DOLLARS)) if limit in SUMS else number(value)
