"""Queries on backups that were put back here, and on what waits in the outbox since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, update

from bot.access.model import CANARY
from bot.backups.model import Kind, Restore
from storage.core.outbox import OutboxRow, signal
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import constant, unindexed
from storage.tables.core import outbox
from storage.tables.watch.backups import restores

HELD_FOR = timedelta(minutes=2)  # what is held is looked at each minute, see `jobs.outbox.sender`
NEVER_HELD = ("restore:", "stepup:")  # slots of what admins are told and ask each other so that they can decide at all
_WAITS = outbox.c.state == constant("waiting")
_SLOT = func.coalesce(outbox.c.slot, "")
# Test briefs are told to nobody.
_MAY_BE_HELD = (*(_SLOT.not_like(f"{slot}%") for slot in NEVER_HELD), unindexed(outbox.c.tenant) != CANARY)


@dataclass(frozen=True, slots=True)
class Place:
    """What waits for one destination."""

    channel: str
    destination: str
    count: int
    last: int
    since: datetime


async def add(tx: Transaction, tenant: str, backup: str, backup_at: datetime, held: Collection[Kind]) -> int:
    """Write down that this database was a backup; returns the number of the restore."""
    row = {"tenant": tenant, "backup": backup, "backup_at": backup_at, "restored_at": tx.now, "held": sorted(held)}
    return int((await tx.run(restores.insert().returning(restores.c.id), row)).scalar_one())


async def newest(connection: Connection, tenant: str) -> Restore | None:
    """The last that was put back here."""
    query = select(restores).where(restores.c.tenant == tenant).order_by(restores.c.id.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return None if row is None else _restore(row)


async def hold(tx: Transaction, tenant: str, restore: Restore, held: Collection[Kind]) -> bool:
    """These kinds alone are held from now on; False where somebody was first."""
    return await _changed(tx, tenant, restore, held=sorted(held))


async def asked(tx: Transaction, tenant: str, restore: Restore, words: str) -> bool:
    """What came of asking the payment provider; False where somebody changed the row meanwhile."""
    return await _changed(tx, tenant, restore, stripe=words)


async def _changed(tx: Transaction, tenant: str, restore: Restore, **values: Any) -> bool:
    this = (restores.c.tenant == tenant, restores.c.id == restore.id, restores.c.version == restore.version)
    changed = await tx.run(update(restores).where(*this).values(version=restore.version + 1, **values))
    return changed.rowcount == 1


async def waiting(connection: Connection) -> list[Place]:
    """What waits in the outbox, by destination; what is never held is not counted."""
    number, last, since = func.count(), func.max(outbox.c.id), func.min(outbox.c.created_at)
    query = select(outbox.c.channel, outbox.c.destination, number, last, since).where(_WAITS)
    rows = await connection.execute(query.where(*_MAY_BE_HELD).group_by(outbox.c.channel, outbox.c.destination))
    return [Place(*row) for row in rows]


def is_never_held(item: OutboxRow) -> bool:
    """Whether it goes out whatever admins have decided: without it they could not decide, or it is told to nobody."""
    return item.tenant == CANARY or (item.slot or "").startswith(NEVER_HELD)


async def let_go_out(tx: Transaction, place: Place) -> None:
    """Have what was held there be sent at once; what is put off for longer has its own reason, and waits on."""
    await tx.run(_there(place).where(unindexed(outbox.c.run_at) <= tx.now + HELD_FOR).values(run_at=tx.now))
    tx.wake(signal(place.channel))


async def drop(tx: Transaction, place: Place, last: int) -> int:
    """What waits there, up to the row of that number, is told to nobody; returns how many rows."""
    return (await tx.run(_there(place).where(outbox.c.id <= last).values(state="replaced"))).rowcount


def _there(place: Place) -> Any:
    there = (outbox.c.channel == place.channel, outbox.c.destination == place.destination)
    return update(outbox).where(_WAITS, *there, *_MAY_BE_HELD)


def _restore(row: Row[Any]) -> Restore:
    held = frozenset(Kind(kind) for kind in row.held)
    return Restore(row.id, row.backup, row.backup_at, row.restored_at, held, row.version, row.stripe)
