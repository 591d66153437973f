"""Queries on people; their invitations are in `storage.people.invites`."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, or_, select, update

from bot.access.model import Person, Role
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.billing import billing_details
from storage.tables.people import people
from storage.tables.tenants import tenants

# Built once: building a statement takes SQLAlchemy several times longer than running it.
_PEOPLE = select(people, tenants.c.language.label("tenant_language"), tenants.c.time_zone.label("tenant_zone"))
_PEOPLE = _PEOPLE.outerjoin(tenants, tenants.c.tenant == people.c.tenant)
_BY_TELEGRAM_ID = _PEOPLE.where(people.c.telegram_id == bindparam("user"))
_REACH_LOCKED = select(people.c.reach).where(people.c.telegram_id == bindparam("user"))
_REACH_LOCKED = _REACH_LOCKED.with_for_update(key_share=True)
_ALL = _PEOPLE.where(people.c.tenant == bindparam("its_tenant"))
_BY_ID = _ALL.where(people.c.id == bindparam("person"))
_BY_IDS = _ALL.where(people.c.id.in_(bindparam("ids", expanding=True)))
_WITH_ROLES = _ALL.where(people.c.role.in_(bindparam("roles", expanding=True))).order_by(people.c.id)
_OF_ROLE = _ALL.where(people.c.role == bindparam("its_role"))
_IN, _REMOVED = _ALL.where(people.c.role != Role.REMOVED), _ALL.where(people.c.role == Role.REMOVED)


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
        tenant_language=row.tenant_language or "",
        tenant_zone=row.tenant_zone or "",
        preferred_language=row.preferred_language or "",
        zone=row.time_zone or "",
        quiet_hours=row.quiet_hours or "",
        heard=row.heard or "",
        file_format=row.file_format or "",
    )


def _is(person: Person) -> tuple[ColumnElement[bool], ...]:
    return people.c.tenant == person.tenant, people.c.id == person.id


async def by_telegram_id(connection: Connection, telegram_id: int) -> Person | None:
    """The person with that Telegram user id, of whichever tenant: this is how the tenant becomes known."""
    row = (await connection.execute(_BY_TELEGRAM_ID, {"user": telegram_id})).first()
    return None if row is None else _person(row)


async def by_id(connection: Connection, tenant: str, person_id: int) -> Person:
    """The person, who has to be there."""
    return _person((await connection.execute(_BY_ID, {"its_tenant": tenant, "person": person_id})).one())


async def within(tx: Transaction, tenant: str, person_id: int) -> Person:
    """The person as this transaction first saw them: of several cards for one person each would ask again."""
    return await tx.once((people, tenant, person_id), lambda: by_id(tx.connection, tenant, person_id))


async def find(connection: Connection, tenant: str, person_id: int) -> Person | None:
    """The person of that number, where there is one."""
    row = (await connection.execute(_BY_ID, {"its_tenant": tenant, "person": person_id})).first()
    return None if row is None else _person(row)


async def by_ids(connection: Connection, tenant: str, ids: Collection[int]) -> dict[int, Person]:
    """The tenant's people of these numbers."""
    rows = await connection.execute(_BY_IDS, {"its_tenant": tenant, "ids": list(ids)})
    return {row.id: _person(row) for row in rows}


async def with_roles(connection: Connection, tenant: str, *roles: Role) -> list[Person]:
    """Everybody of these roles, in the order they came."""
    rows = await connection.execute(_WITH_ROLES, {"its_tenant": tenant, "roles": list(roles)})
    return [_person(row) for row in rows]


async def by_mail(connection: Connection, tenant: str, *roles: Role) -> dict[str, Person]:
    """People of these roles by the address that they gave for their invoices, in small letters."""
    theirs = (billing_details.c.tenant == people.c.tenant) & (billing_details.c.person_id == people.c.id)
    query = _PEOPLE.add_columns(billing_details.c.email.label("address")).join(billing_details, theirs)
    rows = await connection.execute(query.where(people.c.tenant == tenant, people.c.role.in_(roles)))
    return {row.address.lower(): _person(row) for row in rows if row.address}


