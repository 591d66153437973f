"""Queries on step-up: authenticators, recovery codes, what was confirmed, and what other admins are asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from bot.access.model import Person
from bot.step_up.model import Asked, Authenticator, State
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new, upsert
from storage.tables.watch.security import authenticators, recovery_codes, step_up_requests, step_ups

NEW: Mapping[str, Any] = {"secret": "", "pending": "", "last_step": 0, "failures": 0}


async def confirmed(connection: Connection, tenant: str, person_id: int, kind: str, now: datetime) -> bool:
    """Whether the person confirmed that kind, and it still holds."""
    query = select(step_ups.c.id).where(step_ups.c.tenant == tenant, step_ups.c.person_id == person_id)
    return (
        await connection.execute(query.where(step_ups.c.kind == kind, step_ups.c.ends_at > now))
    ).first() is not None


async def confirm(tx: Transaction, tenant: str, person_id: int, kind: str, ends_at: datetime) -> None:
    """Have it hold until then."""
    await upsert(tx, step_ups, {"tenant": tenant, "person_id": person_id, "kind": kind}, {"ends_at": ends_at})


async def has_authenticator(connection: Connection, tenant: str, person_id: int) -> bool:
    """Whether codes of the person count."""
    query = select(authenticators.c.id).where(authenticators.c.tenant == tenant, authenticators.c.secret != "")
    return (await connection.execute(query.where(authenticators.c.person_id == person_id))).first() is not None


async def with_authenticator(connection: Connection, tenant: str) -> set[int]:
    """Whose codes count."""
    query = select(authenticators.c.person_id).where(authenticators.c.tenant == tenant, authenticators.c.secret != "")
    return set((await connection.execute(query)).scalars())


async def find(connection: Connection, tenant: str, person_id: int) -> Authenticator | None:
    """The person's authenticator, or one that is being set up."""
    row = (await connection.execute(select(authenticators).where(*_theirs(tenant, person_id)))).first()
    return None if row is None else _authenticator(row)


async def held(tx: Transaction, who: Person) -> Authenticator:
    """The same, held for this transaction: of two codes at once the second waits. Where there is none, an empty one."""
    await insert_new(tx, authenticators, {"tenant": who.tenant, "person_id": who.id, **NEW}, "tenant", "person_id")
    query = select(authenticators).where(*_theirs(who.tenant, who.id)).with_for_update()
    return _authenticator((await tx.run(query)).one())


async def put(tx: Transaction, who: Person, of: Authenticator) -> None:
    """Write it down as it is now."""
    values = {"secret": of.secret, "pending": of.pending, "last_step": of.last_step, "failures": of.failures}
    values |= {"failed_at": of.failed_at, "set_up_at": of.set_up_at}
    await tx.run(update(authenticators).where(*_theirs(who.tenant, who.id)).values(values))


async def drop(tx: Transaction, tenant: str, person_id: int) -> bool:
    """Delete the person's authenticator with its recovery codes, and what they confirmed; False where there is none."""
    for table in (recovery_codes, step_ups):
        await tx.run(delete(table).where(table.c.tenant == tenant, table.c.person_id == person_id))
    return bool((await tx.run(delete(authenticators).where(*_theirs(tenant, person_id)))).rowcount)


async def put_recovery(tx: Transaction, who: Person, hashes: Sequence[str]) -> None:
    """Have these codes count, and none of before."""
    theirs = recovery_codes.c.tenant == who.tenant, recovery_codes.c.person_id == who.id
    await tx.run(delete(recovery_codes).where(*theirs))
    rows = [{"tenant": who.tenant, "person_id": who.id, "code_hash": one} for one in hashes]
    await tx.run(recovery_codes.insert(), rows)


async def use_recovery(tx: Transaction, who: Person, code_hash: str) -> bool:
    """Use the code up; False where it does not count."""
    one = update(recovery_codes).where(recovery_codes.c.tenant == who.tenant, recovery_codes.c.person_id == who.id)
    one = one.where(recovery_codes.c.code_hash == code_hash, recovery_codes.c.used_at.is_(None))
    return bool((await tx.run(one.values(used_at=tx.now))).rowcount)


async def recovery_left(connection: Connection, tenant: str, person_id: int) -> int:
    """How many codes still count."""
    query = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.tenant == tenant)
    query = query.where(recovery_codes.c.person_id == person_id, recovery_codes.c.used_at.is_(None))
    return int((await connection.execute(query)).scalar_one())


async def ask(tx: Transaction, who: Person, kind: str, again: Mapping[str, Any]) -> Asked:
    """Ask the other admins."""
    values = {"tenant": who.tenant, "person_id": who.id, "kind": kind, "again": dict(again), "state": State.WAITING}
    made = step_up_requests.insert().values(values | {"asked_at": tx.now}).returning(step_up_requests)
    return _asked((await tx.run(made)).one())


async def asked(connection: Connection, tenant: str, request_id: int, *, lock: bool = False) -> Asked | None:
    """What was asked; lock: held for the transaction."""
    query = select(step_up_requests).where(step_up_requests.c.tenant == tenant, step_up_requests.c.id == request_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    return None if row is None else _asked(row)


async def first_yes(tx: Transaction, of: Asked, by: int) -> None:
    """One of several said yes."""
    await tx.run(update(step_up_requests).where(*_one(of)).values(first_by=by))


async def end(tx: Transaction, of: Asked, state: State, by: int) -> None:
    """It was answered."""
    await tx.run(update(step_up_requests).where(*_one(of)).values(state=state, ended_by=by))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete what was asked and confirmed before then; returns how many rows."""
    gone = (await tx.run(delete(step_ups).where(step_ups.c.ends_at < before))).rowcount
    return gone + (await tx.run(delete(step_up_requests).where(step_up_requests.c.asked_at < before))).rowcount


def _theirs(tenant: str, person_id: int) -> tuple[Any, ...]:
    return authenticators.c.tenant == tenant, authenticators.c.person_id == person_id


def _one(of: Asked) -> tuple[Any, ...]:
    return step_up_requests.c.tenant == of.tenant, step_up_requests.c.id == of.id


def _authenticator(row: Row[Any]) -> Authenticator:
    return Authenticator(
        row.person_id, row.secret, row.pending, row.last_step, row.failures, row.failed_at, row.set_up_at
    )


def _asked(row: Row[Any]) -> Asked:
    return Asked(
        row.id,
        row.tenant,
        row.person_id,
        row.kind,
        row.again,
        State(row.state),
        row.first_by,
        row.ended_by,
        row.asked_at,
    )
