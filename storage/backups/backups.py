"""Queries on backups and on their trials. They are the installation's, whose tenant every row has."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, Update, func, select, update

from bot.backups.model import FOLDER, Backup, Manifest, Step, Trial, Tried, Trying
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.watch.backups import backup_trials, backups

MS = timedelta(milliseconds=1)


async def add(tx: Transaction, tenant: str, manifest: Manifest, took: timedelta) -> int | None:
    """Write down a backup; returns its number, or None where it is known."""
    row = {"tenant": tenant, "name": manifest.name, "manifest": manifest.to_json(), "made_at": manifest.made_at}
    added = await insert_new(tx, backups, row | {"took_ms": took // MS}, "tenant", "name")
    return added[0] if added else None


async def page(connection: Connection, tenant: str, limit: int) -> list[Backup]:
    """The newest that are still there."""
    query = _of(tenant).where(backups.c.gone_at.is_(None)).limit(limit)
    return [_backup(row) for row in await connection.execute(query)]


async def named(connection: Connection, tenant: str, name: str) -> Backup | None:
    """The backup of that name."""
    row = (await connection.execute(_of(tenant).where(backups.c.name == name))).first()
    return None if row is None else _backup(row)


async def left(connection: Connection, tenant: str, until: datetime) -> list[Backup]:
    """Those that were made by then and whose time is not over, the newest first; one may be lost all the same."""
    return [_backup(row) for row in await connection.execute(_there(tenant, until))]


async def newest(connection: Connection, tenant: str, until: datetime) -> Backup | None:
    """The newest that is still there, of those that were made by then."""
    row = (await connection.execute(_there(tenant, until).limit(1))).first()
    return None if row is None else _backup(row)


async def verified(connection: Connection, tenant: str, until: datetime) -> Backup | None:
    """The same, of those that were found sound."""
    query = _there(tenant, until).where(backups.c.verified_at.is_not(None))
    row = (await connection.execute(query.limit(1))).first()
    return None if row is None else _backup(row)


async def last_proven(connection: Connection, tenant: str) -> datetime | None:
    """When the newest backup was found sound."""
    query = select(func.max(backups.c.verified_at)).where(backups.c.tenant == tenant, backups.c.gone_at.is_(None))
    at: datetime | None = (await connection.execute(query)).scalar_one()
    return at


async def sound(connection: Connection, tenant: str) -> set[str]:
    """The names of those that are still there and were found sound."""
    query = select(backups.c.name).where(backups.c.tenant == tenant, backups.c.gone_at.is_(None))
    return set((await connection.execute(query.where(backups.c.verified_at.is_not(None)))).scalars())


async def copies(connection: Connection, tenant: str, until: datetime) -> list[Backup]:
    """Those that were made by then and copied to the second place, the newest first."""
    query = _there(tenant, until).where(backups.c.replicated_at.is_not(None))
    return [_backup(row) for row in await connection.execute(query)]


async def replicated(tx: Transaction, tenant: str, backup: Backup) -> None:
    """Its copy in the second place was read back."""
    await tx.run(_this(tenant, backup).values(replicated_at=tx.now))


async def no_copies(tx: Transaction, tenant: str, names: Sequence[str]) -> None:
    """Their copies in the second place were deleted after their time."""
    change = update(backups).where(backups.c.tenant == tenant, backups.c.name.in_(names))
    await tx.run(change.values(replicated_at=None))


async def gone(tx: Transaction, tenant: str, names: Sequence[str]) -> None:
    """Their time is over: their files were deleted, or were lost before."""
    change = update(backups).where(backups.c.tenant == tenant, backups.c.name.in_(names), backups.c.gone_at.is_(None))
    await tx.run(change.values(gone_at=tx.now))


async def add_trial(
    tx: Transaction, tenant: str, backup: Backup, kind: Trying, place: str, took: timedelta, steps: Sequence[Tried]
) -> int:
    """Write down how a backup did when it was tried; returns the trial's number.

    One that is not the file any more that was once found sound, or copied, counts as neither.
    """
    passed = bool(steps) and all(one.passed for one in steps)
    row: dict[str, Any] = {"tenant": tenant, "backup_id": backup.id, "kind": kind, "place": place}
    row |= {"began_at": tx.now - took, "took_ms": took // MS, "passed": passed}
    row["steps"] = [[one.step, one.passed, one.words] for one in steps]
    trial = (await tx.run(backup_trials.insert().returning(backup_trials.c.id), row)).scalar_one()
    if passed:
        await tx.run(_this(tenant, backup).values(verified_at=tx.now))
    elif any(one.step is Step.WHOLE and not one.passed for one in steps):
        what = backups.c.verified_at if place == FOLDER else backups.c.replicated_at
        await tx.run(_this(tenant, backup).values({what: None}))
    return int(trial)


async def last_trial(connection: Connection, tenant: str, kind: Trying) -> Trial | None:
    """The newest of its kind."""
    query = select(backup_trials, backups.c.name).join(backups, backups.c.id == backup_trials.c.backup_id)
    query = query.where(backup_trials.c.tenant == tenant, backup_trials.c.kind == kind)
    row = (await connection.execute(query.order_by(backup_trials.c.id.desc()).limit(1))).first()
    if row is None:
        return None
    steps = [Tried(Step(step), passed, words) for step, passed, words in row.steps]
    return Trial(row.id, row.name, Trying(row.kind), row.place, row.began_at, row.took_ms * MS, steps)


def _of(tenant: str) -> Select[Any]:
    return select(backups).where(backups.c.tenant == tenant).order_by(backups.c.made_at.desc(), backups.c.id.desc())


def _there(tenant: str, until: datetime) -> Select[Any]:
    return _of(tenant).where(backups.c.gone_at.is_(None), backups.c.made_at <= until)


def _this(tenant: str, backup: Backup) -> Update:
    return update(backups).where(backups.c.tenant == tenant, backups.c.id == backup.id)


def _backup(row: Row[Any]) -> Backup:
    manifest = Manifest.from_json(row.manifest)
    return Backup(row.id, manifest, row.took_ms * MS, row.verified_at, row.replicated_at, row.gone_at)
