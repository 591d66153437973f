"""Queries on refunds."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select, update

from bot.access.model import Person
from bot.invoices.model import Invoice, Returned
from bot.invoices.remote import RemoteCharge, RemoteNotice
from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.refunds.model import CHECKS, GONE, TO_SEND, Refund, RefundState
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.money.refunds import UNDER_WAY, refunds

LOAD = select(refunds).where(refunds.c.id == bindparam("refund"))
_OF_TENANT = select(refunds).where(refunds.c.tenant == bindparam("its_tenant"))
_IN_STATES = _OF_TENANT.where(refunds.c.state.in_(bindparam("states", expanding=True)))
_BY_ID = _OF_TENANT.where(refunds.c.id == bindparam("refund"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_OF_INVOICE = select(refunds).where(
    refunds.c.invoice_id == bindparam("invoice"), unindexed(refunds.c.tenant) == bindparam("its_tenant")
)
_OF_INVOICE = _OF_INVOICE.order_by(refunds.c.id)
_RETURNED = select(refunds.c.invoice_id, refunds.c.state, func.sum(refunds.c.amount_minor)).where(
    refunds.c.invoice_id.in_(bindparam("invoices", expanding=True)),
    unindexed(refunds.c.tenant) == bindparam("its_tenant"),
    unindexed(refunds.c.state).in_(sorted(GONE)),
)
_RETURNED = _RETURNED.group_by(refunds.c.invoice_id, refunds.c.state)


def _refund(row: Row[Any]) -> Refund:
    return Refund(
        id=row.id,
        tenant=row.tenant,
        invoice_id=row.invoice_id,
        intent=row.intent,
        payment=Money(row.payment_minor, row.currency),
        amount=Money(row.amount_minor, row.currency),
        state=RefundState(row.state),
        version=row.version,
        reason=row.reason,
        asked_by=row.asked_by,
        stripe_id=row.stripe_id,
        fee=None if row.fee_minor is None else Money(row.fee_minor, row.fee_currency),
        ending=row.ending,
        error=row.error,
        created_at=row.created_at,
        sent_at=row.sent_at,
        check_at=row.check_at,
        checks=row.checks,
    )


async def add(
    tx: Transaction, who: Person, invoice_id: int, charge: RemoteCharge, amount: Money, reason: str, source_key: str
) -> Refund:
    """Write down what the person asks for."""
    row: dict[str, Any] = {"tenant": who.tenant, "invoice_id": invoice_id, "intent": charge.intent, "reason": reason}
    row |= {"state": RefundState.REQUESTED, "asked_by": who.id, "source_key": source_key}
    row |= {"payment_minor": charge.amount.minor, "amount_minor": amount.minor, "currency": amount.currency}
    if charge.fee is not None:
        row |= {"fee_minor": charge.fee.minor, "fee_currency": charge.fee.currency}
    row |= {"ending": charge.ending, "created_at": tx.now, "updated_at": tx.now}
    return _refund((await tx.run(refunds.insert().returning(*refunds.c), row)).one())


async def add_theirs(tx: Transaction, invoice: Invoice, notice: RemoteNotice, state: RefundState) -> Refund | None:
    """Write down one that somebody made at Stripe, once; None where it is there."""
    amount = notice.amount
    row: dict[str, Any] = {"tenant": invoice.tenant, "invoice_id": invoice.id, "intent": notice.intent or ""}
    row |= {"payment_minor": max(invoice.paid_minor, amount.minor), "amount_minor": amount.minor}
    row |= {"currency": amount.currency, "state": state, "stripe_id": notice.id, "reason": "", "ending": ""}
    added = await insert_new(tx, refunds, row | {"created_at": tx.now, "updated_at": tx.now}, "stripe_id")
    return await get(tx.connection, invoice.tenant, added[0]) if added else None


async def load(connection: Connection, refund_id: int) -> Refund | None:
    """The refund that a task carries on, of whichever tenant."""
    row = (await connection.execute(LOAD, {"refund": refund_id})).first()
    return None if row is None else _refund(row)


async def find(connection: Connection, tenant: str, refund_id: int, *, lock: bool = False) -> Refund | None:
    """The tenant's refund, with `lock` held for the rest of the transaction."""
    query = _BY_ID_LOCKED if lock else _BY_ID
    row = (await connection.execute(query, {"refund": refund_id, "its_tenant": tenant})).first()
    return None if row is None else _refund(row)


