"""The ledger held against what Stripe says of the same money: what agrees, and what does not, by class.

Pure: lists in, mismatches out. Reading them and writing them down is the service's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.invoices.ports import Place
from bot.kernel.money import Money
from bot.kernel.tasks import Pool, TaskKind

REPAIR = TaskKind("repair", Pool.QUICK)  # of a mismatch, once another admin said yes
ON_ITS_WAY = timedelta(hours=2)  # what is younger may still be told by a webhook, or by the hourly sweep


class Kind(StrEnum):
    """A class of mismatches. The last four are of one category at Stripe each, all others of any."""

    TIMING = "timing"
    MISSING_HERE = "missing here"
    MISSING_THERE = "missing there"
    AMOUNT = "amount"
    CURRENCY = "currency"
    DUPLICATE = "duplicate"
    FEE = "fee"
    EXCHANGE = "exchange"
    DASHBOARD = "dashboard action"
    DISPUTE = "dispute"
    DISPUTE_REVERSAL = "dispute reversal"
    REFUND_FAILED = "refund failed"
    PAYOUT = "payout"


class Owner(StrEnum):
    """Whose a movement at Stripe is. ACCOUNT: the account's as a whole, as payouts and Stripe's own fees are.

    DASHBOARD: made there by hand, or by another program that says nothing of whose it is. OTHERS: of another
    installation of EchoPilot in the same account; nothing of it is ours to say.
    """

    OURS = "ours"
    ACCOUNT = "account"
    DASHBOARD = "dashboard"
    OTHERS = "others"


# Stripe's reporting categories that we know: https://docs.stripe.com/reports/reporting-categories
CHARGE, REFUND, FEE = "charge", "refund", "fee"
PAYOUTS = frozenset({"payout", "payout_reversal"})
DISPUTES = frozenset({"dispute", "dispute_reversal"})
REFUNDS = frozenset({REFUND, "refund_failure"})
MISSING: Mapping[str, Kind] = {
    "dispute": Kind.DISPUTE,
    "dispute_reversal": Kind.DISPUTE_REVERSAL,
    "refund_failure": Kind.REFUND_FAILED,
    "fee": Kind.FEE,
    "payout": Kind.PAYOUT,
    "payout_reversal": Kind.PAYOUT,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """What moved on the balance at Stripe, in minor units of one currency: gross (negative: out), and the fee."""

    gross: int
    fee: int
    currency: str

    def __neg__(self) -> "Figure":
        return Figure(-self.gross, -self.fee, self.currency)


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement on the balance at Stripe. about: what it is, as entries refer to it: "invoice:1042", "other:txn_…".

    face_minor, face_currency: what it is about in its own currency, where Stripe says so.
    """

    id: str
    category: str
    owner: Owner
    about: str
    figure: Figure
    created_at: datetime
    face_minor: int | None = None
    face_currency: str | None = None
    payout: str | None = None

    @property
    def converted(self) -> bool:
        """Whether it is kept in another currency than it was made in."""
        return self.face_currency not in (None, self.figure.currency)

    @property
    def key(self) -> tuple[str, str | None]:
        """By what it is found in the ledger: an invoice's payments together, all else by its own id."""
        return self.about, None if self.about.startswith("invoice:") else self.id


@dataclass(frozen=True, slots=True)
class Booked:
    """What an entry of the ledger says moved at Stripe, with what corrected it.

    move: Stripe's id of the movement; None where an entry is of all payments of an invoice. entry: its number.
    """

    about: str
    move: str | None
    figure: Figure
    posted_at: datetime
    entry: int
    corrected: bool = False

    @property
    def key(self) -> tuple[str, str | None]:
        """See `Moved.key`."""
        return self.about, self.move


