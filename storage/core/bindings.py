"""Queries on bindings: what an outside system calls something of ours."""

from sqlalchemy import delete, select

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.core import bindings


async def get(connection: Connection, tenant: str, system: str, name: str) -> str | None:
    """The id that the thing of this name has in that system; None where it has none."""
    query = select(bindings.c.external_id).where(
        bindings.c.tenant == tenant, bindings.c.system == system, bindings.c.name == name
    )
    return (await connection.execute(query)).scalar_one_or_none()


async def put(tx: Transaction, tenant: str, system: str, name: str, external_id: str) -> None:
    """Keep the id that the thing of this name has in that system, in place of an earlier one."""
    key = {"tenant": tenant, "system": system, "name": name}
    await upsert(tx, bindings, key, {"external_id": external_id, "updated_at": tx.now})


async def drop(tx: Transaction, tenant: str, system: str, name: str) -> None:
    """Forget the id that the thing of this name has in that system."""
    await tx.run(
        delete(bindings).where(bindings.c.tenant == tenant, bindings.c.system == system, bindings.c.name == name)
    )
