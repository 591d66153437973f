"""Queries on how service levels stand. All rows are the installation's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from bot.access.model import TENANT
from bot.slo.model import Report, Severity, State
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert, upsert_all
from storage.tables.watch.slo import slo_reports, slo_states


async def all_of(connection: Connection) -> Mapping[str, State]:
    """How every level stands that anything was told of."""
    rows = await connection.execute(select(slo_states).where(slo_states.c.tenant == TENANT))
    return {row.slo: State(Severity(row.burning) if row.burning else None, row.burning_since, row.step) for row in rows}


async def set_burning(tx: Transaction, slo: str, burning: Severity | None, since: datetime | None) -> None:
    """Note that a level's budget burns since then, or does not."""
    await _change(tx, slo, {"burning": burning, "burning_since": since})


async def set_step(tx: Transaction, slo: str, step: int) -> None:
    """Note how much of its budget admins heard of as used up, in percent."""
    await _change(tx, slo, {"step": step})


async def _change(tx: Transaction, slo: str, changes: dict[str, Any]) -> None:
    await upsert(tx, slo_states, {"tenant": TENANT, "slo": slo}, changes)


async def report(tx: Transaction, at: datetime, reports: Mapping[str, Report]) -> None:
    """Write down how levels stand at that hour, in place of what was written of it before."""
    rows = [
        {
            "tenant": TENANT,
            "slo": slo,
            "at": at,
            "good": one.good,
            "bad": one.bad,
            "used": round(one.used * 10_000),
            "burn": round(one.burn * 100),
        }
        for slo, one in reports.items()
    ]
    await upsert_all(tx, slo_reports, ("tenant", "slo", "at"), rows)


async def reports(connection: Connection, slo: str, since: datetime) -> Sequence[Report]:
    """How the level stood at each hour since then, in order."""
    query = select(slo_reports).where(slo_reports.c.tenant == TENANT, slo_reports.c.slo == slo)
    rows = await connection.execute(query.where(slo_reports.c.at >= since).order_by(slo_reports.c.at))
    return [Report(row.at, row.good, row.bad, row.used / 10_000, row.burn / 100) for row in rows]


async def newest(connection: Connection) -> Mapping[str, Report]:
    """How each level stood when that was last written down."""
    last = select(slo_reports.c.at).where(slo_reports.c.tenant == TENANT).order_by(slo_reports.c.at.desc()).limit(1)
    query = select(slo_reports).where(slo_reports.c.tenant == TENANT, slo_reports.c.at == last.scalar_subquery())
    rows = await connection.execute(query)
    return {row.slo: Report(row.at, row.good, row.bad, row.used / 10_000, row.burn / 100) for row in rows}


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete older reports; returns how many rows went."""
    old = (slo_reports.c.tenant == TENANT, slo_reports.c.at < before)
    return (await tx.run(delete(slo_reports).where(*old))).rowcount
