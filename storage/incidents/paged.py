"""Which incidents people are paged of, for whoever would tell of their alerts otherwise."""

from sqlalchemy import select

from bot.alerts.model import Severity
from storage.engine.connection import Connection
from storage.tables.watch.incidents import OPEN, incidents


async def paged(connection: Connection, tenant: str) -> set[int]:
    """The open ones that are critical and that nobody has, by their numbers."""
    query = select(incidents.c.id).where(incidents.c.tenant == tenant, OPEN, incidents.c.taken_by.is_(None))
    return set((await connection.execute(query.where(incidents.c.severity == Severity.CRITICAL))).scalars())
