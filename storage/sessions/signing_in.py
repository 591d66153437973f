"""Queries on what people sign in by, and on how often somebody tried."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.access.model import TENANT, Person, Role
from bot.sessions.model import Place
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new, upsert
from storage.tables.people import dashboard_keys, sign_in_links, sign_in_places


@dataclass(frozen=True, slots=True)
class Link:
    """A link that nobody used yet, and who it is for, as what."""

    id: int
    tenant: str
    person_id: int
    role: Role
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """Whose key it is, and its checksum, which is to be compared once more in constant time."""

    tenant: str
    person_id: int
    hash: str


async def add_link(tx: Transaction, who: Person, code_hash: str) -> None:
    """Keep a link for the person."""
    values = {"tenant": who.tenant, "person_id": who.id, "role": who.role, "code_hash": code_hash, "made_at": tx.now}
    await tx.run(sign_in_links.insert().values(values))


async def use_link(tx: Transaction, code_hash: str) -> Link | None:
    """The unused link of that code, which is used from now on; None where there is none."""
    one = update(sign_in_links).where(sign_in_links.c.code_hash == code_hash, sign_in_links.c.used_at.is_(None))
    row = (await tx.run(one.values(used_at=tx.now).returning(sign_in_links))).first()
    return None if row is None else Link(row.id, row.tenant, row.person_id, Role(row.role), row.made_at)


async def put_key(tx: Transaction, who: Person, key_hash: str) -> None:
    """Keep the person's key in the place of the one before."""
    values = {"key_hash": key_hash, "made_at": tx.now, "used_at": None}
    await upsert(tx, dashboard_keys, {"tenant": who.tenant, "person_id": who.id}, values)


async def drop_key(tx: Transaction, who: Person) -> bool:
    """Delete the person's key; False where there is none."""
    theirs = delete(dashboard_keys).where(dashboard_keys.c.tenant == who.tenant, dashboard_keys.c.person_id == who.id)
    return bool((await tx.run(theirs)).rowcount)


async def has_key(connection: Connection, who: Person) -> bool:
    """Whether the person has one."""
    theirs = select(dashboard_keys.c.id).where(dashboard_keys.c.tenant == who.tenant)
    return (await connection.execute(theirs.where(dashboard_keys.c.person_id == who.id))).first() is not None


async def key(tx: Transaction, key_hash: str) -> Key | None:
    """Whose key that is; it is noted that it is used."""
    one = update(dashboard_keys).where(dashboard_keys.c.key_hash == key_hash).values(used_at=tx.now)
    row = (await tx.run(one.returning(dashboard_keys))).first()
    return None if row is None else Key(row.tenant, row.person_id, row.key_hash)


async def place(tx: Transaction, name: str) -> Place:
    """What is counted of that place, held for this transaction: who comes at the same time waits."""
    await insert_new(tx, sign_in_places, {"tenant": TENANT, "place": name, "since": tx.now}, "tenant", "place")
    query = select(sign_in_places).where(sign_in_places.c.tenant == TENANT, sign_in_places.c.place == name)
    row = (await tx.run(query.with_for_update())).one()
    return Place(row.since, row.tries, row.failures, row.failed_at)


async def put_place(tx: Transaction, name: str, counted: Place) -> None:
    """Write down what is counted."""
    one = update(sign_in_places).where(sign_in_places.c.tenant == TENANT, sign_in_places.c.place == name)
    values = {"since": counted.since, "tries": counted.tries, "failures": counted.failures}
    await tx.run(one.values(values | {"failed_at": counted.failed_at}))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete links and counts of before then; returns how many there were."""
    links = (await tx.run(delete(sign_in_links).where(sign_in_links.c.made_at < before))).rowcount
    return links + (await tx.run(delete(sign_in_places).where(sign_in_places.c.since < before))).rowcount
