"""Where at Stripe the things of the ledger are: which account and mode. What is of none that is known may be of any."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Table, bindparam, false, or_, select

from bot.invoices.ports import Place
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.billing import invoices
from storage.tables.money.refunds import refunds
from storage.tables.reconciliation import balance_moves

AT_ONCE = 500
_MOVES = select(balance_moves.c.about, balance_moves.c.account, balance_moves.c.mode)
_MOVES = _MOVES.where(
    balance_moves.c.books == bindparam("in_books"),
    balance_moves.c.about.in_(bindparam("those", expanding=True)),
    unindexed(balance_moves.c.tenant) == bindparam("its_tenant"),
)
_INVOICES = select(invoices.c.id, invoices.c.account, invoices.c.mode)
_INVOICES = _INVOICES.where(
    invoices.c.id.in_(bindparam("those", expanding=True)), unindexed(invoices.c.tenant) == bindparam("its_tenant")
)
_REFUNDS = select(refunds.c.stripe_id, refunds.c.invoice_id)
_REFUNDS = _REFUNDS.where(
    refunds.c.stripe_id.in_(bindparam("those", expanding=True)), unindexed(refunds.c.tenant) == bindparam("its_tenant")
)
Kept = tuple[str | None, str | None]  # an account and a mode


def at(table: Table, place: Place) -> list[ColumnElement[bool]]:
    """What the rows of a place have in these columns, or do not say."""
    known = ((table.c.account, place.account), (table.c.mode, place.mode))
    return [or_(column.is_(None), column == value) for column, value in known if value is not None]


def not_at(table: Table, place: Place) -> ColumnElement[bool]:
    """What only the rows of another place have."""
    known = ((table.c.account, place.account), (table.c.mode, place.mode))
    return or_(false(), *(column != value for column, value in known if value is not None))


async def elsewhere(connection: Connection, tenant: str, books: str, names: Collection[str], place: Place) -> set[str]:
    """Those of these things in the books of a tenant that another account or mode has, as their movements, invoices
    and refunds say. tenant: whose account at Stripe it is.
    """
    found: defaultdict[str, list[Kept]] = defaultdict(list)
    for some in _some(names):
        given = {"its_tenant": tenant, "in_books": books, "those": some}
        for about, account, mode in await connection.execute(_MOVES, given):
            found[about].append((account, mode))
    numbers = await _invoices(connection, books, names)
    for some in _some(map(str, set(numbers.values()))):
        rows = await connection.execute(_INVOICES, {"its_tenant": books, "those": [int(one) for one in some]})
        kept: dict[int, Kept] = {number: (account, mode) for number, account, mode in rows}
        for about, number in numbers.items():
            if number in kept:
                found[about].append(kept[number])
    return {about for about, kept_at in found.items() if all(place.other_than(*one) for one in kept_at)}


async def _invoices(connection: Connection, tenant: str, names: Collection[str]) -> dict[str, int]:
    """The invoices that these are, or were refunds of."""
    numbers = {name: int(one) for name in names if (one := _named(name, "invoice")).isdecimal()}
    for some in _some(filter(None, (_named(name, "refund") for name in names))):
        for stripe_id, invoice_id in await connection.execute(_REFUNDS, {"its_tenant": tenant, "those": some}):
            numbers[f"refund:{stripe_id}"] = invoice_id
    return numbers


def _named(name: str, kind: str) -> str:
    """What stands behind the kind; nothing where it is of another."""
    return name.partition(":")[2] if name.startswith(f"{kind}:") else ""


def _some(names: Iterable[str]) -> list[list[str]]:
    """So many at a time as one statement holds."""
    wanted = sorted(names)
    return [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
