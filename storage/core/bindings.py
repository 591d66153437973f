"""Queries on bindings: what an outside system calls something of ours."""

from sqlalchemy import delete, select

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.core import bindings


async def get(connection: Connection, tenant: str, system: str, name: str) -> str | None:
    query = select(bindings.c.external_id).where(
        bindings.c.tenant == tenant, bindings.c.system == system, bindings.c.name == name
    )
    return (await connection.execute(query)).scalar_one_or_none()


async def put(tx: Transaction, tenant: str, system: str, name: str, external_id: str) -> None:
    key = {"tenant": tenant, "system": system, "name": name}
    await upsert(tx, bindings, key, {"external_id": external_id, "updated_at": tx.now})


async def drop(tx: Transaction, tenant: str, system: str, name: str) -> None:
    await tx.run(
        delete(bindings).where(bindings.c.tenant == tenant, bindings.c.system == system, bindings.c.name == name)
    )
