"""Two sides that agree, thousands of rows of them, with mismatches of each class planted among them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from bot.reconciliation.model import Booked, Figure, Kind, Moved, Owner, Received

NOW = datetime(2026, 11, 28, 2, 10, tzinfo=UTC)
OLD = NOW - timedelta(days=3)
EUROS_IN_YEN = 165


@dataclass
class Sides:
    """Both sides, and what was planted: the class by what it is about."""

    moves: list[Moved] = field(default_factory=list)
    booked: list[Booked] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    planted: dict[str, Kind] = field(default_factory=dict)


@dataclass
class Maker:
    """Makes things that agree, and spoils some. The same seed makes the same."""

    sides: Sides
    random: Random
    numbers: count = field(default_factory=lambda: count(1001))  # type: ignore[type-arg]

    def add(self, move: Moved, *entries: Booked) -> None:
        self.sides.moves.append(move)
        self.sides.booked += entries

    def move(self, category: str, about: str, figure: Figure, **more: object) -> Moved:
        number = next(self.numbers)
        owner = Owner.ACCOUNT if category in {"fee", "payout", "payout_reversal"} else Owner.OURS
        made = Moved(f"txn_{number}", category, owner, about, figure, OLD)
        return replace(made, **more)  # type: ignore[arg-type]

    def entry(self, move: Moved, figure: Figure | None = None) -> Booked:
        number = next(self.numbers)
        return Booked(move.about, move.key[1], figure or move.figure, move.created_at, number)

    def charge(self) -> Moved:
        amount = self.random.randint(500, 500_000)
        about, fee = f"invoice:{next(self.numbers)}", amount * 29 // 1000 + 30
        return self.move("charge", about, Figure(amount, fee, "USD"), face_minor=amount, face_currency="USD")

    def exchanged(self) -> Moved:
        euros = self.random.randint(500, 500_000)
        move, yen = self.charge(), euros * EUROS_IN_YEN // 100
        return replace(move, figure=Figure(euros, euros // 30, "EUR"), face_minor=yen, face_currency="JPY")

    def paid(self, move: Moved) -> None:
        """The invoice's row says what came in."""
        assert move.face_currency is not None
        self.sides.received.append(Received(move.about, move.face_minor or 0, move.face_currency, move.created_at))

    def of(self, category: str, thing: str) -> Moved:
        amount = self.random.randint(100, 90_000)
        sign = -1 if category in {"refund", "dispute", "payout"} else 1
        fee = 1_500 if category == "dispute" else 0
        figure = Figure(0, amount, "USD") if category == "fee" else Figure(sign * amount, fee, "USD")
        return self.move(category, f"{thing}:{next(self.numbers)}", figure)

    def fine(self) -> None:
        """Something that agrees, of whatever kind."""
        category, thing = self.random.choices(
            [
                ("charge", ""),
                ("refund", "refund"),
                ("dispute", "dispute"),
                ("dispute_reversal", "dispute"),
                ("refund_failure", "refund"),
                ("payout", "payout"),
                ("fee", "fee"),
                ("others", ""),
            ],
            weights=[60, 12, 2, 1, 1, 3, 14, 7],
        )[0]
        if category == "others":
            self.add(replace(self.charge(), owner=Owner.OTHERS))
            return
        if category != "charge":
            move = self.of(category, thing)
            self.add(move, self.entry(move))
            return
        move = self.exchanged() if self.random.random() < 0.1 else self.charge()
        self.paid(move)
        self.add(move, self.entry(move))

    def plant(self, kind: Kind) -> None:
        """Something that does not agree, of that class."""
        move = PLANTS[kind](self)
        self.sides.planted[move.about] = kind

    def timing(self) -> Moved:
        move = replace(self.charge(), created_at=NOW - timedelta(minutes=3))
        self.add(move)
        return move

    def missing_here(self) -> Moved:
        move = self.random.choice([self.charge(), self.of("refund", "refund")])
        self.add(move)
        return move

    def missing_there(self) -> Moved:
        move = self.random.choice([self.charge(), self.of("refund", "refund")])
        self.sides.booked.append(self.entry(move))
        return move

    def amount(self) -> Moved:
        move = self.charge()
        self.add(move, self.entry(move, replace(move.figure, gross=move.figure.gross - 1)))
        return move

    def currency(self) -> Moved:
        move = self.charge()
        self.add(move, self.entry(move, replace(move.figure, currency="CAD")))
        return move

    def duplicate(self) -> Moved:
        move = self.charge()
        self.add(move, self.entry(move), self.entry(move))
        return move

    def fee(self) -> Moved:
        move = self.charge()
        self.add(move, self.entry(move, replace(move.figure, fee=0)))
        return move

    def exchange(self) -> Moved:
        move = self.exchanged()
        self.add(move, self.entry(move, replace(move.figure, gross=move.figure.gross + 7)))
        return move

    def dashboard(self) -> Moved:
        move = self.move("charge", "", Figure(4_000, 146, "USD"), owner=Owner.DASHBOARD)
        move = replace(move, about=f"other:{move.id}")
        self.add(move)
        return move

    def alone(self, category: str, thing: str) -> Moved:
        move = self.of(category, thing)
        self.add(move)
        return move


PLANTS: dict[Kind, Callable[[Maker], Moved]] = {
    Kind.TIMING: Maker.timing,
    Kind.MISSING_HERE: Maker.missing_here,
    Kind.MISSING_THERE: Maker.missing_there,
    Kind.AMOUNT: Maker.amount,
    Kind.CURRENCY: Maker.currency,
    Kind.DUPLICATE: Maker.duplicate,
    Kind.FEE: Maker.fee,
    Kind.EXCHANGE: Maker.exchange,
    Kind.DASHBOARD: Maker.dashboard,
    Kind.DISPUTE: lambda maker: maker.alone("dispute", "dispute"),
    Kind.DISPUTE_REVERSAL: lambda maker: maker.alone("dispute_reversal", "dispute"),
    Kind.REFUND_FAILED: lambda maker: maker.alone("refund_failure", "refund"),
    Kind.PAYOUT: lambda maker: maker.alone("payout", "payout"),
}


def sides(rows: int, of_each: int, seed: int = 1) -> Sides:
    """So many rows at Stripe or here, of which `of_each` of every class do not agree, in any order."""
    made = Sides()
    maker = Maker(made, Random(seed))
    for kind in Kind:
        for _ in range(of_each):
            maker.plant(kind)
    while len(made.moves) < rows:
        maker.fine()
    for both in (made.moves, made.booked, made.received):
        maker.random.shuffle(both)
    return made
