"""The chain of the audit log: entries that wait to be sealed, the seals, and the anchors."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, type_coerce

from bot.access.model import TENANT
from bot.audit.chain import Anchor, Entry, Record, Sealed, frame
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import Int64
from storage.engine.upsert import insert_new
from storage.tables.audit import audit, audit_anchors, audit_seals, audit_unsealed
from storage.tables.tenants import tenants

_FIELDS = (
    *(audit.c.id, type_coerce(audit.c.at, Int64).label("at"), audit.c.person_id, audit.c.stranger_id),
    *(audit.c.action, audit.c.subject, audit.c.outcome),
    *(audit.c.source, audit.c.reference, audit.c.before, audit.c.after),
)


async def waiting_tenants(connection: Connection) -> list[str]:
    """The tenants that have entries which are not sealed."""
    query = select(audit_unsealed.c.tenant).distinct().order_by(audit_unsealed.c.tenant)
    return list((await connection.execute(query)).scalars())


async def waiting(connection: Connection, tenant: str) -> tuple[int, datetime | None]:
    """How many of its entries are not sealed, and since when the first of them is there."""
    query = select(func.count()).where(audit_unsealed.c.tenant == tenant)
    many = int((await connection.execute(query.select_from(audit_unsealed))).scalar_one())
    first = select(audit_unsealed.c.entry_id).where(audit_unsealed.c.tenant == tenant)
    first = first.order_by(audit_unsealed.c.entry_id).limit(1)
    since = select(audit.c.at).where(audit.c.tenant == tenant, audit.c.id == first.scalar_subquery())
    return many, (await connection.execute(since)).scalar()


async def next_unsealed(tx: Transaction, tenant: str, limit: int) -> list[Entry]:
    """The tenant's oldest entries that are not sealed. Whoever asks beside this transaction waits for it."""
    query = select(audit_unsealed.c.entry_id).where(audit_unsealed.c.tenant == tenant)
    query = query.order_by(audit_unsealed.c.entry_id).limit(limit).with_for_update()
    ids = list((await tx.run(query)).scalars())
    if not ids:
        return []
    rows = select(*_FIELDS).where(audit.c.tenant == tenant, audit.c.id.in_(ids)).order_by(audit.c.id)
    return [Entry(*tuple[Any, ...](row)) for row in await tx.run(rows)]


async def add(tx: Transaction, tenant: str, sealed: Sequence[Sealed]) -> None:
    """Keep the seals of entries, which then wait no more."""
    rows = [
        {"tenant": tenant, "place": one.place, "entry_id": one.entry.id, "key": one.key, "link": one.link.hex()}
        for one in sealed
    ]
    await tx.run(audit_seals.insert(), rows)
    ids = [one.entry.id for one in sealed]
    its = (audit_unsealed.c.tenant == tenant, audit_unsealed.c.entry_id.in_(ids))
    await tx.run(delete(audit_unsealed).where(*its))


async def head(connection: Connection, tenant: str) -> tuple[Anchor, str] | None:
    """The newest link, and the name of the key that made it; None where nothing is sealed yet."""
    query = select(audit_seals.c.place, audit_seals.c.link, audit_seals.c.key).where(audit_seals.c.tenant == tenant)
    row = (await connection.execute(query.order_by(audit_seals.c.place.desc()).limit(1))).first()
    return None if row is None else (Anchor(row.place, bytes.fromhex(row.link)), row.key)


async def sealed_tenants(connection: Connection) -> list[str]:
    """The tenants that have a chain: those that there are, each looked up."""
    query = select(tenants.c.tenant).order_by(tenants.c.tenant)
    names = [TENANT, *(name for name in (await connection.execute(query)).scalars() if name != TENANT)]
    return [name for name in names if await head(connection, name) is not None]


