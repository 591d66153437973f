"""What is done with people's data only as they allow it, and what the rules of where they live ask for. Pure."""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.kernel.translation import gettext as _


class Purpose(StrEnum):
    """What somebody may allow or not. All else is done because of the order, or because a law asks for it.

    IMPROVING: the words of a brief go to models once more, for a duel of two prompts or a probe of the judge.
    SALE: nothing is sold; somebody may say that it never is to be.
    """

    QUESTIONS = "questions"
    IMPROVING = "improving"
    SALE = "sale"


ASKED = (Purpose.QUESTIONS, Purpose.IMPROVING)
# Of the words that people say yes or no to; what was said to older words is no yes to newer ones.
WORDING: Mapping[Purpose, int] = {Purpose.QUESTIONS: 1, Purpose.IMPROVING: 1, Purpose.SALE: 1}


class Region(StrEnum):
    """Whose rules hold for somebody: of the EU, the EEA and the UK; of California; or no such rules."""

    GDPR = "gdpr"
    CCPA = "ccpa"
    NONE = "none"

    @property
    def words(self) -> str:
        """As people say where they live."""
        match self:
            case Region.GDPR:
                return _("EU, EEA or UK (GDPR)")
            case Region.CCPA:
                return _("California (CCPA)")
        return _("Elsewhere")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a region asks for. asks_first: without a yes nothing is done; else until somebody says no.

    retention_days: how long files and messages of ended work are kept; None: until erasure. answer_days: within which
    a request is to be answered; None: a month. refused: the hosts of models that may not be called for its people.
    """

    asks_first: bool
    retention_days: int | None = None
    answer_days: int | None = None
    sale_opt_out: bool = False
    refused: frozenset[str] = frozenset()

    def but(self, retention_days: int | None, refused: Collection[str]) -> "Rules":
        """As admins changed them."""
        return replace(self, retention_days=retention_days or self.retention_days, refused=frozenset(refused))

    def deadline(self, asked_at: datetime) -> datetime:
        """By when a request of that time is to be answered."""
        if self.answer_days is not None:
            return asked_at + timedelta(days=self.answer_days)
        year, month = divmod(asked_at.year * 12 + asked_at.month, 12)
        last = monthrange(year, month + 1)[1]
        return asked_at.replace(year=year, month=month + 1, day=min(asked_at.day, last))


# GDPR: Art. 7 (consent), 12(3) (a month). CCPA: Cal. Civ. Code 1798.130 (45 days), 1798.120 (opt-out of sale).
LAW: Mapping[Region, Rules] = {
    Region.GDPR: Rules(asks_first=True, retention_days=365),
    Region.CCPA: Rules(asks_first=False, retention_days=730, answer_days=45, sale_opt_out=True),
    Region.NONE: Rules(asks_first=False),
}
UNKNOWN = Rules(asks_first=True)  # of whoever did not say where they live: nothing without a yes


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said to a purpose."""

    purpose: Purpose
    given: bool
    wording: int
    said_at: datetime


def allowed(purpose: Purpose, rules: Rules, said: Said | None) -> bool:
    """Whether it may be done."""
    if purpose is Purpose.SALE:
        return False
    if said is None:
        return not rules.asks_first
    return said.given and (not rules.asks_first or said.wording == WORDING[purpose])


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose: where they live, if they said it, and what they said to each purpose."""

    region: Region | None
    rules: Rules
    said: Mapping[Purpose, Said]

    def allows(self, purpose: Purpose) -> bool:
        """Whether it may be done with their data."""
        return allowed(purpose, self.rules, self.said.get(purpose))


@dataclass(frozen=True, slots=True)
class Standing:
    """A region as admins see it: its rules here, and how many say that they live there."""

    region: Region
    rules: Rules
    clients: int
    version: int


class Nag(StrEnum):
    """How near a deadline is, of which admins are told once each."""

    WEEK = "week"
    DAY = "day"
    PASSED = "passed"


def nag(due: datetime, now: datetime) -> Nag | None:
    """What is to be said of the deadline now."""
    left = due - now
    if left <= timedelta():
        return Nag.PASSED
    if left <= timedelta(days=1):
        return Nag.DAY
    return Nag.WEEK if left <= timedelta(days=7) else None
