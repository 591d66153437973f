"""Queries on what came from Stripe and was not booked."""

from sqlalchemy import func, select, update

from bot.invoices.model import Mismatch, brief_of
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.billing import invoices, payment_mismatches

_UNNOTED = payment_mismatches.c.noted_at.is_(None)


async def add(
    tx: Transaction, tenant: str, key: str, kind: str, stripe_id: str, reason: str, invoice_id: int | None
) -> int | None:
    """Keep it once; returns its number, or None where its key was kept before."""
    row = {"tenant": tenant, "key": key, "kind": kind, "stripe_id": stripe_id, "reason": reason}
    row_ids = await insert_new(
        tx, payment_mismatches, row | {"invoice_id": invoice_id, "created_at": tx.now}, "tenant", "key"
    )
    return row_ids[0] if row_ids else None


async def waiting(connection: Connection, tenant: str, limit: int) -> list[Mismatch]:
    """The newest that nobody has taken note of."""
    query = (
        select(payment_mismatches, invoices.c.subject)
        .outerjoin(invoices, invoices.c.id == payment_mismatches.c.invoice_id)
        .where(payment_mismatches.c.tenant == tenant, _UNNOTED)
        .order_by(payment_mismatches.c.id.desc())
        .limit(limit)
    )
    return [
        Mismatch(
            row.id, row.kind, row.stripe_id, row.invoice_id, brief_of(row.subject or ""), row.reason, row.created_at
        )
        for row in await connection.execute(query)
    ]


async def count(connection: Connection, tenant: str) -> int:
    """How many nobody has taken note of."""
    query = select(func.count()).select_from(payment_mismatches)
    return int((await connection.execute(query.where(payment_mismatches.c.tenant == tenant, _UNNOTED))).scalar_one())


async def note(tx: Transaction, tenant: str, mismatch_id: int, person_id: int) -> bool:
    """A person took note; False where somebody did before."""
    row = update(payment_mismatches).where(payment_mismatches.c.id == mismatch_id, _UNNOTED)
    row = row.where(payment_mismatches.c.tenant == tenant).values(noted_at=tx.now, noted_by=person_id)
    return (await tx.run(row)).rowcount == 1
