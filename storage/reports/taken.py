"""How long work took that no person read first: from its client's yes to its approval."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Text, cast, func, select

from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.briefs import decisions
from storage.tables.core import events


async def spans(connection: Connection, tenant: str, since: datetime, most: int) -> Sequence[timedelta]:
    """Of the newest that the gate approved since then."""
    newest = select(decisions.c.id, decisions.c.brief_id, decisions.c.created_at)
    newest = newest.where(decisions.c.tenant == tenant, decisions.c.created_at >= since)
    newest = newest.where(decisions.c.person_id.is_(None), decisions.c.verdict == "approved")
    ended = newest.order_by(decisions.c.created_at.desc()).limit(most).subquery()
    begun = (
        events.c.subject == "brief:" + cast(ended.c.brief_id, Text),
        unindexed(events.c.tenant) == tenant,
        unindexed(events.c.name) == "queued",
    )
    query = select(ended.c.created_at, func.min(events.c.at)).join(events, begun[0]).where(*begun[1:])
    rows = await connection.execute(query.group_by(ended.c.id, ended.c.created_at))
    return [end - start for end, start in rows]
