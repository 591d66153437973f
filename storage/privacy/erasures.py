"""Queries on erasures: who asked, what is under way, and who is erased."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.privacy.model import Erased, Erasure, ErasureState, Marks
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.tables.clients.erasures import ENDED, UNDER_WAY, erasures
from storage.tables.people import people

LOAD = select(erasures).where(erasures.c.id == bindparam("erasure"))
_OF = select(erasures).where(
    erasures.c.tenant == bindparam("its_tenant"), erasures.c.person_id == bindparam("person"), UNDER_WAY
)


def _erasure(row: Row[Any]) -> Erasure:
    return Erasure(
        id=row.id,
        tenant=row.tenant,
        person_id=row.person_id,
        state=ErasureState(row.state),
        version=row.version,
        asked_at=row.asked_at,
        due_at=row.due_at,
        erased_at=row.erased_at,
        ended_at=row.ended_at,
        person_since=row.person_since,
        gone=row.gone or {},
        stays=row.stays or {},
        marks=None if row.marks is None else Marks.from_json(row.marks),
        files=row.files or [],
    )


async def add(tx: Transaction, tenant: str, person_id: int, due_at: datetime) -> Erasure | None:
    """Write down that the person asked; None where they did already, or there is no such person."""
    their = (people.c.tenant == tenant, people.c.id == person_id)
    since = (await tx.run(select(people.c.created_at).where(*their))).scalar()
    if since is None or await under_way(tx.connection, tenant, person_id) is not None:
        return None
    row = {"tenant": tenant, "person_id": person_id, "state": ErasureState.ASKED, "asked_at": tx.now}
    row |= {"due_at": due_at, "person_since": since}
    added = (await tx.run(erasures.insert().returning(erasures.c.id), row)).scalar_one()
    return await load(tx.connection, int(added))


async def load(connection: Connection, erasure_id: int) -> Erasure | None:
    """The erasure of whichever tenant, for work that no person asks for now."""
    row = (await connection.execute(LOAD, {"erasure": erasure_id})).first()
    return None if row is None else _erasure(row)


async def under_way(connection: Connection, tenant: str, person_id: int) -> Erasure | None:
    """What the person asked for and is not at its end."""
    row = (await connection.execute(_OF, {"its_tenant": tenant, "person": person_id})).first()
    return None if row is None else _erasure(row)


async def waiting(connection: Connection, tenant: str, limit: int) -> list[Erasure]:
    """What the tenant's people asked for and is not at its end, the first to be due first."""
    query = select(erasures).where(erasures.c.tenant == tenant, UNDER_WAY).order_by(erasures.c.due_at, erasures.c.id)
    return [_erasure(row) for row in await connection.execute(query.limit(limit))]


async def change(tx: Transaction, erasure: Erasure, **values: Any) -> Erasure | None:
    """The erasure with these values; None where somebody changed it since it was read."""
    this = (erasures.c.tenant == erasure.tenant, erasures.c.id == erasure.id, erasures.c.version == erasure.version)
    changed = update(erasures).where(*this).values(version=erasure.version + 1, **values)
    if not (await tx.run(changed)).rowcount:
        return None
    return await load(tx.connection, erasure.id)


async def to_sweep(connection: Connection, tenant: str) -> list[Erasure]:
    """Those of the tenant whose rows are erased, and what came and was sent is not yet swept."""
    query = select(erasures).where(erasures.c.tenant == tenant, UNDER_WAY, erasures.c.marks.is_not(None))
    return [_erasure(row) for row in await connection.execute(query.order_by(erasures.c.id))]


async def left(connection: Connection, before: datetime) -> list[int]:
    """Those of any tenant that should be on their way since before then."""
    query = select(erasures.c.id).where(UNDER_WAY, unindexed(erasures.c.due_at) < before)
    return sorted((await connection.execute(query)).scalars())


async def all_erased(connection: Connection, since: datetime) -> list[Erased]:
    """Everybody who was erased since then, of every tenant."""
    query = select(erasures).where(ENDED, unindexed(erasures.c.erased_at) >= since).order_by(erasures.c.id)
    rows = await connection.execute(query)
    return [Erased(row.tenant, row.person_id, row.person_since, row.erased_at) for row in rows]


async def is_same(connection: Connection, erased: Erased) -> bool:
    """Whether the number is still that person's here, and not another's who came later."""
    query = select(people.c.created_at).where(people.c.tenant == erased.tenant, people.c.id == erased.person_id)
    return (await connection.execute(query)).scalar() == erased.since


async def note(tx: Transaction, erased: Erased) -> int | None:
    """Write down an erasure that a list tells of; its number, None where it is known here."""
    row = {"tenant": erased.tenant, "person_id": erased.person_id, "state": ErasureState.ASKED}
    row |= {"asked_at": erased.at, "due_at": erased.at, "person_since": erased.since}
    if await under_way(tx.connection, erased.tenant, erased.person_id) is not None:
        return None
    known = select(erasures.c.id).where(erasures.c.tenant == erased.tenant, ENDED)
    known = known.where(erasures.c.person_id == erased.person_id)
    if (await tx.run(known)).first() is not None:
        return None
    return int((await tx.run(erasures.insert().returning(erasures.c.id), row)).scalar_one())


def counted(kinds: Sequence[tuple[str, int]]) -> Mapping[str, int]:
    """How many of each kind, without those of which there is none."""
    found: dict[str, int] = {}
    for kind, count in kinds:
        found[kind] = found.get(kind, 0) + count
    return {kind: count for kind, count in found.items() if count}
