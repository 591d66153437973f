"""How the installation stands, in the mirror, and how its jobs ran.

Whoever reads nothing but Notion sees by the row of Status that it is alive: the jobs `heartbeat` and `slo_report` have
it written each hour, and that it is old says that nothing runs.
"""

from collections.abc import Sequence
from typing import Any

from bot.access.model import TENANT
from bot.mirror.model import HOURLY, KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import iso, once
from storage.alerts import alerts
from storage.backups import backups
from storage.core import job_runs, outbox
from storage.engine.connection import Connection
from storage.slo import states

ROW = "status:1"
WELL = "no alerts"


async def row(connection: Connection, one: RowId) -> dict[str, Any]:  # noqa: ARG001 - every table's shape
    """What the row holds now, by column."""
    opened = await alerts.all_open(connection, TENANT)
    beats = await job_runs.history(connection, TENANT, "heartbeat", 1)
    proven = await backups.last_proven(connection, TENANT)
    levels = await states.newest(connection)
    used = ", ".join(f"{name} {one.used * 100:.0f} %" for name, one in sorted(levels.items()))
    return {
        "What": "EchoPilot",
        "State": min(opened, key=lambda one: one.severity.rank).severity.value if opened else WELL,
        "Open alerts": len(opened),
        "Waiting messages": sum((await outbox.waiting_by_channel(connection)).values()),
        "Budgets used": used,
        "Proven backup": iso(proven),
        "Last heartbeat": iso(beats[0].started_at) if beats else None,
    }


async def names(connection: Connection, batch: Batch) -> Sequence[str]:  # noqa: ARG001 - every table's shape
    """The one row."""
    return once(["1"], batch)


STATUS = MirrorTable(
    "Status",
    "status",
    {
        "What": Column.TITLE,
        "State": Column.SELECT,
        "Open alerts": Column.NUMBER,
        "Waiting messages": Column.NUMBER,
        "Budgets used": Column.TEXT,
        "Proven backup": Column.DATE,
        "Last heartbeat": Column.DATE,
        KEY: Column.TEXT,
    },
    row,
    names,
    for_all=False,
)


async def job(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What the job's row holds now: its newest run."""
    runs = await job_runs.history(connection, one.tenant, one.name, 1)
    if not runs:
        return None
    took = runs[0].finished_at and runs[0].started_at and runs[0].finished_at - runs[0].started_at
    return {
        "Job": one.name,
        "State": runs[0].state,
        "Scheduled": iso(runs[0].scheduled_at),
        "Ended": iso(runs[0].finished_at),
        "Seconds": round(took.total_seconds(), 2) if took else None,
        "Result": runs[0].result or "",
        "Last success": iso(await job_runs.last_done(connection, one.tenant, one.name)),
        "Version": runs[0].commit,
    }


async def jobs(connection: Connection, batch: Batch) -> Sequence[str]:
    """Every job that ran."""
    return once(sorted(await job_runs.latest(connection, batch.tenant)), batch)


AUTOMATION_LOG = MirrorTable(
    "Automation Log",
    "job",
    {
        "Job": Column.TITLE,
        "State": Column.SELECT,
        "Scheduled": Column.DATE,
        "Ended": Column.DATE,
        "Seconds": Column.NUMBER,
        "Result": Column.TEXT,
        "Last success": Column.DATE,
        "Version": Column.TEXT,
        KEY: Column.TEXT,
    },
    job,
    jobs,
    every=HOURLY,
)
