"""Queries on what clients ordered, for who may leave."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.access.model import Role
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.people.clients import NO_ORDER, owed
from storage.tables.briefs import briefs
from storage.tables.clients.nps import churn_told
from storage.tables.people import people
from storage.tables.quality import ratings

NEWEST_STARS = 3
_ORDERS = select(briefs.c.client_id, briefs.c.created_at).where(
    briefs.c.tenant == bindparam("its_tenant"),
    briefs.c.created_at >= bindparam("since"),
    unindexed(briefs.c.state).not_in(NO_ORDER),
    unindexed(briefs.c.revision_of).is_(None),
)
_STARS = select(ratings.c.stars).where(
    ratings.c.client_id == bindparam("client"), unindexed(ratings.c.tenant) == bindparam("its_tenant")
)
_STARS = _STARS.order_by(ratings.c.id.desc()).limit(NEWEST_STARS)


async def since(connection: Connection, tenant: str, moment: datetime) -> Mapping[int, Sequence[datetime]]:
    """When each client ordered since then."""
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for client, at in await connection.execute(_ORDERS, {"its_tenant": tenant, "since": moment}):
        found[client].append(at)
    return found


async def names(connection: Connection, tenant: str, ids: Collection[int]) -> Mapping[int, str]:
    """The names of those of them who are clients still."""
    query = select(people.c.id, people.c.name).where(
        unindexed(people.c.tenant) == tenant, people.c.id.in_(ids), unindexed(people.c.role) == Role.CLIENT
    )
    return {number: name for number, name in await connection.execute(query)}


async def told(connection: Connection, tenant: str, ids: Collection[int]) -> Collection[tuple[int, datetime]]:
    """Of which silences of these clients admins were told, by the last order before each."""
    query = select(churn_told.c.client_id, churn_told.c.last_order).where(
        unindexed(churn_told.c.tenant) == tenant, churn_told.c.client_id.in_(ids)
    )
    return {(client, last_order) for client, last_order in await connection.execute(query)}


async def tell(tx: Transaction, tenant: str, client_id: int, last_order: datetime) -> bool:
    """Note that admins are told of that silence; False where they were before."""
    row = {"tenant": tenant, "client_id": client_id, "last_order": last_order, "created_at": tx.now}
    return bool(await insert_new(tx, churn_told, row, "client_id", "last_order"))


async def stars(connection: Connection, tenant: str, client_id: int) -> list[int]:
    """The client's newest stars, three at most."""
    return list((await connection.execute(_STARS, {"its_tenant": tenant, "client": client_id})).scalars())


async def late(connection: Connection, tenant: str, ids: Collection[int], now: datetime) -> Collection[int]:
    """Those of them who should have paid something by now."""
    found = await owed(connection, tenant, ids, now)
    return {client for client, amounts in found.items() if any(one.late.minor > 0 for one in amounts)}
