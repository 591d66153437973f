"""Queries on marks of secrets, and on who was refused."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import distinct, func, select

from bot.access.model import TENANT
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.audit import audit
from storage.tables.watch.security import secret_marks


async def since(tx: Transaction, marks: Mapping[str, str]) -> dict[str, datetime]:
    """Since when each secret has had this mark; one that is new or has another counts from now."""
    query = select(secret_marks.c.name, secret_marks.c.mark, secret_marks.c.since)
    rows = await tx.run(query.where(secret_marks.c.tenant == TENANT))
    known = {name: (mark, first) for name, mark, first in rows}
    for name, mark in marks.items():
        if known.get(name, ("", None))[0] != mark:
            await upsert(tx, secret_marks, {"tenant": TENANT, "name": name}, {"mark": mark, "since": tx.now})
            known[name] = (mark, tx.now)
    return {name: known[name][1] for name in marks}


async def all_since(connection: Connection) -> dict[str, datetime]:
    """Since when each secret, by its setting, is as it is now; empty before the first scan."""
    query = select(secret_marks.c.name, secret_marks.c.since).where(secret_marks.c.tenant == TENANT)
    return {row.name: row.since for row in await connection.execute(query)}


async def refused_strangers(connection: Connection, tenant: str, after: datetime) -> tuple[int, int]:
    """How often people whom nobody invited were refused since then, and how many people that were."""
    query = select(func.count(), func.count(distinct(audit.c.stranger_id))).where(audit.c.tenant == tenant)
    query = query.where(audit.c.at >= after, audit.c.outcome == "forbidden", audit.c.person_id.is_(None))
    tries, people = (await connection.execute(query)).one()
    return int(tries), int(people)
