"""Queries on sessions: who is signed in to the pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from bot.access.model import Person, Role
from bot.sessions.model import IDLE, LONGEST, Session, Way
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import UtcTime
from storage.tables.people import sessions

# By the cookie alone: so the tenant becomes known.
_BY_TOKEN = select(sessions).where(sessions.c.token_hash == bindparam("hash"), sessions.c.ended_at.is_(None))
_OPEN = select(sessions).where(
    sessions.c.tenant == bindparam("its_tenant"),
    sessions.c.person_id == bindparam("person"),
    sessions.c.ended_at.is_(None),
    sessions.c.seen_at > bindparam("since", type_=UtcTime),
    sessions.c.began_at > bindparam("earliest", type_=UtcTime),
)
_COUNT = _OPEN.with_only_columns(func.count())


async def add(tx: Transaction, who: Person, token_hash: str, way: Way, device: str) -> Session:
    """Begin one."""
    values = {"tenant": who.tenant, "person_id": who.id, "role": who.role, "token_hash": token_hash, "way": way}
    values |= {"device": device, "began_at": tx.now, "seen_at": tx.now}
    made = (await tx.run(sessions.insert().values(values).returning(sessions.c.id))).scalar_one()
    return Session(made, who.id, who.role, way, device, tx.now, tx.now)


async def by_token(connection: Connection, token_hash: str) -> tuple[str, Session] | None:
    """The tenant and the session of that token, if nobody ended it."""
    row = (await connection.execute(_BY_TOKEN, {"hash": token_hash})).first()
    return None if row is None else (row.tenant, _session(row))


async def touch(tx: Transaction, tenant: str, session_id: int) -> None:
    """Note that it is used just now."""
    one = update(sessions).where(sessions.c.tenant == tenant, sessions.c.id == session_id)
    await tx.run(one.where(sessions.c.ended_at.is_(None)).values(seen_at=tx.now))


async def of_person(connection: Connection, who: Person, now: datetime, which: Page) -> Sequence[Session]:
    """A page of the person's that are open."""
    return [_session(row) for row in await which.of(connection, _OPEN, sessions.c.id, _open(who, now))]


async def count(connection: Connection, who: Person, now: datetime) -> int:
    """How many of the person's are open."""
    return int((await connection.execute(_COUNT, _open(who, now))).scalar_one())


def _open(who: Person, now: datetime) -> dict[str, Any]:
    return {"its_tenant": who.tenant, "person": who.id, "since": now - IDLE, "earliest": now - LONGEST}


async def end(tx: Transaction, who: Person, session_id: int) -> bool:
    """End one of the person's; False where it is none of theirs, or is over."""
    one = update(sessions).where(sessions.c.tenant == who.tenant, sessions.c.person_id == who.id)
    one = one.where(sessions.c.id == session_id, sessions.c.ended_at.is_(None))
    return bool((await tx.run(one.values(ended_at=tx.now))).rowcount)


async def end_all(tx: Transaction, who: Person) -> int:
    """End all of the person's; returns how many of them were in use."""
    theirs = update(sessions).where(sessions.c.tenant == who.tenant, sessions.c.person_id == who.id)
    theirs = theirs.where(sessions.c.ended_at.is_(None), sessions.c.seen_at > tx.now - IDLE)
    return (await tx.run(theirs.values(ended_at=tx.now))).rowcount


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete what was last used before then; returns how many there were."""
    return (await tx.run(delete(sessions).where(sessions.c.seen_at < before))).rowcount


def _session(row: Row[Any]) -> Session:
    return Session(row.id, row.person_id, Role(row.role), Way(row.way), row.device, row.began_at, row.seen_at)
