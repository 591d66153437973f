"""Queries on what of referrals' credits is taken off invoices."""

from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.kernel.errors import Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.referrals.model import Referral, Use, UseState
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.clients.referrals import referral_uses

_OF_INVOICE = select(referral_uses).where(
    referral_uses.c.invoice_id == bindparam("invoice"), unindexed(referral_uses.c.tenant) == bindparam("its_tenant")
)
_OF_INVOICE = _OF_INVOICE.order_by(referral_uses.c.id).with_for_update()


def _use(row: Row[Any]) -> Use:
    amount, state = Money(row.amount_minor, row.currency), UseState(row.state)
    return Use(row.id, row.tenant, row.referral_id, row.invoice_id, amount, state, row.version)


async def add(tx: Transaction, referral: Referral, invoice_id: int, minor: int) -> None:
    """Set that much of the credit aside for the invoice."""
    row = {"tenant": referral.tenant, "referral_id": referral.id, "invoice_id": invoice_id, "created_at": tx.now}
    row |= {"amount_minor": minor, "currency": referral.currency, "state": UseState.SET_ASIDE}
    await insert_new(tx, referral_uses, row, "invoice_id", "referral_id")


async def of_invoice(tx: Transaction, tenant: str, invoice_id: int) -> list[Use]:
    """What is taken off the invoice, held for the rest of the transaction."""
    return [_use(row) for row in await tx.run(_OF_INVOICE, {"its_tenant": tenant, "invoice": invoice_id})]


async def move(tx: Transaction, use: Use, state: UseState) -> Use:
    """Put it into that state if nobody did anything to it since it was read; raises Stale otherwise."""
    statement = update(referral_uses).where(referral_uses.c.tenant == use.tenant, referral_uses.c.id == use.id)
    statement = statement.where(referral_uses.c.version == use.version)
    values = {"state": state, "version": use.version + 1}
    row = (await tx.run(statement.values(**values).returning(*referral_uses.c))).first()
    if row is None:
        raise Stale(_("Invoice {number} changed in the meantime.", number=use.invoice_id))
    return _use(row)