@dataclass(frozen=True, slots=True)
class Received:
    """What an invoice's row says came in by Stripe, in minor units of its currency."""

    about: str
    minor: int
    currency: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A mismatch. here, there: what the ledger says, and what Stripe says; None where that says nothing.

    paid: it is what the invoice's row says came in, and not an entry. corrected: a person took an entry of it back.
    """

    kind: Kind
    about: str
    move: str | None
    here: Figure | None
    there: Figure | None
    entry: int | None = None
    corrected: bool = False
    paid: bool = False

    @property
    def change(self) -> Mapping[str, Figure]:
        """What the ledger lacks to what Stripe says, by currency."""
        here = None if self.here is None else -self.here
        return sums_of(side for side in (self.there, here) if side is not None)

    @property
    def apart(self) -> tuple[Money, ...]:
        """By how much the two sides differ: gross and fee, in each currency that either names, without their signs."""
        sides = self.change.values()
        return tuple(Money(abs(minor), one.currency) for one in sides for minor in (one.gross, one.fee) if minor)

    @property
    def most(self) -> Money:
        """The largest of `apart`, which a repair of it is known by. Only of what differs."""
        return max(self.apart, key=lambda money: money.minor)

    @property
    def key(self) -> str:
        """What makes it the same one when it is found again."""
        return ":".join((self.kind.value, self.about, self.move or ("paid" if self.paid else "")))


def match(moves: Iterable[Moved], booked: Iterable[Booked], received: Iterable[Received], now: datetime) -> list[Found]:
    """Every mismatch between the two, each once. What is of others is of no concern here."""
    there: defaultdict[tuple[str, str | None], list[Moved]] = defaultdict(list)
    here: defaultdict[tuple[str, str | None], list[Booked]] = defaultdict(list)
    for move in moves:
        if move.owner is not Owner.OTHERS:
            there[move.key].append(move)
    for entry in booked:
        here[entry.key].append(entry)
    found = [one for key in {**there, **here} if (one := _compared(key, there.get(key, ()), here.get(key, ()), now))]
    return found + _unlike(received, there, {one.about for one in found}, now)


def _compared(
    key: tuple[str, str | None], there: Sequence[Moved], here: Sequence[Booked], now: datetime
) -> Found | None:
    theirs, ours = sums_of(move.figure for move in there), sums_of(entry.figure for entry in here)
    same = {currency for currency, one in theirs.items() if ours.get(currency) == one}
    theirs, ours = (
        {currency: one for currency, one in side.items() if currency not in same} for side in (theirs, ours)
    )
    if not theirs and not ours:
        return None
    kind = _kind(there, here, theirs, ours, now)
    entry = max((entry.entry for entry in here), default=None)
    corrected = any(one.corrected for one in here)
    return Found(kind, *key, _shown(ours), _shown(theirs), entry, corrected)


def sums_of(figures: Iterable[Figure]) -> dict[str, Figure]:
    """By currency; what comes to nothing is left out."""
    sums: dict[str, Figure] = {}
    for one in figures:
        before = sums.get(one.currency)
        gross, fee = (before.gross, before.fee) if before else (0, 0)
        sums[one.currency] = Figure(gross + one.gross, fee + one.fee, one.currency)
    return {currency: one for currency, one in sums.items() if one.gross or one.fee}


def _shown(sums: Mapping[str, Figure]) -> Figure | None:
    return min(sums.values(), key=lambda one: one.currency, default=None)


def _kind(
    there: Sequence[Moved],
    here: Sequence[Booked],
    theirs: Mapping[str, Figure],
    ours: Mapping[str, Figure],
    now: datetime,
) -> Kind:
    if any(move.owner is Owner.DASHBOARD for move in there):
        return Kind.DASHBOARD
    if not ours:
        return _missing(there, now)
    if not theirs:
        return _more_here(here, now)
    if theirs.keys() != ours.keys():
        return Kind.CURRENCY
    rest = _not_booked_yet(there, ours)
    return _missing(rest, now) if rest else _unequal(there, here, theirs, ours)


def _missing(there: Sequence[Moved], now: datetime) -> Kind:
    """Of what Stripe says alone."""
    if now - max(move.created_at for move in there) < ON_ITS_WAY:
        return Kind.TIMING
    return MISSING.get(there[-1].category, Kind.MISSING_HERE)


def _more_here(here: Sequence[Booked], now: datetime) -> Kind:
    """Of what the ledger says alone."""
    if now - max(entry.posted_at for entry in here) < ON_ITS_WAY:
        return Kind.TIMING
    return Kind.PAYOUT if here[0].about.startswith("payout:") else Kind.MISSING_THERE


def _not_booked_yet(there: Sequence[Moved], ours: Mapping[str, Figure]) -> list[Moved]:
    """The newest of several payments of an invoice, where the ledger has those before them and nothing else."""
    ordered = sorted(there, key=lambda move: move.created_at)
    for booked in range(len(ordered) - 1, 0, -1):
        if sums_of(move.figure for move in ordered[:booked]) == ours:
            return ordered[booked:]
    return []


def _unequal(
    there: Sequence[Moved], here: Sequence[Booked], theirs: Mapping[str, Figure], ours: Mapping[str, Figure]
) -> Kind:
    """Of what both say, in the same currencies."""
    pairs = [(ours[currency], theirs[currency]) for currency in theirs]
    if len(here) > 1 and all(_many_times(one, other) for one, other in pairs):
        return Kind.DUPLICATE
    if all(one.gross == other.gross for one, other in pairs):
        return Kind.FEE
    if there[-1].category in PAYOUTS:
        return Kind.PAYOUT
    return Kind.EXCHANGE if any(move.converted for move in there) else Kind.AMOUNT


def _many_times(ours: Figure, theirs: Figure) -> bool:
    """Whether the ledger says the same more than once."""
    times, rest = divmod(ours.gross, theirs.gross) if theirs.gross else divmod(ours.fee, theirs.fee)
    return rest == 0 and times > 1 and (ours.gross, ours.fee) == (theirs.gross * times, theirs.fee * times)


def _unlike(
    received: Iterable[Received], there: Mapping[tuple[str, str | None], Sequence[Moved]], told: set[str], now: datetime
) -> list[Found]:
    """Invoices whose rows say that something else came in than Stripe's payments of them are."""
    found = []
    for one in received:
        payments = there.get((one.about, None), ())
        came = sum(move.face_minor or 0 for move in payments if move.face_currency == one.currency)
        if one.about in told or came == one.minor:
            continue
        young = now - max([one.since, *(move.created_at for move in payments)]) < ON_ITS_WAY
        kind = Kind.MISSING_HERE if not one.minor else Kind.MISSING_THERE if not came else Kind.AMOUNT
        ours, theirs = (Figure(minor, 0, one.currency) if minor else None for minor in (one.minor, came))
        found.append(Found(Kind.TIMING if young else kind, one.about, None, ours, theirs, paid=True))
    return found


