"""The two sides matched: what is planted is found and named, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reconciliation.model import Booked, Figure, Kind, Moved, Owner, Received, Repair, another_sum, match, repair_of
from tests.bot.reconciliation.planted import NOW, OLD, sides

DOLLARS = Figure(12_000, 378, "USD")
CHARGE = Moved("txn_1", "charge", Owner.OURS, "invoice:1", DOLLARS, OLD, 12_000, "USD")
ENTRY = Booked("invoice:1", None, DOLLARS, OLD, 7)


def test_ten_thousand_rows() -> None:
    """Of 10,000 rows with 20 of each class planted all 260 are found under their names, and none besides."""
    both = sides(10_000, 20)
    found = match(both.moves, both.booked, both.received, NOW)
    assert {one.about: one.kind for one in found} == both.planted
    assert len(found) == len(both.planted) == 20 * len(Kind)
    assert len({one.key for one in found}) == len(found)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_any_mixture(seed: int) -> None:
    """Whatever else there is and in whatever order, the same holds."""
    both = sides(200, 2, seed)
    found = match(both.moves, both.booked, both.received, NOW)
    assert {one.about: one.kind for one in found} == both.planted


@pytest.mark.parametrize(("age", "kind"), [(119, Kind.TIMING), (121, Kind.MISSING_HERE)])
def test_on_its_way(age: int, kind: Kind) -> None:
    """For two hours a movement is on its way, on whichever side it is; then it is missing."""
    then = NOW - timedelta(minutes=age)
    (here,) = match([replace(CHARGE, created_at=then)], [], [], NOW)
    (there,) = match([], [replace(ENTRY, posted_at=then)], [], NOW)
    assert (here.kind, here.there) == (kind, DOLLARS)
    assert there.kind is (kind if kind is Kind.TIMING else Kind.MISSING_THERE)


def test_second_payment_is_missing() -> None:
    """Of two payments of an invoice the ledger has the first: that the second is missing is said, and no amount."""
    second = replace(CHARGE, id="txn_2", created_at=OLD + timedelta(hours=1))
    (found,) = match([CHARGE, second], [ENTRY], [], NOW)
    assert (found.kind, found.here, found.there) == (Kind.MISSING_HERE, DOLLARS, Figure(24_000, 756, "USD"))
    (fresh,) = match([CHARGE, replace(second, created_at=NOW)], [ENTRY], [], NOW)
    assert fresh.kind is Kind.TIMING


def test_two_payments_in_one_entry() -> None:
    """An invoice's payments agree with its entries by their sum, however many there are of either."""
    halves = [replace(CHARGE, id=f"txn_{n}", figure=Figure(6_000, 189, "USD"), face_minor=6_000) for n in (1, 2)]
    assert match(halves, [ENTRY], [Received("invoice:1", 12_000, "USD", OLD)], NOW) == []


@pytest.mark.parametrize(
    ("minor", "moves", "kind"), [(0, [CHARGE], "missing here"), (12_000, [], "missing there"), (9, [CHARGE], "amount")]
)
def test_invoice_and_its_payments(minor: int, moves: list[Moved], kind: str) -> None:
    """What an invoice's row says came in is held against its payments, where its entries agree."""
    booked = [ENTRY] if moves else []
    (found,) = match(moves, booked, [Received("invoice:1", minor, "USD", OLD)], NOW)
    assert (found.kind.value, found.paid) == (kind, True)


def test_others_are_none_of_our_business() -> None:
    """What another installation does in the same account is no mismatch."""
    assert match([replace(CHARGE, owner=Owner.OTHERS)], [], [], NOW) == []


def test_payout_of_other_parts() -> None:
    """A payout is the sum of its parts."""
    paid_out = Figure(11_622, 0, "USD")
    assert another_sum(paid_out, [12_000, -378]) is None
    assert another_sum(paid_out, [11_700, -100]) == Figure(11_600, 0, "USD")


@pytest.mark.parametrize(
    ("changed", "repair"),
    [
        ({}, Repair.POST),
        ({"paid": True}, Repair.LOOK),
        ({"corrected": True}, None),
        ({"there": None}, None),
        ({"kind": Kind.TIMING}, None),
        ({"kind": Kind.DASHBOARD}, None),
    ],
)
def test_repairs(changed: dict[str, Any], repair: Repair | None) -> None:
    """A tap posts what is missing; it undoes nothing that a person did, and takes nothing back by itself."""
    (found,) = match([CHARGE], [], [], NOW)
    assert repair_of(replace(found, **changed)) is repair
