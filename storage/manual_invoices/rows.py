"""Queries on invoices that were made by hand."""

from sqlalchemy import bindparam, select

from bot.invoices.model import HAND, subject_of
from bot.manual_invoices.model import Made
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.billing import invoices, manual_invoices

_OF_TENANT = select(manual_invoices).where(manual_invoices.c.tenant == bindparam("its_tenant"))
_BY_KEY = _OF_TENANT.where(manual_invoices.c.key == bindparam("its_key"))
_BY_ID = _OF_TENANT.where(manual_invoices.c.id == bindparam("made"))
_CURRENCIES = select(invoices.c.currency).where(
    invoices.c.tenant == bindparam("its_tenant"), invoices.c.client_id == bindparam("client")
)
_CURRENCIES = _CURRENCIES.order_by(invoices.c.id.desc()).limit(20)


async def add(tx: Transaction, tenant: str, key: str, client_id: int, made_by: int) -> Made:
    """The one row of that key, made where there is none."""
    row = {"tenant": tenant, "key": key, "client_id": client_id, "made_by": made_by, "created_at": tx.now}
    await insert_new(tx, manual_invoices, row, "tenant", "key")
    kept = (await tx.run(_BY_KEY, {"its_tenant": tenant, "its_key": key})).one()
    return Made(kept.id, kept.tenant, kept.client_id, kept.made_by)


async def get(connection: Connection, tenant: str, number: int) -> Made | None:
    """The row of that number."""
    row = (await connection.execute(_BY_ID, {"its_tenant": tenant, "made": number})).first()
    return None if row is None else Made(row.id, row.tenant, row.client_id, row.made_by)


def number_in(subject: str) -> int | None:
    """The number of the row that an invoice's subject names; None where it is for something else."""
    kind, _, number = subject.partition(":")
    return int(number) if kind == HAND and number.isascii() and number.isdigit() and len(number) < 19 else None


def named(made: Made) -> str:
    """The subject of its invoice."""
    return subject_of(HAND, made.id)


async def currencies_of(connection: Connection, tenant: str, client_id: int) -> frozenset[str]:
    """In which currencies the client's newest invoices are."""
    rows = await connection.execute(_CURRENCIES, {"its_tenant": tenant, "client": client_id})
    return frozenset(rows.scalars())
