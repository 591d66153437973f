"""The audit log: its entries are only ever added, and read by whom, what, which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from bot.audit.model import ALL, Audited, Wanted
from bot.audit.whence import whence
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import Int64, UtcTime, unindexed
from storage.engine.upsert import insert_new
from storage.tables.audit import audit, audit_strangers
from storage.tables.people import people

SLACK = timedelta(minutes=5)
MOST = 2**62
_ENTRY = audit.insert()
_STRANGER = (audit_strangers.c.id == audit.c.stranger_id, audit_strangers.c.tenant == audit.c.tenant)
# A query of its own for each row: joined, PostgreSQL reads all strangers where it takes them for few.
_STRANGERS_ID = select(audit_strangers.c.telegram_id).where(*_STRANGER).scalar_subquery()
_TELEGRAM_ID = func.coalesce(people.c.telegram_id, _STRANGERS_ID).label("telegram_id")
_TRAIL = (
    select(audit, people.c.name, _TELEGRAM_ID)
    .outerjoin(people, people.c.id == audit.c.person_id)
    .where(audit.c.tenant == bindparam("its_tenant"))
)
_ONE = _TRAIL.where(audit.c.id == bindparam("its_id", type_=Int64))
_BY = {"subject": audit.c.subject, "action": audit.c.action, "person_id": audit.c.person_id}


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which subject, and how it ended ("done", or the rule that refused).

    person_id 0: nobody whom we know; telegram_id is then the Telegram user's, which is kept where it can be erased.
    before, after: what was changed from and to; never a person's words, which could not be erased.
    source, reference: where it came from; None: from where this is said, see `bot.audit.whence`.
    """

    tenant: str
    action: str
    subject: str
    outcome: str
    person_id: int = 0
    telegram_id: int | None = None
    before: str | None = None
    after: str | None = None
    source: str | None = None
    reference: str | None = None


async def trail(connection: Connection, tenant: str, which: Page, wanted: Wanted = ALL) -> list[Audited]:
    """A page of the audit log."""
    given: dict[str, Any] = {"its_tenant": tenant}
    by = next((name for name in _BY if getattr(wanted, name)), "")
    if by:
        given |= {f"its_{by}": getattr(wanted, by)}
    if wanted.since is not None:
        first = await _first(connection, tenant, wanted.since - SLACK)
        given |= {"its_since": wanted.since, "its_first": first or 0}
    if wanted.before is not None:
        last = await _first(connection, tenant, wanted.before + SLACK)
        given |= {"its_before": wanted.before, "its_last": last or MOST}
    query = _query(by, wanted.since is not None, wanted.before is not None)
    return [_audited(row) for row in await which.of(connection, query, audit.c.id, given)]


async def one(connection: Connection, tenant: str, entry_id: int) -> Audited | None:
    """One entry."""
    row = (await connection.execute(_ONE, {"its_tenant": tenant, "its_id": entry_id})).first()
    return None if row is None else _audited(row)


def _audited(row: Row[Any]) -> Audited:
    who, what = (row.name or "", row.telegram_id), (row.action, row.subject, row.outcome)
    return Audited(row.id, row.at, *who, *what, row.person_id, row.source, row.reference, row.before, row.after)


@cache
def _query(by: str, since: bool, before: bool) -> Select[Any]:
    query = _TRAIL
    if by:
        query = query.where(_BY[by] == bindparam(f"its_{by}"))
    if since:
        query = query.where(audit.c.id >= bindparam("its_first", type_=Int64))
        query = query.where(unindexed(audit.c.at) >= bindparam("its_since", type_=UtcTime))
    if before:
        query = query.where(audit.c.id < bindparam("its_last", type_=Int64))
        query = query.where(unindexed(audit.c.at) < bindparam("its_before", type_=UtcTime))
    return query


async def _first(connection: Connection, tenant: str, since: datetime) -> int | None:
    """The first entry of that time or later; ids and times go the same way, but for what takes SLACK to commit."""
    query = select(audit.c.id).where(audit.c.tenant == tenant, audit.c.at >= since)
    return (await connection.execute(query.order_by(audit.c.at).limit(1))).scalar()


async def add_entries(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write entries of the audit log."""
    if not entries:
        return
    strangers = await _strangers(tx, entries)
    came = whence()
    source, reference = (None, None) if came is None else (came.source, came.reference or None)
    rows = [
        {
            "tenant": one.tenant,
            "person_id": one.person_id or None,
            "stranger_id": None if one.person_id else strangers.get((one.tenant, one.telegram_id)),
            "action": one.action,
            "subject": one.subject,
            "outcome": one.outcome,
            "source": one.source or source,
            "reference": one.reference or reference,
            "before": one.before,
            "after": one.after,
            "at": tx.now,
        }
        for one in entries
    ]
    await tx.run(_ENTRY, rows)


async def _strangers(tx: Transaction, entries: Sequence[Entry]) -> dict[tuple[str, int | None], int]:
    """By tenant and Telegram user, the number that entries name those by of whom nobody is known."""
    named = {(one.tenant, one.telegram_id) for one in entries if not one.person_id and one.telegram_id is not None}
    found: dict[tuple[str, int | None], int] = {}
    for tenant, telegram_id in sorted(named, key=str):
        row = {"tenant": tenant, "telegram_id": telegram_id}
        await insert_new(tx, audit_strangers, row, "tenant", "telegram_id")
        query = select(audit_strangers.c.id).where(audit_strangers.c.tenant == tenant)
        found_id = (await tx.run(query.where(audit_strangers.c.telegram_id == telegram_id))).scalar_one()
        found[tenant, telegram_id] = int(found_id)
    return found


async def add(
    tx: Transaction,
    tenant: str,
    action: str,
    subject: str,
    *,
    person_id: int,
    changed: tuple[str | None, str | None] = (None, None),
) -> None:
    """Write one entry about what a person did whom we know."""
    before, after = changed
    await add_entries(tx, [Entry(tenant, action, subject, "done", person_id, before=before, after=after)])
