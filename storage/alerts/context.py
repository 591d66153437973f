"""Queries on what an alert's card says beside the trouble itself: the budget it costs, and what was changed before."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from bot.access.model import TENANT
from bot.alerts.model import Changed
from storage.engine.connection import Connection
from storage.tables.core import events
from storage.tables.watch.slo import slo_reports


async def budget_used(connection: Connection, level: str) -> int | None:
    """How much of the service level's budget was used up by its newest report, in hundredths of a percent."""
    query = select(slo_reports.c.used).where(slo_reports.c.tenant == TENANT, slo_reports.c.slo == level)
    used: int | None = (await connection.execute(query.order_by(slo_reports.c.at.desc()).limit(1))).scalar()
    return used


async def last_change(
    connection: Connection, tenant: str, names: Collection[str], since: datetime, until: datetime
) -> Changed | None:
    """The newest of these events of the tenant within that time, by their full names; None where there is none."""
    known = {name.partition(".")[2] for name in names}
    query = select(events.c.subject, events.c.name, events.c.data, events.c.at).where(events.c.tenant == tenant)
    query = query.where(events.c.name.in_(sorted(known)), events.c.at >= since, events.c.at <= until)
    for row in await connection.execute(query.order_by(events.c.at.desc(), events.c.id.desc()).limit(20)):
        kind, _between, rest = row.subject.partition(":")
        if (name := f"{kind}.{row.name}") in names:
            what = row.data.get("version") or row.data.get("prompt") or rest
            return Changed(name, str(what), row.at)
    return None