async def clients_called(connection: Connection, tenant: str, words: str) -> list[Person]:
    """The clients of that name, whatever its case, or of that Telegram id."""
    called = func.lower(people.c.name) == words.lower()
    if words.isascii() and words.isdigit() and len(words) < 16:
        called = or_(called, people.c.telegram_id == int(words))
    query = _PEOPLE.where(people.c.tenant == tenant, people.c.role == Role.CLIENT, called).order_by(people.c.id)
    return [_person(row) for row in await connection.execute(query)]


async def set_target(tx: Transaction, person: Person, points: int | None) -> None:
    """Set the target of the person's new briefs; None: that of each brief's type."""
    await tx.run(update(people).where(*_is(person)).values(qa_target=points))


async def set_time_zone(tx: Transaction, person: Person, zone: str | None) -> Person:
    """Set the zone that the person chose; None: their tenant's. Returns them as they are then."""
    await tx.run(update(people).where(*_is(person)).values(time_zone=zone))
    return replace(person, zone=zone or "")


async def set_file_format(tx: Transaction, person: Person, file_format: str) -> Person:
    """Set how the person wants finished texts as files. Returns them as they are then."""
    await tx.run(update(people).where(*_is(person)).values(file_format=file_format))
    return replace(person, file_format=file_format)


async def set_quiet_hours(tx: Transaction, person: Person, hours: str) -> Person:
    """Set from when to when the person wants to hear nothing; "": never. Returns them as they are then."""
    await tx.run(update(people).where(*_is(person)).values(quiet_hours=hours or None))
    return replace(person, quiet_hours=hours)


async def set_heard(tx: Transaction, person: Person, heard: str) -> Person:
    """Set of what the person wants to hear otherwise than loudly. Returns them as they are then."""
    await tx.run(update(people).where(*_is(person)).values(heard=heard or None))
    return replace(person, heard=heard)


async def set_languages(tx: Transaction, person: Person, preferred: str | None, app: str) -> Person:
    """Set the language that the person chose, None where they did not, and their app's, where it says one."""
    values = {"preferred_language": preferred, "language": app or person.language}
    await tx.run(update(people).where(*_is(person)).values(values))
    return replace(person, preferred_language=preferred or "", language=app or person.language)


async def setup_shown(connection: Connection, person: Person) -> str | None:
    """What the person was shown as set up; None where they were shown nothing yet."""
    shown: str | None = (await connection.execute(select(people.c.setup_shown).where(*_is(person)))).scalar_one()
    return shown


async def set_setup_shown(tx: Transaction, person: Person, shown: str) -> None:
    """Note what the person was shown of what is to be set up."""
    await tx.run(update(people).where(*_is(person)).values(setup_shown=shown))


async def with_setup_shown(connection: Connection, tenant: str, ended: Collection[str]) -> list[tuple[Person, str]]:
    """The admins who are shown what is to be set up, and what each was shown as done."""
    query = _PEOPLE.where(people.c.tenant == tenant, people.c.role == Role.ADMIN, people.c.setup_shown.not_in(ended))
    return [(_person(row), row.setup_shown) for row in await connection.execute(query.order_by(people.c.id))]


async def targets(connection: Connection, tenant: str, limit: int) -> list[tuple[Person, int]]:
    """Who has a target of their own, and which."""
    query = _PEOPLE.where(people.c.tenant == tenant, people.c.qa_target.is_not(None)).order_by(people.c.id)
    return [(_person(row), row.qa_target) for row in await connection.execute(query.limit(limit))]


async def enroll(
    tx: Transaction, tenant: str, telegram_id: int, name: str, role: Role, language: str, *, by_setting: bool = False
) -> Person:
    """Make the person known, or give the known person this role; returns them.

    by_setting: the role is theirs as long as the setting says so, and what they were given otherwise is kept.
    """
    values = {"tenant": tenant, "telegram_id": telegram_id, "name": name, "role": role, "language": language}
    await insert_new(tx, people, {**values, "created_at": tx.now}, "telegram_id")
    changes = {"tenant": tenant, "role": role, "name": name, "removed_at": None}
    if not by_setting:
        changes["granted"] = role
    await tx.run(update(people).where(people.c.telegram_id == telegram_id).values(**changes))
    person = await by_telegram_id(tx.connection, telegram_id)
    assert person is not None
    return person