async def entry_at(connection: Connection, tenant: str, place: int) -> int:
    """The id of the entry at that place; 0 where none is."""
    query = select(audit_seals.c.entry_id).where(audit_seals.c.tenant == tenant, audit_seals.c.place == place)
    return int((await connection.execute(query)).scalar() or 0)


async def seal_at(connection: Connection, tenant: str, place: int) -> Anchor | None:
    """The seal at that place."""
    query = select(audit_seals.c.link).where(audit_seals.c.tenant == tenant, audit_seals.c.place == place)
    link = (await connection.execute(query)).scalar()
    return None if link is None else Anchor(place, bytes.fromhex(link))


async def behind(connection: Connection, tenant: str, place: int, limit: int) -> Sequence[Row[Any]]:
    """The next seals behind that place, each with its entry, as far as that is there."""
    seals = select(audit_seals.c.place, audit_seals.c.key, audit_seals.c.link, *_FIELDS)
    its = (audit.c.id == audit_seals.c.entry_id) & (audit.c.tenant == audit_seals.c.tenant)
    query = seals.outerjoin(audit, its).where(audit_seals.c.tenant == tenant, audit_seals.c.place > place)
    return (await connection.execute(query.order_by(audit_seals.c.place).limit(limit))).all()


def records(tenant: str, rows: Sequence[Row[Any]]) -> list[Record]:
    """The rows as they are checked. A seal whose entry is gone is left out: the entry is then found to be missing."""
    found = []
    for row in rows:
        place, key, link, *fields = tuple[Any, ...](row)
        if fields[0] is not None:
            found.append(Record(place, key, _bytes(link), frame(tenant, place, Entry(*fields))))
    return found


def _bytes(link: str) -> bytes:
    try:
        return bytes.fromhex(link)
    except ValueError:
        return b""  # which is no link of anything


async def not_sealed(connection: Connection, tenant: str, after: int, limit: int) -> tuple[list[int], int]:
    """Of the next entries by their ids, those that are neither sealed nor wait for it; and the last id looked at, 0
    where there is none.
    """
    mine = select(audit.c.id).where(audit.c.tenant == tenant, audit.c.id > after).order_by(audit.c.id).limit(limit)
    ids = list((await connection.execute(mine)).scalars())
    if not ids:
        return [], 0
    its = audit_seals.c.entry_id.between(ids[0], ids[-1])
    found = select(audit_seals.c.entry_id).where(audit_seals.c.tenant == tenant, its)
    known = set((await connection.execute(found)).scalars())
    waits = select(audit_unsealed.c.entry_id).where(audit_unsealed.c.tenant == tenant)
    if left := [one for one in ids if one not in known]:
        known = set((await connection.execute(waits.where(audit_unsealed.c.entry_id.in_(left)))).scalars())
        left = [one for one in left if one not in known]
    return left, ids[-1]


async def anchors(connection: Connection, tenant: str, limit: int) -> list[Anchor]:
    """How far the chain was known to go, and when: the newest of them. Who rewrites what is older changes these too."""
    query = select(audit_anchors.c.place, audit_anchors.c.link, audit_anchors.c.at)
    query = query.where(audit_anchors.c.tenant == tenant).order_by(audit_anchors.c.place.desc()).limit(limit)
    return [Anchor(row.place, _bytes(row.link), row.at) for row in await connection.execute(query)]


async def newest_anchor(connection: Connection, tenant: str) -> Anchor | None:
    """The newest of them."""
    query = select(audit_anchors.c.place, audit_anchors.c.link, audit_anchors.c.at)
    query = query.where(audit_anchors.c.tenant == tenant).order_by(audit_anchors.c.place.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return None if row is None else Anchor(row.place, bytes.fromhex(row.link), row.at)


async def anchor(tx: Transaction, tenant: str, head: Anchor) -> bool:
    """Keep how far the chain goes; False where it was kept already."""
    row = {"tenant": tenant, "place": head.place, "link": head.link.hex(), "at": tx.now}
    return bool(await insert_new(tx, audit_anchors, row, "tenant", "place"))
