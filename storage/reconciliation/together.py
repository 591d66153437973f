"""Queries on invoices that one charge paid: they are held against Stripe as one, by the name of the first of them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import upsert
from storage.tables.reconciliation import balance_moves, paid_together

AT_ONCE = 500
_OF_TENANT = select(paid_together.c.about, paid_together.c.first).where(
    paid_together.c.tenant == bindparam("its_tenant")
)
_NAMED = _OF_TENANT.where(paid_together.c.about.in_(bindparam("those", expanding=True)))
_BEHIND = _OF_TENANT.where(paid_together.c.first.in_(bindparam("those", expanding=True)))
_RENAME = update(balance_moves).where(
    balance_moves.c.books == bindparam("its_tenant"),
    unindexed(balance_moves.c.tenant) == bindparam("whose_account"),
    balance_moves.c.about.in_(bindparam("those", expanding=True)),
)
_RENAME = _RENAME.values(about=bindparam("becomes"))


async def of(connection: Connection, tenant: str, names: Collection[str]) -> dict[str, str]:
    """The first of its group by each thing, for all groups that any of these is in."""
    named = await _read(connection, tenant, _NAMED, names)
    return named | await _read(connection, tenant, _BEHIND, set(named.values()))


async def _read(connection: Connection, tenant: str, query: Any, names: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    wanted = sorted(names)
    for start in range(0, len(wanted), AT_ONCE):
        given = {"its_tenant": tenant, "those": wanted[start : start + AT_ONCE]}
        found |= {row.about: row.first for row in await connection.execute(query, given)}
    return found


async def join(tx: Transaction, tenant: str, account: str, names: Sequence[str]) -> str:
    """Have these compared as one, with all that any of them is compared with already; returns the first's name.

    account: the tenant on whose account at Stripe the charge is.
    """
    known = await of(tx.connection, tenant, names)
    first = known.get(names[0], names[0])
    members = {*names, *known}
    for name in sorted(members):
        await upsert(tx, paid_together, {"tenant": tenant, "about": name}, {"first": first})
    given = {"its_tenant": tenant, "whose_account": account}
    await tx.run(_RENAME, {**given, "those": sorted(members - {first}), "becomes": first})
    return first
