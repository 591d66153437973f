"""Queries on partners' shares of paid invoices, and on what moved what they are owed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from bot.kernel.errors import Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.shares.model import Kind, Move, NewShare, Reason, Share
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.billing import invoices
from storage.tables.partners import partner_share_moves, partner_shares
from storage.tables.people import people

_OF_INVOICE = select(partner_shares).where(
    partner_shares.c.tenant == bindparam("its_tenant"), partner_shares.c.invoice_id == bindparam("invoice")
)
_THEIRS = (
    partner_share_moves.c.partner_id == bindparam("partner"),
    unindexed(partner_share_moves.c.tenant) == bindparam("its_tenant"),
)
_BEFORE = partner_share_moves.c.moved_at < bindparam("until")
_WITHIN = (partner_share_moves.c.moved_at >= bindparam("since"), _BEFORE)
_OWED = select(partner_share_moves.c.currency, func.sum(partner_share_moves.c.amount_minor))
_OWED = _OWED.where(*_THEIRS, _BEFORE).group_by(partner_share_moves.c.currency)
_SUMS = select(partner_share_moves.c.currency, partner_share_moves.c.kind, func.sum(partner_share_moves.c.amount_minor))
_SUMS = _SUMS.where(*_THEIRS, *_WITHIN).group_by(partner_share_moves.c.currency, partner_share_moves.c.kind)
_MOVES = (
    select(partner_share_moves, people.c.name)
    .join(invoices, invoices.c.id == partner_share_moves.c.invoice_id, isouter=True)
    .join(people, people.c.id == invoices.c.client_id, isouter=True)
    .where(*_THEIRS, *_WITHIN)
    .order_by(partner_share_moves.c.moved_at.desc(), partner_share_moves.c.id.desc())
    .limit(bindparam("at_most"))
)


def _share(row: Row[Any]) -> Share:
    return Share(
        row.id,
        row.tenant,
        row.partner_id,
        row.invoice_id,
        Reason(row.reason),
        row.share_bp,
        Money(row.base_minor, row.currency),
        row.earned_minor,
        row.clawed_minor,
        row.disputed_minor,
        row.credited_minor,
        row.version,
    )


async def add(tx: Transaction, tenant: str, new: NewShare) -> bool:
    """Write down what the partner gets of the invoice; False where that was written down before."""
    row = {"tenant": tenant, "partner_id": new.partner.id, "invoice_id": new.invoice_id, "reason": new.reason.value}
    row |= {"share_bp": new.partner.share_bp, "currency": new.base.currency, "base_minor": new.base.minor}
    row |= {"earned_minor": new.earned.minor, "earned_at": tx.now}
    return bool(await insert_new(tx, partner_shares, row, "tenant", "invoice_id"))


async def of_invoice(tx: Transaction, tenant: str, invoice_id: int) -> Share | None:
    """What a partner gets of the invoice, held for the rest of the transaction."""
    row = (await tx.run(_OF_INVOICE.with_for_update(), {"its_tenant": tenant, "invoice": invoice_id})).first()
    return None if row is None else _share(row)


async def change(tx: Transaction, share: Share, **values: int) -> Share:
    """Change it if nobody did since it was read; raises Stale otherwise."""
    statement = update(partner_shares).where(partner_shares.c.tenant == share.tenant, partner_shares.c.id == share.id)
    statement = statement.where(partner_shares.c.version == share.version)
    row = (await tx.run(statement.values(**values, version=share.version + 1).returning(*partner_shares.c))).first()
    if row is None:
        raise Stale(_("Invoice {number} changed in the meantime.", number=share.invoice_id))
    return _share(row)


async def move(tx: Transaction, tenant: str, one: Move) -> bool:
    """Write a move down once; False where its key is there already."""
    row = {"tenant": tenant, "partner_id": one.partner_id, "invoice_id": one.invoice_id, "kind": one.kind.value}
    row |= {"amount_minor": one.amount.minor, "currency": one.amount.currency, "moved_at": tx.now, "key": one.key}
    return bool(await insert_new(tx, partner_share_moves, row, "tenant", "key"))


async def owed(connection: Connection, tenant: str, partner_id: int, until: datetime) -> Mapping[str, int]:
    """What the partner was owed then, by currency, in minor units."""
    given = {"its_tenant": tenant, "partner": partner_id, "until": until}
    return {currency: int(minor) for currency, minor in await connection.execute(_OWED, given)}


async def sums(
    connection: Connection, tenant: str, partner_id: int, since: datetime, until: datetime
) -> Mapping[tuple[str, Kind], int]:
    """What moved it within that time, by currency and kind."""
    given = {"its_tenant": tenant, "partner": partner_id, "since": since, "until": until}
    return {(currency, Kind(kind)): int(minor) for currency, kind, minor in await connection.execute(_SUMS, given)}


async def moves(
    connection: Connection, tenant: str, partner_id: int, since: datetime, until: datetime, at_most: int
) -> list[Move]:
    """The newest moves of that time."""
    given = {"its_tenant": tenant, "partner": partner_id, "since": since, "until": until, "at_most": at_most}
    return [
        Move(
            row.partner_id,
            row.invoice_id,
            Kind(row.kind),
            Money(row.amount_minor, row.currency),
            row.key,
            row.moved_at,
            row.name or "",
        )
        for row in await connection.execute(_MOVES, given)
    ]
