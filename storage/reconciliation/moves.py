"""Queries on what moved on the balance at Stripe."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from bot.invoices.ports import Place
from bot.invoices.remote import RemoteMove
from bot.reconciliation.model import Figure, Moved, Owner
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.reconciliation.places import at
from storage.tables.reconciliation import NOT_KNOWN, balance_moves

AT_ONCE = 500
_OF_BOOKS = select(balance_moves).where(balance_moves.c.books == bindparam("in_books"))
_OF_BOOKS = _OF_BOOKS.where(unindexed(balance_moves.c.tenant) == bindparam("its_tenant"))
_SINCE = _OF_BOOKS.where(balance_moves.c.created_at >= bindparam("since"), balance_moves.c.owner.is_not(None))
_ABOUT = _OF_BOOKS.where(balance_moves.c.about.in_(bindparam("abouts", expanding=True)))
_OF_TENANT = select(balance_moves).where(balance_moves.c.tenant == bindparam("its_tenant"))
_ONE = _OF_TENANT.where(balance_moves.c.stripe_id == bindparam("its_id"))
_BY_INTENT = _OF_TENANT.where(balance_moves.c.intent == bindparam("its_intent"), balance_moves.c.owner.is_not(None))
_BY_INTENT = _BY_INTENT.order_by(balance_moves.c.id).limit(1)
_PAID_OUT = _OF_TENANT.where(balance_moves.c.payout == bindparam("its_payout"))
_UNKNOWN = _OF_TENANT.where(NOT_KNOWN).order_by(balance_moves.c.id).limit(bindparam("at_most"))
_COUNT_UNKNOWN = select(func.count()).select_from(balance_moves)
_COUNT_UNKNOWN = _COUNT_UNKNOWN.where(unindexed(balance_moves.c.tenant) == bindparam("its_tenant"), NOT_KNOWN)
_NEWEST = select(balance_moves.c.created_at).where(balance_moves.c.tenant == bindparam("its_tenant"))
_NEWEST = _NEWEST.order_by(balance_moves.c.created_at.desc()).limit(1)
_OWNED = update(balance_moves).where(
    balance_moves.c.tenant == bindparam("its_tenant"), balance_moves.c.stripe_id == bindparam("its_id")
)
_OWNED = _OWNED.values(owner=bindparam("whose"), books=bindparam("in_books"), about=bindparam("of"))
_IN_PAYOUT = update(balance_moves).where(
    balance_moves.c.tenant == bindparam("its_tenant"), balance_moves.c.stripe_id == bindparam("its_id")
)
_IN_PAYOUT = _IN_PAYOUT.values(payout=bindparam("paid_out_by"))


async def keep(tx: Transaction, tenant: str, moves: Sequence[RemoteMove], place: Place) -> int:
    """Keep each once; returns how many are new. place: the account and mode that has them."""
    new = 0
    for start in range(0, len(moves), AT_ONCE):
        rows = [_values(tenant, move, place) for move in moves[start : start + AT_ONCE]]
        new += len(await insert_new(tx, balance_moves, rows, "tenant", "stripe_id"))
    return new


def _values(tenant: str, move: RemoteMove, place: Place) -> dict[str, Any]:
    gross, fee, face = move.settled.gross, move.settled.fee, move.face
    return {
        "tenant": tenant,
        "stripe_id": move.id,
        "account": place.account,
        "mode": place.mode,
        "category": move.category,
        "gross_minor": gross.minor,
        "fee_minor": fee.minor,
        "currency": gross.currency,
        "face_minor": None if face is None else face.minor,
        "face_currency": None if face is None else face.currency,
        "source": move.source,
        "intent": move.intent,
        "description": move.description,
        "created_at": move.created_at,
    }


async def newest(connection: Connection, tenant: str, place: Place) -> datetime | None:
    """When the newest of that account and mode moved."""
    query = _NEWEST.where(*at(balance_moves, place))
    moment: datetime | None = (await connection.execute(query, {"its_tenant": tenant})).scalar()
    return moment


async def unknown(connection: Connection, tenant: str, place: Place, after: int, at_most: int) -> list[Row[Any]]:
    """Those of that account and mode of which it is not known yet whose they are, after that one, in their order."""
    query = _UNKNOWN.where(*at(balance_moves, place), balance_moves.c.id > bindparam("past"))
    return list(await connection.execute(query, {"its_tenant": tenant, "past": after, "at_most": at_most}))


async def count_unknown(connection: Connection, tenant: str, place: Place, after: int) -> int:
    """How many of those there are after that one."""
    query = _COUNT_UNKNOWN.where(*at(balance_moves, place), balance_moves.c.id > bindparam("past"))
    return int((await connection.execute(query, {"its_tenant": tenant, "past": after})).scalar_one())


async def known_by_intent(connection: Connection, tenant: str, intent: str) -> Row[Any] | None:
    """A movement of the same payment of which it is known whose it is."""
    return (await connection.execute(_BY_INTENT, {"its_tenant": tenant, "its_intent": intent})).first()


async def owned(tx: Transaction, tenant: str, stripe_id: str, owner: Owner, books: str, about: str) -> None:
    """Write down whose it is, in whose books it belongs, and what of theirs it is."""
    given = {"its_tenant": tenant, "its_id": stripe_id, "whose": owner.value, "in_books": books, "of": about}
    await tx.run(_OWNED, given)


async def paid_out(tx: Transaction, tenant: str, stripe_ids: Sequence[str], payout: str) -> None:
    """Write down which payout paid these out."""
    for stripe_id in stripe_ids:
        await tx.run(_IN_PAYOUT, {"its_tenant": tenant, "its_id": stripe_id, "paid_out_by": payout})


async def of_payout(connection: Connection, tenant: str, payout: str) -> list[int]:
    """What is in a payout besides itself: what each movement came to less its fee, in minor units."""
    rows = await connection.execute(_PAID_OUT, {"its_tenant": tenant, "its_payout": payout})
    return [row.gross_minor - row.fee_minor for row in rows if (row.category, row.source) != ("payout", payout)]


async def one(connection: Connection, tenant: str, stripe_id: str) -> Row[Any] | None:
    """The movement of that id."""
    return (await connection.execute(_ONE, {"its_tenant": tenant, "its_id": stripe_id})).first()


async def since(connection: Connection, tenant: str, books: str, moment: datetime) -> list[Moved]:
    """Those since then on the tenant's account that belong in the books of that one, or another."""
    given = {"its_tenant": tenant, "in_books": books, "since": moment}
    return [_moved(row) for row in await connection.execute(_SINCE, given)]


async def about(connection: Connection, tenant: str, books: str, names: Collection[str]) -> list[Moved]:
    """Those of these things on the tenant's account that belong in those books, whenever they were."""
    found, wanted = [], sorted(names)
    for start in range(0, len(wanted), AT_ONCE):
        given = {"its_tenant": tenant, "in_books": books, "abouts": wanted[start : start + AT_ONCE]}
        found += [_moved(row) for row in await connection.execute(_ABOUT, given)]
    return found


def _moved(row: Row[Any]) -> Moved:
    fee_of_its_own = row.category == "fee"
    gross, fee = (0, row.fee_minor - row.gross_minor) if fee_of_its_own else (row.gross_minor, row.fee_minor)
    return Moved(
        row.stripe_id,
        row.category,
        Owner(row.owner),
        row.about,
        Figure(gross, fee, row.currency),
        row.created_at,
        row.face_minor,
        row.face_currency,
        row.payout,
    )
