"""What happened to the briefs that were decided on of late, for how long that took."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.slo.model import Step
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.core import events

ENDS = ("in_review", "delivered", "failed")
STEPS = ("queued", "held", "cancelled", *ENDS)
_ENDED = select(events.c.subject).distinct()
_ENDED = _ENDED.where(events.c.tenant == bindparam("its_tenant"), events.c.name.in_(ENDS))
_ENDED = _ENDED.where(events.c.at >= bindparam("since"))
_STEPS = select(events.c.subject, events.c.name, events.c.at)
_STEPS = _STEPS.where(events.c.subject.in_(bindparam("subjects", expanding=True)))
_STEPS = _STEPS.where(unindexed(events.c.tenant) == bindparam("its_tenant"), unindexed(events.c.name).in_(STEPS))
_STEPS = _STEPS.order_by(events.c.subject, events.c.id)


async def steps(connection: Connection, tenant: str, since: datetime) -> Sequence[Sequence[Step]]:
    """Of each of the tenant's briefs that something was decided of since then, all that was."""
    ended = (await connection.execute(_ENDED, {"its_tenant": tenant, "since": since})).scalars()
    subjects = [subject for subject in ended if subject.startswith("brief:")]
    found: defaultdict[str, list[Step]] = defaultdict(list)
    for subject, name, at in await connection.execute(_STEPS, {"its_tenant": tenant, "subjects": subjects}):
        found[subject].append(Step(name, at))
    return list(found.values())
