"""What entries of the ledger say moved at Stripe, with what people corrected in them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.ledger.model import Account, Entry, Line
from bot.reconciliation.model import Booked, Figure

BY_MOVE = frozenset({"refund", "dispute", "payout", "fee"})  # what is posted by the id of each movement
AT_STRIPE = frozenset({Account.STRIPE_BALANCE, Account.STRIPE_FEES})


def booked(entries: Iterable[Entry]) -> list[Booked]:
    """An entry with its corrections is one, in each currency; what says nothing of Stripe's balance is left out."""
    return [one for group in _with_corrections(entries) for one in _booked(group)]


def roots(entries: Iterable[Entry]) -> set[str]:
    """What they are about, corrections by what they correct."""
    return {group[0].reference for group in _with_corrections(entries)}


def written_after(entries: Iterable[Entry], moment: datetime) -> set[str]:
    """What something was written about after that moment, corrections by what they correct."""
    groups = _with_corrections(entries)
    return {group[0].reference for group in groups if any(_written(entry) > moment for entry in group)}


def figures_in(lines: Iterable[Line]) -> list[Figure]:
    """What lines say moved at Stripe, in each currency."""
    mine = [line for line in lines if line.account in AT_STRIPE]
    return [_figure(mine, currency) for currency in sorted({line.amount.currency for line in mine})]


def _with_corrections(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Each entry that corrects none, followed by what corrects it."""
    by_id = {entry.id: entry for entry in entries}
    groups: dict[int, list[Entry]] = {}
    for entry in sorted(by_id.values(), key=lambda one: one.id):
        first = entry
        while first.corrects is not None and first.corrects in by_id:
            first = by_id[first.corrects]
        if first.corrects is None:
            groups.setdefault(first.id, []).append(entry)
    return list(groups.values())


def _booked(group: Sequence[Entry]) -> list[Booked]:
    first = group[0]
    kind = first.reference.partition(":")[0]
    if kind != "invoice" and kind not in BY_MOVE:
        return []
    move = first.key.removeprefix(f"{first.reference}:") if kind in BY_MOVE else None
    written = max(map(_written, group))
    figures = figures_in(line for entry in group for line in entry.lines)
    corrected = len(group) > 1
    shown = [one for one in figures if one.gross or one.fee or corrected]
    return [Booked(first.reference, move, one, written, group[-1].id, corrected) for one in shown]


def _written(entry: Entry) -> datetime:
    return entry.written_at or entry.posted_at


def _figure(lines: Sequence[Line], currency: str) -> Figure:
    mine = [line for line in lines if line.amount.currency == currency]
    fee = sum(line.amount.minor for line in mine if line.account is Account.STRIPE_FEES)
    return Figure(sum(line.amount.minor for line in mine), fee, currency)
