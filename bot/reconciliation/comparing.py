"""The ledger held against Stripe: both sides are read, matched, and what does not agree is written down."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.access.model import TENANT
from bot.audit.service import record
from bot.invoices.ports import Place
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.reconciliation import cards, holding
from bot.reconciliation.importing import LOOK_BACK, OVERLAP
from bot.reconciliation.model import Booked, Figure, Found, Kind, Mismatch, Moved, Received, another_sum, match
from storage.billing import invoices as billing
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.ledger import at_stripe
from storage.reconciliation import mismatches, moves, places, runs, together

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sides:
    """What both sides say of the same things. later: what the ledger got something about since Stripe was asked."""

    moves: Sequence[Moved]
    booked: Sequence[Booked]
    received: Sequence[Received]
    later: Collection[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many movements were compared, which mismatches are new, how many are open, and how many are gone."""

    compared: int
    new: Sequence[Mismatch]
    open: int
    gone: int


class Comparing:
    """Holds what is kept of Stripe against the ledger; it asks Stripe nothing. The account there is TENANT's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def compare(self, tenant: str, asked_at: datetime) -> Outcome:
        """Compare what moved of late; mismatches are found once, and closed once they are gone.

        asked_at: when Stripe was asked; what was written since is compared the next time.
        """
        now = self._database.clock.now()

        async def read(connection: Connection) -> tuple[Sides, list[Found]]:
            names = await _of_late(connection, tenant, now - LOOK_BACK)
            sides = await _sides(connection, tenant, names, asked_at)
            found = match(sides.moves, sides.booked, sides.received, now)
            return sides, [*found, *await _payouts(connection, sides.moves)]

        sides, found = await self._database.snapshot(read)
        return await self._database.write(lambda tx: _written(tx, tenant, sides, found))


async def _of_late(connection: Connection, tenant: str, since: datetime) -> set[str]:
    """What anything moved or was posted about since then, and what does not agree yet."""
    recent = await at_stripe.since(connection, tenant, since)
    posted = holding.roots(await at_stripe.with_corrected(connection, tenant, recent))
    moved = {move.key[0] for move in await moves.since(connection, TENANT, tenant, since)}
    return posted | moved | {one.found.about for one in await mismatches.open_ones(connection, tenant)}


async def _sides(connection: Connection, tenant: str, names: Collection[str], asked_at: datetime) -> Sides:
    """What another key led to is left out, and what is open about it stays so until that key is back."""
    as_one = await together.of(connection, tenant, names)
    place, names = await _place(connection), {*names, *as_one}
    elsewhere = await places.elsewhere(connection, TENANT, tenant, names, place)
    names -= elsewhere
    entries = await at_stripe.about(connection, tenant, names)
    entries = await at_stripe.with_corrections(connection, tenant, entries)
    later = {as_one.get(about, about) for about in holding.written_after(entries, asked_at)}
    booked = [replace(one, about=as_one.get(one.about, one.about)) for one in holding.booked(entries)]
    booked = [one for one in booked if one.about not in later]
    theirs = [one for one in await moves.about(connection, TENANT, tenant, names) if one.about not in later]
    known = {move.key for move in theirs}
    older = _older(booked, known, await runs.begun(connection, TENANT, place))
    of_before = _of_before(booked, known, await runs.was_elsewhere(connection, TENANT, place))
    older |= of_before
    received = [one for one in await _received(connection, tenant, names, as_one) if one.about not in later]
    return Sides(
        [move for move in theirs if move.key not in older],
        [one for one in booked if one.key not in older],
        [one for one in received if (one.about, None) not in older],
        later | elsewhere | {about for about, _ in of_before},
    )


async def _place(connection: Connection) -> Place:
    """Where our key led when movements were read last."""
    run = await runs.newest(connection, TENANT)
    return Place(None, None) if run is None else run.place


def _of_before(
    booked: Sequence[Booked], known: Collection[tuple[str, str | None]], until: datetime | None
) -> set[tuple[str, str | None]]:
    """What was booked before another account or mode was read last, and of which no movement and no invoice says where
    it is: it may be there.
    """
    if until is None:
        return set()
    vague = [one for one in booked if one.about.partition(":")[0] not in {"invoice", "refund"}]
    return {one.key for one in vague if one.key not in known and one.posted_at <= until}


def _older(
    booked: Sequence[Booked], known: Collection[tuple[str, str | None]], begun: datetime | None
) -> set[tuple[str, str | None]]:
    """What was booked before movements were first read, and of which none is known: they may be older than those."""
    if begun is None:
        return {one.key for one in booked}
    first = begun + OVERLAP
    return {one.key for one in booked if one.posted_at < begun or (one.posted_at < first and one.key not in known)}


async def _received(
    connection: Connection, tenant: str, names: Collection[str], as_one: Mapping[str, str]
) -> list[Received]:
    """What the rows of these invoices say came in by Stripe; of payments that are not settled, they say nothing yet."""
    ids = sorted(int(name.partition(":")[2]) for name in names if name.startswith("invoice:"))
    found: dict[str, Received] = {}
    unsettled = set()
    for start in range(0, len(ids), AT_ONCE):
        for invoice in await billing.invoices_by_ids(connection, tenant, ids[start : start + AT_ONCE]):
            about = as_one.get(f"invoice:{invoice.id}", f"invoice:{invoice.id}")
            minor, since = invoice.paid_minor - invoice.elsewhere_minor, invoice.paid_at or invoice.created_at
            before = found.get(about, Received(about, 0, invoice.amount.currency, since))
            found[about] = replace(before, minor=before.minor + minor, since=max(since, before.since))
            unsettled |= {about} if invoice.unsettled else set()
    return [one for about, one in found.items() if about not in unsettled]


async def _payouts(connection: Connection, theirs: Sequence[Moved]) -> list[Found]:
    """Payouts whose parts, as Stripe lists them, come to another sum than was paid out."""
    found = []
    for move in (move for move in theirs if move.category == "payout" and move.payout):
        figure = move.figure
        paid_out = Figure(-figure.gross, 0, figure.currency)
        parts = another_sum(paid_out, await moves.of_payout(connection, TENANT, str(move.payout)))
        if parts is not None:
            found.append(Found(Kind.PAYOUT, f"payout:{move.payout}", None, parts, paid_out))
    return found


async def _written(tx: Transaction, tenant: str, sides: Sides, found: Sequence[Found]) -> Outcome:
    before = await mismatches.open_ones(tx.connection, tenant)
    keys = {one.key for one in found}
    gone = [one for one in before if one.found.key not in keys and one.found.about not in sides.later]
    await mismatches.close_those(tx, gone)
    new = [one for each in found if (one := await mismatches.keep(tx, tenant, each)) is not None]
    for one in new:
        kind = one.found.kind.value
        await record(tx, tenant, None, "mismatch.found", f"mismatch:{one.id}", kind=kind, about=one.found.about)
    await _tell(tx, tenant, [one for one in new if one.found.kind is not Kind.TIMING])
    return Outcome(len(sides.moves), new, await mismatches.count(tx.connection, tenant), len(gone))


async def _tell(tx: Transaction, tenant: str, new: Sequence[Mismatch]) -> None:
    """Admins hear of what is new, in one message."""
    if new:
        key = f"mismatches:{new[0].id}:{tx.now.isoformat()}"
        await notify_roles(tx, tenant, ADMINS, Topic.INVOICES, partial(cards.news, new), key=key)
