"""Queries on what models cost: counters by scope, and reservations for calls under way.

Whoever changes counters takes them in the order of their scopes, so that two transactions never wait for each other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from bot.models.budget import CLOSED, Payer
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.models import model_calls, reservations, spend

# Built once: building a statement takes SQLAlchemy several times longer than running it.
ADD = (
    update(spend)
    .where(spend.c.tenant == bindparam("of_tenant"), spend.c.scope == bindparam("of_scope"))
    .values(used_micro_usd=spend.c.used_micro_usd + bindparam("amount"))
)
USED = select(spend.c.scope, spend.c.used_micro_usd, spend.c.closed_at).where(
    spend.c.tenant == bindparam("of_tenant"), spend.c.scope.in_(bindparam("scopes", expanding=True))
)
LOCKED = USED.order_by(spend.c.scope).with_for_update()
RESERVE = reservations.insert().returning(reservations.c.id, sort_by_parameter_order=True)
SETTLE = (
    update(reservations)
    .where(reservations.c.tenant == bindparam("of_tenant"), reservations.c.id == bindparam("reservation"))
    .where(reservations.c.settled_at.is_(None))
    .values(spent_micro_usd=bindparam("spent"), settled_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Open:
    """A reservation whose call has not been recorded yet."""

    id: int
    payer: Payer
    amount: int
    created_at: datetime


async def lock(tx: Transaction, tenant: str, scopes: Collection[str]) -> dict[str, int]:
    """What each scope has used, and CLOSED more where it is closed; until the transaction ends nobody changes it."""
    wanted = sorted(scopes)
    used = await _locked(tx, tenant, wanted)
    missing = [scope for scope in wanted if scope not in used]
    rows = [{"tenant": tenant, "scope": scope, "used_micro_usd": 0} for scope in missing]
    added = await insert_new(tx, spend, rows, "tenant", "scope")
    if len(added) < len(missing):  # another process added one of them at this moment
        return await _locked(tx, tenant, wanted)
    return used | dict.fromkeys(missing, 0)


async def _locked(tx: Transaction, tenant: str, scopes: Sequence[str]) -> dict[str, int]:
    rows = await tx.run(LOCKED, {"of_tenant": tenant, "scopes": list(scopes)})
    return {str(row.scope): row.used_micro_usd + (0 if row.closed_at is None else CLOSED) for row in rows}


async def used(connection: Connection, tenant: str, scopes: Collection[str]) -> dict[str, int]:
    """What each scope has used, closed or not."""
    rows = await connection.execute(USED, {"of_tenant": tenant, "scopes": sorted(scopes)})
    return {str(row.scope): row.used_micro_usd for row in rows}


async def close(tx: Transaction, tenant: str, scope: str, *, anew: bool = False) -> bool:
    """Let nothing more be spent of it; False where it is closed already, or a person opened it.

    anew: also where a person opened it.
    """
    row = update(spend).where(spend.c.tenant == tenant, spend.c.scope == scope, spend.c.closed_at.is_(None))
    if not anew:
        row = row.where(spend.c.opened == 0)
    return (await tx.run(row.values(closed_at=tx.now))).rowcount == 1


async def is_closed(connection: Connection, tenant: str, scope: str) -> bool:
    """Whether nothing more may be spent of it."""
    row = select(spend.c.id).where(spend.c.tenant == tenant, spend.c.scope == scope, spend.c.closed_at.is_not(None))
    return (await connection.execute(row)).first() is not None


async def open_again(tx: Transaction, tenant: str, scope: str) -> bool:
    """Let it be spent of again; False where it is not closed."""
    row = update(spend).where(spend.c.tenant == tenant, spend.c.scope == scope, spend.c.closed_at.is_not(None))
    return (await tx.run(row.values(closed_at=None, opened=spend.c.opened + 1))).rowcount == 1


async def add(tx: Transaction, tenant: str, amounts: Mapping[str, int]) -> None:
    """Add to counters, by scope in order; an amount may be negative."""
    rows = [{"of_tenant": tenant, "of_scope": scope, "amount": amount} for scope, amount in amounts.items() if amount]
    if rows:
        await tx.run(ADD, rows)


async def reserve(tx: Transaction, wanted: Sequence[tuple[Payer, str, int]]) -> list[int]:
    """Keep reservations of (payer, purpose, amount); returns their ids in the same order."""
    rows = [
        {
            "tenant": payer.tenant,
            "brief_id": payer.brief_id,
            "client_id": payer.client_id,
            "purpose": purpose,
            "reserved_micro_usd": amount,
            "created_at": tx.now,
        }
        for payer, purpose, amount in wanted
    ]
    if not rows:
        return []
    return list((await tx.run(RESERVE, rows)).scalars())


async def settle(tx: Transaction, tenant: str, reservation_id: int, spent: int) -> bool:
    """Write down what the call did cost; False where that was done before."""
    values = {"of_tenant": tenant, "reservation": reservation_id, "spent": spent, "now": tx.now}
    return (await tx.run(SETTLE, values)).rowcount == 1


async def open_reservations(
    connection: Connection,
    tenant: str | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Open]:
    """Reservations, of all tenants or of one, made in that time, whose calls are not recorded yet."""
    query = select(reservations).where(reservations.c.settled_at.is_(None))
    if tenant is not None:
        query = query.where(reservations.c.tenant == tenant)
    if since is not None:
        query = query.where(reservations.c.created_at >= since)
    if until is not None:
        query = query.where(reservations.c.created_at < until)
    rows = await connection.execute(query.order_by(reservations.c.id))
    return [
        Open(row.id, Payer(row.tenant, row.client_id, row.brief_id), row.reserved_micro_usd, row.created_at)
        for row in rows
    ]


async def by_model(connection: Connection, tenant: str, start: datetime, end: datetime) -> list[tuple[str, int, int]]:
    """Each model that was called then, what its calls cost in millionths of a US dollar, and how many there were."""
    query = select(model_calls.c.model, func.sum(model_calls.c.cost_micro_usd), func.count())
    query = query.where(model_calls.c.tenant == tenant)
    query = query.where(model_calls.c.created_at >= start, model_calls.c.created_at < end)
    rows = await connection.execute(query.group_by(model_calls.c.model))
    return [(model, int(micro), count) for model, micro, count in rows]


async def cost(connection: Connection, tenant: str, start: datetime, end: datetime) -> int:
    """What the calls of that time cost, in millionths of a US dollar."""
    query = select(func.coalesce(func.sum(model_calls.c.cost_micro_usd), 0)).where(model_calls.c.tenant == tenant)
    query = query.where(model_calls.c.created_at >= start, model_calls.c.created_at < end)
    return int((await connection.execute(query)).scalar_one())
