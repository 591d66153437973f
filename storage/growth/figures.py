"""Queries on who came and who paid."""

from datetime import datetime

from sqlalchemy import func, select

from bot.access.model import Role
from bot.growth.model import Brought
from bot.invoices.model import InvoiceState
from bot.kernel.money import Money
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.billing import invoices
from storage.tables.clients.referrals import referrals
from storage.tables.people import people


async def came(connection: Connection, tenant: str, since: datetime) -> tuple[int, int]:
    """How many clients came since then, and how many of them have paid an invoice."""
    paid = select(invoices.c.id).where(
        invoices.c.client_id == people.c.id,
        unindexed(invoices.c.tenant) == people.c.tenant,
        unindexed(invoices.c.state) == InvoiceState.PAID,
        unindexed(invoices.c.paid_minor) > 0,
    )
    query = select(func.count(), func.count().filter(paid.exists())).where(
        people.c.tenant == tenant, people.c.role == Role.CLIENT, people.c.created_at >= since
    )
    row = (await connection.execute(query)).one()
    return int(row[0]), int(row[1])


async def brought(connection: Connection, tenant: str, since: datetime) -> Brought:
    """How many of them came by a link, how many of these paid, and what was credited for it."""
    query = select(
        referrals.c.currency, func.count(), func.count(referrals.c.invoice_id), func.sum(referrals.c.earned_minor)
    )
    query = query.where(referrals.c.tenant == tenant, referrals.c.came_at >= since).group_by(referrals.c.currency)
    rows = (await connection.execute(query)).all()
    credited = [Money(int(minor), currency) for currency, _came, _paid, minor in rows if currency and minor]
    return Brought(
        sum(int(row[1]) for row in rows),
        sum(int(row[2]) for row in rows),
        sorted(credited, key=lambda one: one.currency),
    )
