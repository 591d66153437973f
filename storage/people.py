"""Queries on people and invitations."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select, update

from bot.access.model import Person, Role
from storage.connection import Connection
from storage.database import Transaction
from storage.inserting import insert_ignoring
from storage.tables import invites, people

# Built once: building a statement takes SQLAlchemy several times longer than running it.
_BY_TELEGRAM_ID = select(people).where(people.c.telegram_id == bindparam("user"))
_BY_ID = select(people).where(people.c.tenant == bindparam("its_tenant"), people.c.id == bindparam("person"))


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        tenant=row.tenant,
        telegram_id=row.telegram_id,
        name=row.name,
        role=Role(row.role),
        language=row.language,
        email=row.email,
        reach=row.reach,
    )


async def by_telegram_id(connection: Connection, telegram_id: int) -> Person | None:
    """The person with that Telegram user id, of whichever tenant: this is how the tenant becomes known."""
    row = (await connection.execute(_BY_TELEGRAM_ID, {"user": telegram_id})).first()
    return None if row is None else _person(row)


async def by_id(connection: Connection, tenant: str, person_id: int) -> Person:
    return _person((await connection.execute(_BY_ID, {"its_tenant": tenant, "person": person_id})).one())


async def with_roles(connection: Connection, tenant: str, *roles: Role) -> list[Person]:
    """Everybody of these roles, in the order they came."""
    query = select(people).where(people.c.tenant == tenant, people.c.role.in_(roles)).order_by(people.c.id)
    return [_person(row) for row in await connection.execute(query)]


async def clients_called(connection: Connection, tenant: str, words: str) -> list[Person]:
    """The clients of that name, whatever its case, or of that Telegram id."""
    called = func.lower(people.c.name) == words.lower()
    if words.isascii() and words.isdigit() and len(words) < 16:
        called = or_(called, people.c.telegram_id == int(words))
    query = select(people).where(people.c.tenant == tenant, people.c.role == Role.CLIENT, called).order_by(people.c.id)
    return [_person(row) for row in await connection.execute(query)]


async def set_target(tx: Transaction, person: Person, points: int | None) -> None:
    """Set the line of the person's new briefs; None: that of each brief's type."""
    await tx.run(update(people).where(people.c.id == person.id).values(qa_target=points))


async def targets(connection: Connection, tenant: str, limit: int) -> list[tuple[Person, int]]:
    """Who has a line of their own, and which."""
    query = select(people).where(people.c.tenant == tenant, people.c.qa_target.is_not(None)).order_by(people.c.id)
    return [(_person(row), row.qa_target) for row in await connection.execute(query.limit(limit))]


async def enroll(tx: Transaction, tenant: str, telegram_id: int, name: str, role: Role, language: str) -> Person:
    """Make the person known, or give the known person this role; returns them."""
    values = {"tenant": tenant, "telegram_id": telegram_id, "name": name, "role": role, "language": language}
    await insert_ignoring(tx, people, {**values, "created_at": tx.now}, "telegram_id")
    await tx.run(update(people).where(people.c.telegram_id == telegram_id).values(tenant=tenant, role=role, name=name))
    person = await by_telegram_id(tx.connection, telegram_id)
    assert person is not None
    return person


async def set_reach(tx: Transaction, telegram_id: int, reach: str) -> None:
    await tx.run(update(people).where(people.c.telegram_id == telegram_id).values(reach=reach))


async def add_invite(
    tx: Transaction, tenant: str, code_hash: str, role: Role, created_by: int, lifetime: timedelta
) -> None:
    values = {"tenant": tenant, "code_hash": code_hash, "role": role, "created_by": created_by}
    await tx.run(invites.insert().values(values | {"created_at": tx.now, "expires_at": tx.now + lifetime}))


async def use_invite(tx: Transaction, code_hash: str) -> Row[Any] | None:
    """The invitation of that code, locked for this transaction; None where there is none."""
    query = select(invites).where(invites.c.code_hash == code_hash).with_for_update()
    return (await tx.run(query)).first()


async def mark_invite(tx: Transaction, invite_id: int, person_id: int, at: datetime) -> None:
    await tx.run(update(invites).where(invites.c.id == invite_id).values(redeemed_by=person_id, redeemed_at=at))
