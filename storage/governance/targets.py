"""Queries on targets of key figures that admins set by chat."""

from sqlalchemy import delete, select

from bot.access.model import Person
from bot.governance.model import Target
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.people import people
from storage.tables.watch.governance import kpi_targets


async def all_of(connection: Connection, tenant: str) -> dict[str, tuple[Target, str]]:
    """Each that was set, by the figure's name, with the currency that it was set in; an amount of 0 is none."""
    query = select(kpi_targets.c.kpi, kpi_targets.c.target, kpi_targets.c.currency, people.c.name)
    query = query.outerjoin(people, people.c.id == kpi_targets.c.set_by).where(kpi_targets.c.tenant == tenant)
    rows = await connection.execute(query)
    return {row.kpi: (Target(row.target, row.name or ""), row.currency or "") for row in rows}


async def put(tx: Transaction, who: Person, kpi: str, target: int, currency: str | None) -> None:
    """Set one; 0: it has none, whatever the settings say."""
    values = {"target": target, "currency": currency, "set_by": who.id, "set_at": tx.now}
    await upsert(tx, kpi_targets, {"tenant": who.tenant, "kpi": kpi}, values)


async def drop(tx: Transaction, tenant: str, kpi: str) -> None:
    """Let the settings say it again."""
    await tx.run(delete(kpi_targets).where(kpi_targets.c.tenant == tenant, kpi_targets.c.kpi == kpi))
