"""Queries on flags: how they stand, and who waits for one to be on again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.access.model import Person
from bot.flags.model import Change, Flag, Mode, Switch
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.flags import flag_waiters, flags
from storage.tables.people import people

SIGNAL = "flags"
_ALL = select(flags, people.c.name.label("by")).join(people, people.c.id == flags.c.person_id)


def _switch(row: Row[Any]) -> Switch:
    change = Change(Mode(row.mode), row.percent, tuple(row.names))
    return Switch(Flag(row.flag), change, row.reason, row.by, row.changed_at, row.version)


async def all_of(connection: Connection, tenant: str) -> Sequence[Switch]:
    """The flags that were ever changed; one of a version with more of them is left alone."""
    rows = await connection.execute(_ALL.where(flags.c.tenant == tenant, flags.c.flag.in_(list(Flag))))
    return [_switch(row) for row in rows]


async def put(tx: Transaction, tenant: str, switch: Switch, person_id: int) -> bool:
    """Write the flag down where its version is the one before this one; False where somebody was first."""
    change = switch.change
    row = {"mode": change.mode, "percent": change.percent, "names": list(change.names), "reason": switch.reason}
    row |= {"person_id": person_id, "version": switch.version, "changed_at": tx.now}
    tx.wake(SIGNAL)
    if switch.version == 1:
        return bool(await insert_new(tx, flags, row | {"tenant": tenant, "flag": switch.flag}, "tenant", "flag"))
    before = update(flags).where(flags.c.tenant == tenant, flags.c.flag == switch.flag)
    return bool((await tx.run(before.where(flags.c.version == switch.version - 1).values(row))).rowcount)


async def wait(tx: Transaction, who: Person, flag: Flag) -> None:
    """Note that the person was refused."""
    row = {"tenant": who.tenant, "flag": flag, "person_id": who.id, "since": tx.now}
    await insert_new(tx, flag_waiters, row, "flag", "person_id")


async def waiters(tx: Transaction, flag: Flag) -> Sequence[tuple[str, int]]:
    """Who waits for the flag and may still use the bot: tenant and person's id, of every tenant."""
    query = select(flag_waiters.c.tenant, people.c.id)
    query = query.join(people, people.c.id == flag_waiters.c.person_id).where(flag_waiters.c.flag == flag)
    query = query.where(people.c.removed_at.is_(None))
    return [tuple(row) for row in await tx.run(query.order_by(flag_waiters.c.id))]


async def wait_no_more(tx: Transaction, flag: Flag, person_ids: Sequence[int]) -> None:
    """Forget that these people wait for the flag."""
    gone = delete(flag_waiters).where(flag_waiters.c.flag == flag, flag_waiters.c.person_id.in_(person_ids))
    await tx.run(gone)
