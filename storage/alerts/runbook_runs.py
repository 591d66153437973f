"""Queries on what was done about alerts by runbooks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.access.model import Person
from bot.alerts.model import Alert, Facts
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import constant
from storage.engine.upsert import insert_new
from storage.tables.watch.alerts import UNCHECKED, runbook_runs

DONE, HELPED, IN_VAIN = "done", "helped", "in_vain"


@dataclass(frozen=True, slots=True)
class RunbookRun:
    """Something that was done about an alert. state: DONE until it was looked at whether it helped, then the answer."""

    id: int
    tenant: str
    alert_id: int
    action: str
    person_id: int
    done_at: datetime
    facts: Facts
    state: str


def _run(row: Row[Any]) -> RunbookRun:
    known = (row.id, row.tenant, row.alert_id, row.action, row.person_id, row.done_at, row.facts, row.state)
    return RunbookRun(*known)


async def add(tx: Transaction, alert: Alert, action: str, who: Person, facts: Facts) -> bool:
    """Write down that it is done, once for the alert as it was seen; False where somebody was first."""
    row: dict[str, Any] = {"tenant": alert.tenant, "alert_id": alert.id, "alert_version": alert.version}
    row |= {"action": action, "person_id": who.id, "done_at": tx.now, "facts": facts, "state": DONE}
    return bool(await insert_new(tx, runbook_runs, row, "alert_id", "alert_version"))


async def unchecked(connection: Connection, tenant: str, before: datetime) -> list[RunbookRun]:
    """What was done before that time and not looked at since."""
    query = select(runbook_runs).where(runbook_runs.c.tenant == tenant, UNCHECKED, runbook_runs.c.done_at <= before)
    return [_run(row) for row in await connection.execute(query.order_by(runbook_runs.c.id))]


async def checked(tx: Transaction, run: RunbookRun, state: str) -> bool:
    """Write down whether it helped; False where that was written down before."""
    same = (runbook_runs.c.tenant == run.tenant, runbook_runs.c.id == run.id, runbook_runs.c.state == constant(DONE))
    return bool((await tx.run(update(runbook_runs).where(*same).values(state=state, checked_at=tx.now))).rowcount)