async def newcomer(
    tx: Transaction, tenant: str, telegram_id: int, name: str, role: Role, language: str
) -> Person | None:
    """Make somebody known who never was; None where they are known already, in whatever role or tenant."""
    values = {"tenant": tenant, "telegram_id": telegram_id, "name": name, "role": role, "language": language}
    if not await insert_new(tx, people, {**values, "granted": role, "created_at": tx.now}, "telegram_id"):
        return None
    return await by_telegram_id(tx.connection, telegram_id)


async def set_role(tx: Transaction, person: Person, role: Role, *, by_setting: bool = False) -> Person:
    """Give a known person another role; returns them as they are then. by_setting: see `enroll`."""
    changes: dict[str, Any] = {"role": role, "removed_at": tx.now if role is Role.REMOVED else None}
    if not by_setting:
        changes["granted"] = role
    await tx.run(update(people).where(*_is(person)).values(**changes))
    return replace(person, role=role)


async def locked(tx: Transaction, tenant: str, person_id: int) -> Person | None:
    """The person, held for this transaction; None where there is none of that number."""
    query = _PEOPLE.where(people.c.tenant == tenant, people.c.id == person_id).with_for_update(of=people)
    row = (await tx.run(query)).first()
    return None if row is None else _person(row)


async def held(tx: Transaction, tenant: str, ids: Collection[int]) -> dict[int, Person]:
    """The tenant's people of these numbers, who keep their roles until the transaction ends."""
    query = _PEOPLE.where(people.c.tenant == tenant, people.c.id.in_(ids)).order_by(people.c.id)
    return {row.id: _person(row) for row in await tx.run(query.with_for_update(read=True, of=people))}


async def locked_admins(tx: Transaction, tenant: str) -> list[Person]:
    """Every admin, held for this transaction: who changes admins waits for who else does."""
    query = _PEOPLE.where(people.c.tenant == tenant, people.c.role == Role.ADMIN)
    return [_person(row) for row in await tx.run(query.order_by(people.c.id).with_for_update(of=people))]


async def named_in(tx: Transaction, tenant: str, telegram_ids: Collection[int]) -> list[Person]:
    """Who of these Telegram users is known, held for this transaction."""
    query = _PEOPLE.where(people.c.tenant == tenant, people.c.telegram_id.in_(telegram_ids))
    return [_person(row) for row in await tx.run(query.order_by(people.c.id).with_for_update(of=people))]


async def removed_at(connection: Connection, person: Person) -> datetime | None:
    """When the person was removed; None where they were not."""
    query = select(people.c.removed_at).where(*_is(person))
    at: datetime | None = (await connection.execute(query)).scalar_one()
    return at


async def granted(connection: Connection, person: Person) -> Role | None:
    """The role that an invitation or an admin gave; None where it is only the setting that makes them an admin."""
    role = (await connection.execute(select(people.c.granted).where(*_is(person)))).scalar_one()
    return None if role is None else Role(role)


async def known_since(connection: Connection, person: Person) -> datetime:
    """When the person came in first."""
    at: datetime = (await connection.execute(select(people.c.created_at).where(*_is(person)))).scalar_one()
    return at


async def page(connection: Connection, tenant: str, which: Page, *, removed: bool) -> list[Person]:
    """A page of those who are in, or of those who were removed."""
    rows = await which.of(connection, _REMOVED if removed else _IN, people.c.id, {"its_tenant": tenant})
    return [_person(row) for row in rows]


async def page_of_role(connection: Connection, tenant: str, which: Page, role: Role) -> list[Person]:
    """A page of those of a role."""
    rows = await which.of(connection, _OF_ROLE, people.c.id, {"its_tenant": tenant, "its_role": role})
    return [_person(row) for row in rows]


async def counts(connection: Connection, tenant: str) -> dict[Role, int]:
    """How many people there are of each role that somebody has."""
    query = select(people.c.role, func.count()).where(people.c.tenant == tenant).group_by(people.c.role)
    return {Role(role): number for role, number in await connection.execute(query)}


async def set_reach(tx: Transaction, telegram_id: int, reach: str) -> None:
    """Note whether the person can be written to."""
    await tx.run(update(people).where(people.c.telegram_id == telegram_id).values(reach=reach))


async def is_open(tx: Transaction, telegram_id: int) -> bool:
    """Whether somebody of that Telegram id is known and can be written to; it stays so until the transaction ends."""
    return (await tx.run(_REACH_LOCKED, {"user": telegram_id})).scalar_one_or_none() == "open"
