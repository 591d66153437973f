"""Queries on deeds that need other people's yes."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select, update

from bot.access.model import Person
from bot.approvals.model import LASTS, Approval, ApprovalState, Looked, Signature, Terms, nothing
from bot.kernel.errors import Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import upsert
from storage.people import people
from storage.tables.money.approvals import UNDER_WAY, approval_signatures, approvals

LOAD = select(approvals).where(approvals.c.id == bindparam("approval"))
_OF_TENANT = LOAD.where(approvals.c.tenant == bindparam("its_tenant"))
_OF_TENANT_LOCKED = _OF_TENANT.with_for_update()
_SIGNATURES = select(approval_signatures).where(
    approval_signatures.c.approval_id == bindparam("approval"),
    unindexed(approval_signatures.c.tenant) == bindparam("its_tenant"),
)


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        id=row.id,
        tenant=row.tenant,
        terms=Terms(row.subject, Money(row.amount_minor, row.currency), row.subject_version),
        asked_by=row.asked_by,
        needed=row.needed,
        fuse=timedelta(seconds=row.fuse_seconds),
        state=ApprovalState(row.state),
        version=row.version,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        due_at=row.due_at,
        ended_by=row.ended_by,
    )


async def add(tx: Transaction, who: Person, terms: Terms, needed: int, fuse: timedelta) -> Approval:
    """Write down that the person asks for it."""
    amount = terms.amount
    row: dict[str, Any] = {"tenant": who.tenant, "subject": terms.subject, "asked_by": who.id, "needed": needed}
    row |= {"kind": terms.subject.partition(":")[0], "amount_minor": amount.minor, "currency": amount.currency}
    row |= {"subject_version": terms.version, "fuse_seconds": round(fuse.total_seconds())}
    row |= {"state": ApprovalState.WAITING, "asked_at": tx.now, "expires_at": tx.now + LASTS}
    return _approval((await tx.run(approvals.insert().returning(*approvals.c), row)).one())


async def load(connection: Connection, approval_id: int) -> Approval | None:
    """The approval that a task carries on, of whichever tenant."""
    row = (await connection.execute(LOAD, {"approval": approval_id})).first()
    return None if row is None else _approval(row)


async def get(connection: Connection, tenant: str, approval_id: int, *, lock: bool = False) -> Approval:
    """The approval, with `lock` held for the rest of the transaction; raises Refusal where the tenant has none."""
    query = _OF_TENANT_LOCKED if lock else _OF_TENANT
    row = (await connection.execute(query, {"approval": approval_id, "its_tenant": tenant})).first()
    if row is None:
        raise nothing(approval_id)
    return _approval(row)


async def of_subject(connection: Connection, tenant: str, subject: str) -> Approval | None:
    """What was asked for about the thing."""
    query = select(approvals).where(approvals.c.tenant == tenant, approvals.c.subject == subject)
    row = (await connection.execute(query)).first()
    return None if row is None else _approval(row)


async def looked_at(tx: Transaction, approval: Approval, *others: int) -> Looked:
    """The approval with its signatures and its people, who keep their roles until the transaction ends.

    others: more people, by their ids.
    """
    signatures = await _signatures(tx.connection, approval)
    ids = {*_ids(approval, signatures), *others}
    return Looked(approval, signatures, await people.held(tx, approval.tenant, ids))


async def read(connection: Connection, approval: Approval) -> Looked:
    """The same, to be shown."""
    signatures = await _signatures(connection, approval)
    ids = _ids(approval, signatures)
    return Looked(approval, signatures, await people.by_ids(connection, approval.tenant, ids))


async def _signatures(connection: Connection, approval: Approval) -> list[Signature]:
    rows = await connection.execute(_SIGNATURES, {"approval": approval.id, "its_tenant": approval.tenant})
    return [Signature(row.person_id, row.yes, row.mark, row.at) for row in rows]


def _ids(approval: Approval, signatures: Sequence[Signature]) -> set[int]:
    ended = () if approval.ended_by is None else (approval.ended_by,)
    return {approval.asked_by, *ended, *(one.person_id for one in signatures)}


async def sign(tx: Transaction, approval: Approval, person_id: int, *, yes: bool) -> None:
    """Write down what the person said; a no takes the place of their yes."""
    values = {"tenant": approval.tenant, "yes": yes, "mark": approval.mark, "at": tx.now}
    await upsert(tx, approval_signatures, {"approval_id": approval.id, "person_id": person_id}, values)


async def change(tx: Transaction, approval: Approval, **values: Any) -> Approval:
    """Change it if nobody did since it was read; raises Stale otherwise."""
    statement = update(approvals).where(approvals.c.tenant == approval.tenant, approvals.c.id == approval.id)
    statement = statement.where(approvals.c.version == approval.version)
    row = (await tx.run(statement.values(version=approval.version + 1, **values).returning(*approvals.c))).first()
    if row is None:
        raise Stale(_("Somebody was first. The message shows what came of it."))
    return _approval(row)


async def waiting(
    connection: Connection, tenant: str, asked_by: int, kinds: Collection[str], limit: int
) -> list[Approval]:
    """What the person asked for, or is of these kinds, and waits for people or can still be stopped; oldest first."""
    theirs = or_(unindexed(approvals.c.asked_by) == asked_by, approvals.c.kind.in_(sorted(kinds)))
    query = select(approvals).where(unindexed(approvals.c.tenant) == tenant, UNDER_WAY, theirs)
    query = query.order_by(approvals.c.id).limit(limit)
    return [_approval(row) for row in await connection.execute(query)]


async def count(connection: Connection, tenant: str) -> int:
    """How many of the tenant's wait for somebody's yes."""
    waits = unindexed(approvals.c.state) == ApprovalState.WAITING
    query = select(func.count()).where(unindexed(approvals.c.tenant) == tenant, UNDER_WAY, waits)
    return int((await connection.execute(query)).scalar_one())


async def left(connection: Connection, before: datetime) -> list[int]:
    """Of every tenant, what should have ended before that time."""
    over = or_(unindexed(approvals.c.expires_at) < before, unindexed(approvals.c.due_at) < before)
    query = select(approvals.c.id, approvals.c.state, approvals.c.due_at).where(UNDER_WAY, over)
    rows = await connection.execute(query.order_by(approvals.c.id).limit(500))
    return [row.id for row in rows if row.state == ApprovalState.WAITING or row.due_at < before]
