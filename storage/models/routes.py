"""Queries on models that are left out for a while."""

from datetime import datetime

from sqlalchemy import bindparam, select

from bot.access.model import Person
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.models import model_routes

_LEFT_OUT = select(model_routes.c.model).where(
    model_routes.c.tenant == bindparam("its_tenant"), model_routes.c.until > bindparam("now")
)


async def left_out(connection: Connection, tenant: str, now: datetime) -> set[str]:
    """The models that the tenant's briefs do without just now."""
    found = await connection.execute(_LEFT_OUT, {"its_tenant": tenant, "now": now})
    return {str(one) for one in found.scalars()}


async def leave_out(tx: Transaction, who: Person, model: str, until: datetime) -> None:
    """Have the person's tenant do without the model until then."""
    await upsert(tx, model_routes, {"tenant": who.tenant, "model": model}, {"until": until, "person_id": who.id})
