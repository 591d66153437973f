"""Queries on processes. All of them are the installation's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select

from bot.access.model import TENANT
from bot.hosts.model import Process
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.watch.hosts import processes

_ALL = select(processes).where(processes.c.tenant == bindparam("its_tenant")).order_by(processes.c.id)


async def put(tx: Transaction, process: Process) -> None:
    """Write a process as it stands."""
    values: Mapping[str, Any] = {
        "host": process.host,
        "parts": " ".join(process.parts),
        "version": process.version,
        "started_at": process.started_at,
        "beat_at": process.beat_at,
        "roles": {role: since.isoformat() for role, since in process.roles.items()},
    }
    await upsert(tx, processes, {"tenant": TENANT, "name": process.name}, values)


async def remove(tx: Transaction, name: str) -> None:
    """It ended in order."""
    await tx.run(delete(processes).where(processes.c.tenant == TENANT, processes.c.name == name))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete those that fell silent before that time; returns how many went."""
    silent = delete(processes).where(processes.c.tenant == TENANT, processes.c.beat_at < before)
    return (await tx.run(silent)).rowcount


async def listed(connection: Connection) -> list[Process]:
    """All of them, the one that began first before the others."""
    return [_process(row) for row in await connection.execute(_ALL, {"its_tenant": TENANT})]


def _process(row: Row[Any]) -> Process:
    roles = {role: datetime.fromisoformat(since) for role, since in row.roles.items()}
    return Process(row.name, row.host, tuple(row.parts.split()), row.version, row.started_at, row.beat_at, roles)
