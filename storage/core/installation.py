"""The code by which what we made at a provider is told from what another database made there."""

import secrets
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, select

from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.engine.upsert import insert_new
from storage.tables.core import installation

# It never changes, and every invoice asks for it.
_KNOWN: WeakKeyDictionary[Database, dict[str, str]] = WeakKeyDictionary()
_CODE = select(installation.c.code).where(installation.c.tenant == bindparam("its_tenant"))


async def installation_code(database: Database, tenant: str) -> str:
    """The tenant's code in this database, made at the first call and kept: 12 characters of 0-9 and a-f."""
    known = _KNOWN.setdefault(database, {})
    if tenant not in known:
        known[tenant] = await _read_or_make(database, tenant)
    return known[tenant]


async def installed_at(connection: Connection, tenant: str) -> datetime | None:
    """When the tenant's code was made, which is when it first ran; None where it has none yet."""
    query = select(installation.c.created_at).where(installation.c.tenant == tenant)
    at: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return at


async def _read_or_make(database: Database, tenant: str) -> str:
    async with database.reading() as connection:
        kept = (await connection.execute(_CODE, {"its_tenant": tenant})).scalar_one_or_none()
    if kept is not None:
        return str(kept)

    async def work(tx: Transaction) -> str:
        row = {"tenant": tenant, "code": secrets.token_hex(6), "created_at": tx.now}
        await insert_new(tx, installation, row, "tenant")
        return str((await tx.run(_CODE, {"its_tenant": tenant})).scalar_one())

    return await database.write(work)
