"""Queries on what people asked for of their data, and by when it is to be answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from bot.access.model import Person
from bot.consents.model import Region
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.tables.clients.consents import OPEN, data_requests, person_regions
from storage.tables.clients.erasures import UNDER_WAY, erasures

MOST = 500


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked for and does not have yet. kind: erasure, export. region: where they say they live."""

    kind: str
    id: int
    person_id: int
    asked_at: datetime
    region: Region | None
    ends_at: datetime | None = None


async def open_ones(connection: Connection, tenant: str) -> Sequence[Request]:
    """Those of the tenant that are not answered, the oldest first of each kind."""
    query = select(erasures.c.id, erasures.c.person_id, erasures.c.asked_at).where(erasures.c.tenant == tenant)
    rows = await connection.execute(query.where(UNDER_WAY).order_by(erasures.c.id).limit(MOST))
    found = [("erasure", row.id, row.person_id, row.asked_at, None) for row in rows]
    asked = select(data_requests).where(data_requests.c.tenant == tenant, OPEN)
    rows = await connection.execute(asked.order_by(data_requests.c.asked_at, data_requests.c.id).limit(MOST))
    found += [("export", row.id, row.person_id, row.asked_at, row.ends_at) for row in rows]
    where = await _regions(connection, tenant, {one[2] for one in found})
    return [Request(kind, number, who, asked, where.get(who), ends) for kind, number, who, asked, ends in found]


async def _regions(connection: Connection, tenant: str, ids: set[int]) -> dict[int, Region]:
    query = select(person_regions.c.person_id, person_regions.c.region).where(person_regions.c.tenant == tenant)
    query = query.where(person_regions.c.person_id.in_(ids), person_regions.c.region.is_not(None))
    return {int(who): Region(region) for who, region in await connection.execute(query)}


async def add(tx: Transaction, who: Person, code_hash: str, ends_at: datetime) -> int:
    """Write down that the person asked for their data, and the link by which they have it."""
    values = {"tenant": who.tenant, "person_id": who.id, "code_hash": code_hash, "asked_at": tx.now}
    added = data_requests.insert().values(**values, ends_at=ends_at).returning(data_requests.c.id)
    return int((await tx.run(added)).scalar_one())


async def use(tx: Transaction, code_hash: str) -> tuple[str, int] | None:
    """The tenant and person of a link that nobody used yet, which is used from now on; else None."""
    one = update(data_requests).where(data_requests.c.code_hash == code_hash, OPEN, data_requests.c.ends_at > tx.now)
    used = one.values(answered_at=tx.now).returning(data_requests.c.tenant, data_requests.c.person_id)
    row = (await tx.run(used)).first()
    return None if row is None else (row.tenant, row.person_id)


async def answered(tx: Transaction, tenant: str, person_id: int) -> int:
    """Note that the person has what they asked for; how many requests that answers."""
    theirs = update(data_requests).where(data_requests.c.tenant == tenant, data_requests.c.person_id == person_id, OPEN)
    return (await tx.run(theirs.values(answered_at=tx.now))).rowcount
