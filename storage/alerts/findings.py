"""Queries on what went wrong lately, as the job `alerts` counts it."""

from datetime import datetime

from sqlalchemy import func, or_, select

from bot.access.model import TENANT
from bot.kernel.tasks import TaskKind
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.audit import audit, audit_strangers
from storage.tables.billing import invoices
from storage.tables.core import failed_tasks, inbox
from storage.tables.people import people

MOST = 2_000  # events of the payment provider within an hour that are looked at
GIVEN_UP = "given up%"
REFUSED = ("forbidden", "forged")  # see `bot.kernel.errors`


async def webhooks_failing(
    connection: Connection, source: str, kind: TaskKind, since: datetime, before: datetime
) -> int:
    """How many webhooks were given up since then, or wait since before that time although they should be dealt with.

    kind: of the tasks that deal with them. What such a task gave up waits for a person, so that it counts for a while.
    """
    of = (inbox.c.source == source,)
    ended = select(func.count()).select_from(inbox).where(*of, inbox.c.processed_at >= since)
    ended = ended.where(inbox.c.error.like(GIVEN_UP))
    waiting = select(inbox.c.id).where(*of, inbox.c.processed_at.is_(None))
    waiting = waiting.where(unindexed(inbox.c.received_at) < before).limit(MOST)
    stopped = select(failed_tasks.c.subject, failed_tasks.c.since).where(failed_tasks.c.kind == kind.name)
    stopped = stopped.where(failed_tasks.c.tenant == TENANT, failed_tasks.c.trying == False)  # noqa: E712 - in SQL
    given_up = {row.subject: row.since for row in await connection.execute(stopped)}
    still = set((await connection.execute(waiting)).scalars()) - given_up.keys()
    lately = len([at for at in given_up.values() if at >= since])
    return int((await connection.execute(ended)).scalar_one()) + len(still) + lately


async def payments_tried(connection: Connection, tenant: str, source: str, since: datetime) -> tuple[int, int]:
    """Of how many of the tenant's invoices a payment failed since then, and of how many one failed or succeeded."""
    query = select(inbox.c.payload).where(inbox.c.source == source, inbox.c.received_at >= since)
    payloads = (await connection.execute(query.order_by(inbox.c.received_at.desc()).limit(MOST))).scalars()
    tried: dict[str, set[str]] = {"invoice.payment_failed": set(), "invoice.paid": set()}
    for payload in payloads:
        if isinstance(payload, dict) and payload.get("type") in tried:
            tried[payload["type"]].add(str(payload["object"].get("id", "")))
    failed, paid = await _theirs(connection, tenant, tried["invoice.payment_failed"]), tried["invoice.paid"]
    return len(failed), len(failed | await _theirs(connection, tenant, paid))


async def _theirs(connection: Connection, tenant: str, names: set[str]) -> set[str]:
    if not names:
        return set()
    query = select(invoices.c.stripe_id).where(invoices.c.stripe_id.in_(sorted(names)))
    found = await connection.execute(query.where(unindexed(invoices.c.tenant) == tenant))
    return {str(one) for one in found.scalars()}


async def most_refused(connection: Connection, tenant: str, since: datetime) -> tuple[int, int]:
    """The Telegram user who was refused most often since then what their role does not let them do, or a button that we
    did not make for them; and how often.

    (0, 0) where nobody was.
    """
    times = func.count().label("times")
    query = select(audit.c.person_id, audit.c.stranger_id, times).where(audit.c.tenant == tenant, audit.c.at >= since)
    query = query.where(
        audit.c.outcome.in_(REFUSED), or_(audit.c.person_id.is_not(None), audit.c.stranger_id.is_not(None))
    )
    query = query.group_by(audit.c.person_id, audit.c.stranger_id).order_by(times.desc()).limit(1)
    row = (await connection.execute(query)).first()
    if row is None:
        return (0, 0)
    known = select(people.c.telegram_id).where(people.c.tenant == tenant, people.c.id == row.person_id)
    stranger = select(audit_strangers.c.telegram_id).where(audit_strangers.c.tenant == tenant)
    stranger = stranger.where(audit_strangers.c.id == row.stranger_id)
    number = (await connection.execute(stranger if row.person_id is None else known)).scalar()
    return (int(number or 0), row.times)


async def work_stopped(connection: Connection, tenant: str, since: datetime) -> int:
    """How many tasks of the tenant were given up since then and still wait for a person."""
    query = select(func.count()).select_from(failed_tasks).where(failed_tasks.c.tenant == tenant)
    query = query.where(failed_tasks.c.trying == False, failed_tasks.c.since >= since)  # noqa: E712 - in SQL
    return int((await connection.execute(query)).scalar_one())
