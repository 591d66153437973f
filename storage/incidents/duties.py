"""Queries on who is on duty."""

from sqlalchemy import bindparam, select

from bot.access.model import Person
from storage.engine.connection import Connection
from storage.people import people
from storage.tables.incidents import NOW, duties

_ON_DUTY = select(duties.c.person_id).where(duties.c.tenant == bindparam("its_tenant"), NOW).order_by(duties.c.place)


async def on_duty(connection: Connection, tenant: str) -> list[Person]:
    """Who is on duty now, the one who is paged first before the second."""
    ids = list((await connection.execute(_ON_DUTY, {"its_tenant": tenant})).scalars())
    found = await people.by_ids(connection, tenant, ids) if ids else {}
    return [found[one] for one in ids if one in found]
