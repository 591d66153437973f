"""Queries on what does not agree between the ledger and Stripe."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from bot.reconciliation.model import Ending, Figure, Found, Kind, Mismatch
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.billing import invoices
from storage.tables.reconciliation import OPEN, ledger_mismatches

_OF_TENANT = select(ledger_mismatches).where(ledger_mismatches.c.tenant == bindparam("its_tenant"))
_OPEN = _OF_TENANT.where(OPEN)
_ENDED = _OF_TENANT.where(ledger_mismatches.c.ending == bindparam("its_ending"))
_BY_KEY = _OF_TENANT.where(ledger_mismatches.c.key == bindparam("its_key"))
_BY_ID = _OF_TENANT.where(ledger_mismatches.c.id == bindparam("mismatch"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_NUMBERS = select(invoices.c.id, invoices.c.number).where(
    invoices.c.tenant == bindparam("its_tenant"), invoices.c.id.in_(bindparam("numbered", expanding=True))
)
_COUNT = select(func.count()).select_from(ledger_mismatches)
_COUNT = _COUNT.where(ledger_mismatches.c.tenant == bindparam("its_tenant"), OPEN)
_ONE = update(ledger_mismatches).where(
    ledger_mismatches.c.tenant == bindparam("its_tenant"), ledger_mismatches.c.id == bindparam("mismatch")
)
_ONE = _ONE.values(version=ledger_mismatches.c.version + 1)
_CLOSE = _ONE.where(OPEN, ledger_mismatches.c.version == bindparam("was"))
_CLOSE = _CLOSE.values(closed_at=bindparam("now"), ending=bindparam("how"), closed_by=bindparam("who"))
_INVOICE = "invoice:"  # what the reference of an invoice's entries begins with
FIGURES = (
    "here_gross",
    "here_fee",
    "here_currency",
    "there_gross",
    "there_fee",
    "there_currency",
    "entry",
    "corrected",
)
_CHANGE = _ONE.values({name: bindparam(f"new_{name}") for name in FIGURES})
_REOPEN = _CHANGE.values(found_at=bindparam("now"), closed_at=None, ending=None, closed_by=None)


async def open_ones(connection: Connection, tenant: str) -> list[Mismatch]:
    """All that are open."""
    rows = await connection.execute(_OPEN.order_by(ledger_mismatches.c.id), {"its_tenant": tenant})
    return [_mismatch(row) for row in rows]


async def page(connection: Connection, tenant: str, which: Page, ending: Ending | None = None) -> list[Mismatch]:
    """A page of those that are open, or that ended so."""
    query, given = _OPEN if ending is None else _ENDED, {"its_tenant": tenant, "its_ending": ending}
    rows = await which.of(connection, query, ledger_mismatches.c.id, given)
    return await _numbered(connection, tenant, [_mismatch(row) for row in rows])


async def count(connection: Connection, tenant: str) -> int:
    """How many are open."""
    return int((await connection.execute(_COUNT, {"its_tenant": tenant})).scalar_one())


async def by_id(connection: Connection, tenant: str, mismatch_id: int, *, lock: bool = False) -> Mismatch | None:
    """The tenant's mismatch of that number, with `lock` held for the rest of the transaction."""
    query = _BY_ID_LOCKED if lock else _BY_ID
    row = (await connection.execute(query, {"its_tenant": tenant, "mismatch": mismatch_id})).first()
    return None if row is None else (await _numbered(connection, tenant, [_mismatch(row)]))[0]


async def keep(tx: Transaction, tenant: str, found: Found) -> Mismatch | None:
    """Write it down as it is found now; returns it where that is news: it is new, or open again.

    What a person left as it is stays closed as long as its figures are the same.
    """
    values = _figures(found)
    fixed = {"tenant": tenant, "key": found.key, "kind": found.kind.value, "about": found.about, "move": found.move}
    row = {**fixed, **values, "paid": int(found.paid), "found_at": tx.now}
    if new := await insert_new(tx, ledger_mismatches, row, "tenant", "key"):
        return await by_id(tx.connection, tenant, new[0])
    before = (await tx.connection.execute(_BY_KEY, {"its_tenant": tenant, "its_key": found.key})).one()
    same = all(getattr(before, name) == value for name, value in values.items())
    if same and (before.closed_at is None or before.ending == Ending.LEFT):
        return None
    changed = {f"new_{name}": value for name, value in values.items()}
    given = {"its_tenant": tenant, "mismatch": before.id, **changed}
    if before.closed_at is None:
        await tx.run(_CHANGE, given)
        return None
    await tx.run(_REOPEN, {**given, "now": tx.now})
    return await by_id(tx.connection, tenant, before.id)


async def close(tx: Transaction, mismatch: Mismatch, ending: Ending, person_id: int | None = None) -> bool:
    """Close it; False where it was closed or changed since it was read."""
    given = {"its_tenant": mismatch.tenant, "mismatch": mismatch.id, "was": mismatch.version}
    given |= {"now": tx.now, "how": ending.value, "who": person_id}
    return (await tx.run(_CLOSE, given)).rowcount == 1


async def close_those(tx: Transaction, gone: Sequence[Mismatch]) -> None:
    """Close what is not found any more."""
    for one in gone:
        await close(tx, one, Ending.GONE)


async def _numbered(connection: Connection, tenant: str, found: list[Mismatch]) -> list[Mismatch]:
    """The same, with the numbers by which people know the invoices that they are about."""
    ids = [one.found.about.removeprefix(_INVOICE) for one in found if one.found.about.startswith(_INVOICE)]
    if not ids:
        return found
    rows = await connection.execute(_NUMBERS, {"its_tenant": tenant, "numbered": [int(one) for one in ids]})
    numbers = {f"{_INVOICE}{number}": theirs for number, theirs in rows if theirs}
    return [replace(one, number=numbers.get(one.found.about, "")) for one in found]


def _figures(found: Found) -> dict[str, Any]:
    here, there = found.here, found.there
    return {
        "here_gross": here and here.gross,
        "here_fee": here and here.fee,
        "here_currency": here and here.currency,
        "there_gross": there and there.gross,
        "there_fee": there and there.fee,
        "there_currency": there and there.currency,
        "entry": found.entry,
        "corrected": int(found.corrected),
    }


def _mismatch(row: Row[Any]) -> Mismatch:
    found = Found(
        Kind(row.kind),
        row.about,
        row.move,
        _figure(row.here_gross, row.here_fee, row.here_currency),
        _figure(row.there_gross, row.there_fee, row.there_currency),
        row.entry,
        bool(row.corrected),
        bool(row.paid),
    )
    ending = None if row.ending is None else Ending(row.ending)
    return Mismatch(row.id, row.tenant, found, row.found_at, row.closed_at, ending, row.closed_by, row.version)


def _figure(gross: int | None, fee: int | None, currency: str | None) -> Figure | None:
    return None if gross is None or fee is None or currency is None else Figure(gross, fee, currency)
