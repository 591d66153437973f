"""Queries on bindings: what an outside system calls something of ours."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.core import bindings

AT_ONCE = 500  # names of one query


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


async def of_names(connection: Connection, tenant: str, system: str, names: Sequence[str]) -> dict[str, str]:
    """The ids that the things of these names have in that system; those that have none are left out."""
    found: dict[str, str] = {}
    query = select(bindings.c.name, bindings.c.external_id)
    for begin in range(0, len(names), AT_ONCE):
        some = names[begin : begin + AT_ONCE]
        there = (bindings.c.tenant == tenant, bindings.c.system == system, bindings.c.name.in_(some))
        found |= {name: number for name, number in await connection.execute(query.where(*there))}
    return found
