"""The ledger held against Stripe: both sides are read, matched, and what does not agree is written down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.access.model import TENANT
from bot.audit.service import record
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.reconciliation import cards, holding
from bot.reconciliation.importing import LOOK_BACK
from bot.reconciliation.model import Booked, Figure, Found, Kind, Mismatch, Moved, Received, another_sum, match
from storage.billing import invoices as billing
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.ledger import at_stripe
from storage.reconciliation import mismatches, moves, runs

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sides:
    """What both sides say of the same things."""

    moves: Sequence[Moved]
    booked: Sequence[Booked]
    received: Sequence[Received]


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

    async def compare(self, tenant: str) -> Outcome:
        """Compare what moved of late; mismatches are found once, and closed once they are gone."""
        now = self._database.clock.now()

        async def read(connection: Connection) -> tuple[int, list[Found]]:
            sides = await _sides(connection, tenant, await _of_late(connection, tenant, now - LOOK_BACK))
            found = match(sides.moves, sides.booked, sides.received, now)
            return len(sides.moves), [*found, *await _payouts(connection, sides.moves)]

        compared, found = await self._database.snapshot(read)
        return await self._database.write(lambda tx: _written(tx, tenant, compared, found))


async def _of_late(connection: Connection, tenant: str, since: datetime) -> set[str]:
    """What anything moved or was posted about since then, and what does not agree yet."""
    recent = await at_stripe.since(connection, tenant, since)
    posted = holding.roots(await at_stripe.with_corrected(connection, tenant, recent))
    moved = {move.key[0] for move in await moves.since(connection, TENANT, tenant, since)}
    return posted | moved | {one.found.about for one in await mismatches.open_ones(connection, tenant)}


async def _sides(connection: Connection, tenant: str, names: Collection[str]) -> Sides:
    entries = await at_stripe.about(connection, tenant, names)
    entries = await at_stripe.with_corrections(connection, tenant, entries)
    booked = holding.booked(entries)
    begun = await runs.begun(connection, TENANT)
    older = {one.about for one in booked if begun is None or one.posted_at < begun}
    theirs = await moves.about(connection, TENANT, tenant, names)
    received = await _received(connection, tenant, names, holding.paid_elsewhere(entries))
    return Sides(
        [move for move in theirs if move.about not in older],
        [one for one in booked if one.about not in older],
        [one for one in received if one.about not in older],
    )


async def _received(
    connection: Connection, tenant: str, names: Collection[str], elsewhere: dict[tuple[str, str], int]
) -> list[Received]:
    """What the rows of these invoices say came in by Stripe; of payments that are not settled, it says nothing yet."""
    ids = sorted(int(name.partition(":")[2]) for name in names if name.startswith("invoice:"))
    found = []
    for start in range(0, len(ids), AT_ONCE):
        for invoice in await billing.invoices_by_ids(connection, tenant, ids[start : start + AT_ONCE]):
            about, currency = f"invoice:{invoice.id}", invoice.amount.currency
            minor = invoice.paid_minor - elsewhere.get((about, currency), 0)
            if not invoice.unsettled:
                found.append(Received(about, minor, currency, invoice.paid_at or invoice.created_at))
    return found


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


async def _written(tx: Transaction, tenant: str, compared: int, found: Sequence[Found]) -> Outcome:
    before = await mismatches.open_ones(tx.connection, tenant)
    keys = {one.key for one in found}
    gone = [one for one in before if one.found.key not in keys]
    await mismatches.close_those(tx, tenant, gone)
    new = [one for each in found if (one := await mismatches.keep(tx, tenant, each)) is not None]
    for one in new:
        kind = one.found.kind.value
        await record(tx, tenant, None, "mismatch.found", f"mismatch:{one.id}", kind=kind, about=one.found.about)
    await _tell(tx, tenant, [one for one in new if one.found.kind is not Kind.TIMING])
    return Outcome(compared, new, await mismatches.count(tx.connection, tenant), len(gone))


async def _tell(tx: Transaction, tenant: str, new: Sequence[Mismatch]) -> None:
    """Admins hear of what is new, in one message."""
    if new:
        key = f"mismatches:{new[0].id}:{tx.now.isoformat()}"
        await notify_roles(tx, tenant, ADMINS, Topic.INVOICES, partial(cards.news, new), key=key)
