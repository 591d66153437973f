"""Queries on what limits let through."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from bot.kernel.money import Money
from bot.limits.model import Deed, Used
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new, upsert
from storage.tables.money.limits import limit_holds, limit_passes

_HOLD = select(limit_holds.c.id).where(
    limit_holds.c.tenant == bindparam("its_tenant"), limit_holds.c.deed == bindparam("its_deed")
)
_HOLD = _HOLD.with_for_update()
_COUNTS = (
    limit_passes.c.tenant == bindparam("its_tenant"),
    limit_passes.c.deed == bindparam("its_deed"),
    limit_passes.c.given_back_at.is_(None),
)
_USED = select(func.count(), func.coalesce(func.sum(limit_passes.c.usd_cents), 0))
_USED = _USED.where(*_COUNTS, limit_passes.c.at > bindparam("since"))
_USED_BY = _USED.where(limit_passes.c.person_id == bindparam("person"))
_OF_KEY = select(limit_passes).where(*_COUNTS, limit_passes.c.key == bindparam("its_key"))
_GIVE_BACK = update(limit_passes).where(*_COUNTS, limit_passes.c.key == bindparam("its_key"))
_GIVE_BACK = _GIVE_BACK.values(given_back_at=bindparam("now"))


@dataclass(frozen=True, slots=True)
class Pass:
    """What is let through. cents: what it is worth in US cents; key: what makes it counted once."""

    key: str
    deed: Deed
    person_id: int | None
    amount: Money
    cents: int


async def hold(tx: Transaction, tenant: str, deed: Deed) -> None:
    """Until the transaction ends nobody else counts what the tenant does of this kind."""
    await insert_new(tx, limit_holds, {"tenant": tenant, "deed": deed}, "tenant", "deed")
    await tx.run(_HOLD, {"its_tenant": tenant, "its_deed": deed})


async def has(tx: Transaction, tenant: str, deed: Deed, key: str, amount: Money) -> bool:
    """Whether it was let through. Raises ValueError where that was another amount under the same key."""
    row = (await tx.run(_OF_KEY, {"its_tenant": tenant, "its_deed": deed, "its_key": key})).first()
    if row is None:
        return False
    if (row.amount_minor, row.currency) != (amount.minor, amount.currency):
        raise ValueError(f"{key} was let through with {row.amount_minor} {row.currency}, not {amount.neutral}")
    return True


async def used(tx: Transaction, tenant: str, deed: Deed, since: datetime, person_id: int | None = None) -> Used:
    """What all people, or one of them, were let through since then."""
    given = {"its_tenant": tenant, "its_deed": deed, "since": since, "person": person_id}
    count, cents = (await tx.run(_USED if person_id is None else _USED_BY, given)).one()
    return Used(int(count), int(cents))


async def add(tx: Transaction, tenant: str, passed: Pass) -> None:
    """Count it; what was given back under the key counts anew."""
    key = {"tenant": tenant, "deed": passed.deed, "key": passed.key}
    values = {"person_id": passed.person_id, "amount_minor": passed.amount.minor, "currency": passed.amount.currency}
    await upsert(tx, limit_passes, key, values | {"usd_cents": passed.cents, "at": tx.now, "given_back_at": None})


async def give_back(tx: Transaction, tenant: str, deed: Deed, key: str) -> None:
    """Count it no more."""
    await tx.run(_GIVE_BACK, {"its_tenant": tenant, "its_deed": deed, "its_key": key, "now": tx.now})
