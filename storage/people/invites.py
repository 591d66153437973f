"""Queries on invitations."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, select, update

from bot.access.model import Invite, Person, Role
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import UtcTime
from storage.tables.people import invites, people

_UNUSED = and_(invites.c.redeemed_by.is_(None), invites.c.revoked_at.is_(None))
_THEIRS = (invites.c.tenant == bindparam("its_tenant"), invites.c.expires_at > bindparam("at", type_=UtcTime))
_OPEN = select(invites, people.c.name).join(people, people.c.id == invites.c.created_by).where(_UNUSED, *_THEIRS)


async def add(tx: Transaction, tenant: str, code_hash: str, role: Role, created_by: int, lifetime: timedelta) -> None:
    """Keep a new invitation."""
    values = {"tenant": tenant, "code_hash": code_hash, "role": role, "created_by": created_by}
    await tx.run(invites.insert().values(values | {"created_at": tx.now, "expires_at": tx.now + lifetime}))


async def use(tx: Transaction, code_hash: str) -> Row[Any] | None:
    """The invitation of that code, held for this transaction; None where there is none."""
    query = select(invites).where(invites.c.code_hash == code_hash).with_for_update()
    return (await tx.run(query)).first()


async def mark_used(tx: Transaction, tenant: str, invite_id: int, person_id: int) -> None:
    """Note who redeemed the invitation, now."""
    one = update(invites).where(invites.c.tenant == tenant, invites.c.id == invite_id)
    await tx.run(one.values(redeemed_by=person_id, redeemed_at=tx.now))


async def page(connection: Connection, tenant: str, now: datetime, which: Page) -> list[Invite]:
    """A page of the open ones."""
    rows = await which.of(connection, _OPEN, invites.c.id, {"its_tenant": tenant, "at": now})
    return [_invite(row) for row in rows]


async def count(connection: Connection, tenant: str, now: datetime) -> int:
    """How many are open."""
    query: Select[Any] = select(func.count()).select_from(invites).where(_UNUSED, *_THEIRS)
    return int((await connection.execute(query, {"its_tenant": tenant, "at": now})).scalar_one())


async def revoke(tx: Transaction, tenant: str, invite_id: int) -> Invite | None:
    """Let nobody use the invitation any more; returns what it was, or None where nobody could."""
    one = _OPEN.where(invites.c.id == invite_id).with_for_update(of=invites)
    row = (await tx.run(one, {"its_tenant": tenant, "at": tx.now})).first()
    if row is None:
        return None
    gone = update(invites).where(invites.c.tenant == tenant, invites.c.id == invite_id)
    await tx.run(gone.values(revoked_at=tx.now))
    return _invite(row)


async def revoke_of(tx: Transaction, inviter: Person) -> int:
    """Let nobody use what that person's invitations are still open; returns how many those were."""
    theirs = update(invites).where(invites.c.tenant == inviter.tenant, invites.c.created_by == inviter.id)
    return (await tx.run(theirs.where(_UNUSED, invites.c.expires_at > tx.now).values(revoked_at=tx.now))).rowcount


def _invite(row: Row[Any]) -> Invite:
    return Invite(row.id, Role(row.role), row.name, row.created_by, row.created_at, row.expires_at)
