"""Queries on who is on duty, and on duties that were offered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.access.model import GRANTS, Permission, Person
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.people import people
from storage.tables.people import people as table
from storage.tables.watch.incidents import NOW, duties

ON_DUTY = sorted(role.value for role, may in GRANTS.items() if Permission.WATCH in may)
_ON_DUTY = select(duties).where(duties.c.tenant == bindparam("its_tenant"), NOW).order_by(duties.c.place)


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is paged first (place 1) or second (2), since when; one that was offered and not taken has no `since`.

    note: on the shift before, by which model (None: by plain rules).
    """

    id: int
    tenant: str
    person_id: int
    place: int
    offered_by: int | None
    offered_at: datetime
    note: str | None
    note_model: str | None
    since: datetime | None
    until: datetime | None


def _duty(row: Row[Any]) -> Duty:
    who = (row.id, row.tenant, row.person_id, row.place, row.offered_by, row.offered_at)
    return Duty(*who, row.note, row.note_model, row.since, row.until)


async def now(connection: Connection, tenant: str) -> list[Duty]:
    """The duties that hold now, the first place first."""
    return [_duty(row) for row in await connection.execute(_ON_DUTY, {"its_tenant": tenant})]


async def on_duty(connection: Connection, tenant: str) -> list[Person]:
    """Who is on duty now and may be, the one who is paged first before the second."""
    ids = [duty.person_id for duty in await now(connection, tenant)]
    found = await people.by_ids(connection, tenant, ids) if ids else {}
    return [found[one] for one in ids if one in found and found[one].may(Permission.WATCH)]


async def find(connection: Connection, tenant: str, duty_id: int) -> Duty | None:
    """A duty of that number, whether it holds, was offered or is over."""
    row = (await connection.execute(select(duties).where(duties.c.tenant == tenant, duties.c.id == duty_id))).first()
    return None if row is None else _duty(row)


async def begin(tx: Transaction, who: Person, place: int) -> None:
    """Have the person on duty from now on."""
    row = {"tenant": who.tenant, "person_id": who.id, "place": place, "offered_at": tx.now, "since": tx.now}
    await tx.run(duties.insert(), row)


async def hold(tx: Transaction, tenant: str) -> None:
    """Have whoever changes the tenant's duties at this moment wait until this transaction ends."""
    everybody = select(table.c.id).where(table.c.tenant == tenant, table.c.role.in_(ON_DUTY)).order_by(table.c.id)
    await tx.run(everybody.with_for_update(key_share=True))


async def offer(tx: Transaction, by: Person, to: Person, place: int, note: str, model: str | None) -> Duty:
    """Offer a person a place, with the note on the shift."""
    row: dict[str, Any] = {"tenant": by.tenant, "person_id": to.id, "place": place, "offered_by": by.id}
    row |= {"offered_at": tx.now, "note": note, "note_model": model}
    return _duty((await tx.run(duties.insert().returning(*duties.c), row)).one())


async def accept(tx: Transaction, duty: Duty) -> bool:
    """Have an offered duty begin; False where it did, or was taken back."""
    same = (duties.c.tenant == duty.tenant, duties.c.id == duty.id, duties.c.since.is_(None), duties.c.until.is_(None))
    return bool((await tx.run(update(duties).where(*same).values(since=tx.now))).rowcount)


async def withdraw(tx: Transaction, by: Person) -> None:
    """What the person offered and nobody took is offered no more."""
    theirs = (duties.c.tenant == by.tenant, duties.c.offered_by == by.id, duties.c.since.is_(None))
    await tx.run(update(duties).where(*theirs, duties.c.until.is_(None)).values(until=tx.now))


async def end_all(tx: Transaction, tenant: str, person_id: int) -> int:
    """End all duties of a person, and what they were offered; returns how many places are free by that."""
    theirs = (duties.c.tenant == tenant, duties.c.person_id == person_id, duties.c.until.is_(None))
    held = await tx.run(update(duties).where(*theirs, duties.c.since.is_not(None)).values(until=tx.now))
    await tx.run(update(duties).where(*theirs).values(until=tx.now))
    return held.rowcount


async def end(tx: Transaction, duty: Duty) -> bool:
    """Have a duty, or an offer, end; False where it did."""
    same = (duties.c.tenant == duty.tenant, duties.c.id == duty.id, duties.c.until.is_(None))
    return bool((await tx.run(update(duties).where(*same).values(until=tx.now))).rowcount)