async def get(connection: Connection, tenant: str, refund_id: int, *, lock: bool = False) -> Refund:
    """The same; raises Refusal where the tenant has none."""
    found = await find(connection, tenant, refund_id, lock=lock)
    if found is None:
        raise Refusal(_("There is no refund {number}. /refund shows what can be refunded.", number=refund_id))
    return found


async def of_key(connection: Connection, tenant: str, source_key: str) -> Refund | None:
    """The refund that a tap asked for."""
    query = _OF_TENANT.where(refunds.c.source_key == bindparam("its_key"))
    row = (await connection.execute(query, {"its_tenant": tenant, "its_key": source_key})).first()
    return None if row is None else _refund(row)


async def known_as(connection: Connection, tenant: str, stripe_id: str) -> Refund | None:
    """The refund whose id at Stripe this is."""
    query = select(refunds).where(refunds.c.stripe_id == stripe_id, unindexed(refunds.c.tenant) == tenant)
    row = (await connection.execute(query)).first()
    return None if row is None else _refund(row)


async def of_invoice(connection: Connection, tenant: str, invoice_id: int) -> list[Refund]:
    """All refunds of an invoice, the oldest first."""
    rows = await connection.execute(_OF_INVOICE, {"invoice": invoice_id, "its_tenant": tenant})
    return [_refund(row) for row in rows]


async def page(connection: Connection, tenant: str, which: Page, states: Collection[RefundState] = ()) -> list[Refund]:
    """A page of the tenant's refunds, whatever became of them. states: of those in one of these alone."""
    query, given = (_IN_STATES, {"states": sorted(states)}) if states else (_OF_TENANT, {})
    rows = await which.of(connection, query, refunds.c.id, {"its_tenant": tenant, **given})
    return [_refund(row) for row in rows]


async def returned(connection: Connection, tenant: str, invoices: Collection[Invoice]) -> dict[int, Returned]:
    """What of these invoices' money went back, by their ids; those of which none did are left out."""
    by_id = {invoice.id: invoice for invoice in invoices}
    if not by_id:
        return {}
    rows = await connection.execute(_RETURNED, {"its_tenant": tenant, "invoices": sorted(by_id)})
    sums = {(invoice, RefundState(state)): int(minor) for invoice, state, minor in rows}
    found = {}
    for number in {invoice for invoice, _state in sums}:
        done, under_way = (sums.get((number, state), 0) for state in (RefundState.SUCCEEDED, RefundState.PENDING))
        currency = by_id[number].amount.currency
        found[number] = Returned(Money(done, currency), Money(under_way, currency))
    return found


async def change(tx: Transaction, refund: Refund, **values: Any) -> Refund:
    """Change it if nobody did since it was read; raises Stale otherwise."""
    statement = update(refunds).where(refunds.c.tenant == refund.tenant, refunds.c.id == refund.id)
    statement = statement.where(refunds.c.version == refund.version)
    values |= {"version": refund.version + 1, "updated_at": tx.now}
    row = (await tx.run(statement.values(**values).returning(*refunds.c))).first()
    if row is None:
        raise Stale(_("Refund {number} changed in the meantime.", number=refund.id))
    return _refund(row)


async def to_send(connection: Connection) -> list[int]:
    """Of every tenant, what is approved and waits to be sent."""
    query = select(refunds.c.id).where(UNDER_WAY, refunds.c.state.in_(sorted(TO_SEND))).order_by(refunds.c.id)
    return list((await connection.execute(query.limit(500))).scalars())


async def left(connection: Connection, before: datetime) -> list[int]:
    """Of every tenant, what has not moved since that time, or was to be asked about before it."""
    asked = and_(
        refunds.c.state == RefundState.UNKNOWN,
        unindexed(refunds.c.check_at) < before,
        refunds.c.checks < len(CHECKS),
    )
    moved = and_(refunds.c.state != RefundState.UNKNOWN, unindexed(refunds.c.updated_at) < before)
    query = select(refunds.c.id).where(UNDER_WAY, unindexed(refunds.c.stripe_id).is_(None), or_(asked, moved))
    query = query.order_by(refunds.c.id)
    return list((await connection.execute(query.limit(500))).scalars())
