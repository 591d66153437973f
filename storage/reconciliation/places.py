"""Where at Stripe the things of the ledger are: which account and mode. What is of none that is known may be of any."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Table, bindparam, false, or_, select

from bot.invoices.ports import Place
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.billing import invoices
from storage.tables.reconciliation import balance_moves
from storage.tables.refunds import refunds

AT_ONCE = 500
_MOVES = select(balance_moves.c.about, balance_moves.c.account, balance_moves.c.mode)
_MOVES = _MOVES.where(
    balance_moves.c.books == bindparam("its_tenant"), balance_moves.c.about.in_(bindparam("those", expanding=True))
)
_INVOICES = select(invoices.c.id, invoices.c.account, invoices.c.mode)
_INVOICES = _INVOICES.where(
    invoices.c.id.in_(bindparam("those", expanding=True)), unindexed(invoices.c.tenant) == bindparam("its_tenant")
)
_REFUNDS = select(refunds.c.stripe_id, invoices.c.account, invoices.c.mode)
_REFUNDS = _REFUNDS.join(invoices, invoices.c.id == refunds.c.invoice_id).where(
    refunds.c.stripe_id.in_(bindparam("those", expanding=True)), unindexed(refunds.c.tenant) == bindparam("its_tenant")
)
Found = defaultdict[str, list[tuple[str | None, str | None]]]


def at(table: Table, place: Place) -> list[ColumnElement[bool]]:
    """What the rows of a place have in these columns, or do not say."""
    known = ((table.c.account, place.account), (table.c.mode, place.mode))
    return [or_(column.is_(None), column == value) for column, value in known if value is not None]


def not_at(table: Table, place: Place) -> ColumnElement[bool]:
    """What only the rows of another place have."""
    known = ((table.c.account, place.account), (table.c.mode, place.mode))
    return or_(false(), *(column != value for column, value in known if value is not None))


async def elsewhere(connection: Connection, tenant: str, names: Collection[str], place: Place) -> set[str]:
    """Those of these things that another account or mode has, as their movements, invoices and refunds say."""
    found: Found = defaultdict(list)
    for some in _some(names):
        for about, account, mode in await connection.execute(_MOVES, {"its_tenant": tenant, "those": some}):
            found[about].append((account, mode))
    for some in _some(_numbers(names, "invoice")):
        rows = await connection.execute(_INVOICES, {"its_tenant": tenant, "those": [int(one) for one in some]})
        for number, account, mode in rows:
            found[f"invoice:{number}"].append((account, mode))
    for some in _some(_numbers(names, "refund")):
        for stripe_id, account, mode in await connection.execute(_REFUNDS, {"its_tenant": tenant, "those": some}):
            found[f"refund:{stripe_id}"].append((account, mode))
    return {about for about, places in found.items() if all(place.other_than(*one) for one in places)}


def _numbers(names: Collection[str], kind: str) -> list[str]:
    return [name.partition(":")[2] for name in names if name.startswith(f"{kind}:")]


def _some(names: Iterable[str]) -> list[list[str]]:
    """So many at a time as one statement holds."""
    wanted = sorted(names)
    return [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
