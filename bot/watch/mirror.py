"""How the installation stands, in the mirror: one row, by which whoever reads nothing but Notion sees that it is alive.

The jobs `heartbeat` and `slo_report` have it written each hour; that it is old says that nothing runs.
"""

from typing import Any

from bot.access.model import TENANT
from bot.mirror.model import KEY, Column, MirrorTable
from bot.mirror.service import iso
from storage.alerts import alerts
from storage.backups import backups
from storage.core import job_runs, outbox
from storage.engine.connection import Connection
from storage.slo import states

ROW = "status:1"
WELL = "no alerts"


async def row(connection: Connection, number: int) -> dict[str, Any]:  # noqa: ARG001 - every table's shape
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
    (),
)