class Repair(StrEnum):
    """What a tap does. POST: what is missing, or the difference. LOOK: the invoice is looked at again at Stripe."""

    POST = "post"
    LOOK = "look"


def repair_of(found: Found) -> Repair | None:
    """The repair that is right without a person's judgement; None where there is none.

    What Stripe does not have is not taken back by itself, what is on its way is waited for, what a person corrected is
    theirs to correct again, and what the dashboard did without an invoice of ours has no account of ours.
    """
    if found.corrected or found.there is None or found.kind in {Kind.TIMING, Kind.DASHBOARD}:
        return None
    if found.paid:
        return Repair.LOOK
    return Repair.POST if found.move or found.about.startswith("invoice:") else None


def another_sum(paid_out: Figure, parts: Iterable[int]) -> Figure | None:
    """What a payout's parts come to, where that is another sum than it paid out; None where it is the same.

    parts: the net amounts of all but itself, in minor units.
    """
    net = sum(parts)
    return None if net == paid_out.gross else Figure(net, 0, paid_out.currency)


class Ending(StrEnum):
    """How a mismatch was closed. GONE: it was not found any more. LEFT: a person left it as it is."""

    GONE = "gone"
    REPAIRED = "repaired"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A row of `ledger_mismatches`. number: of the invoice that it is about, as people know it, if any."""

    id: int
    tenant: str
    found: Found
    found_at: datetime
    closed_at: datetime | None = None
    ending: Ending | None = None
    closed_by: int | None = None
    version: int = 1
    number: str = ""


class RepairState(StrEnum):
    """REQUESTED: somebody else has to approve it. DROPPED: it was not approved, or cannot be done any more."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class RepairRequest:
    """A row of `ledger_repairs`: somebody asks for another's yes to the repair of a mismatch as they saw it.

    amount: the most by which it changes the ledger.
    """

    id: int
    tenant: str
    mismatch_id: int
    mismatch_version: int
    asked_by: int
    amount: Money
    state: RepairState
    version: int


@dataclass(frozen=True, slots=True)
class Run:
    """A row of `reconciliations`: since when the account's movements were read then, how many, and when it ended.

    place: which account and mode our key led to.
    """

    since: datetime
    moves: int
    ended_at: datetime
    place: Place
