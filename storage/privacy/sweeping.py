"""What came and was sent is gone through page by page: no index knows who is named in it.

Both tables hold the days of RETENTION_DAYS alone, and each pass is for everybody who is to be erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, delete, select, text, type_coerce, update

from bot.privacy.model import Named
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.tables.core import inbox, outbox

PAGE = 500
TELEGRAM = "telegram"
NAMING = (TELEGRAM, "mail")  # the others say numbers alone
OURS = "erasure:"  # of what is told of the erasure itself
_INBOX = select(
    inbox.c.id, inbox.c.source, inbox.c.processed_at, inbox.c.received_at, type_coerce(inbox.c.payload, Text).label("p")
)
_INBOX = _INBOX.where(inbox.c.id > bindparam("after")).order_by(inbox.c.id).limit(PAGE)
_OUTBOX = select(
    outbox.c.id,
    outbox.c.channel,
    outbox.c.destination,
    outbox.c.slot,
    outbox.c.key,
    outbox.c.state,
    outbox.c.created_at,
    type_coerce(outbox.c.payload, Text).label("p"),
)
_OUTBOX = _OUTBOX.where(unindexed(outbox.c.tenant) == bindparam("its_tenant"), outbox.c.id > bindparam("after"))
_OUTBOX = _OUTBOX.order_by(outbox.c.id).limit(PAGE)
INDEXES = ("search", "search_people", "search_invoices")
STEP_PAGES = 500


@dataclass(frozen=True, slots=True)
class Found:
    """What a page has of them: rows to be emptied, rows to be deleted, and where the next page begins.

    waits: somebody is named where it is not dealt with yet.
    """

    emptied: Sequence[int]
    deleted: Sequence[int]
    after: int | None
    waits: bool = False


async def look_in(connection: Connection, named: Named, after: int, settled: datetime, until: datetime) -> Found:
    """A page of what came. settled: what came before then and is about others is done with.

    until: when they were erased; who writes later does so as somebody new.
    """
    rows = (await connection.execute(_INBOX, {"after": after})).all()
    numbers = {thing.partition(":")[2] for thing in named.things()}
    before = [row for row in rows if row.received_at <= until]
    found = [row for row in before if _in_inbox(row, named, numbers, settled)]
    emptied = [row.id for row in found if row.processed_at is not None]
    return Found(emptied, [], rows[-1].id if len(rows) == PAGE else None, len(emptied) < len(found))


def _in_inbox(row: Any, named: Named, numbers: set[str], settled: datetime) -> bool:
    if named.has_id(row.p):
        return True
    if row.received_at >= settled:
        return False
    # A tap brings the text of its card along: a draft, for one.
    of_a_card = '"callback_query"' in row.p and any(number in row.p for number in numbers)
    return of_a_card or named.has_name(row.p)


async def empty_inbox(tx: Transaction, ids: Sequence[int]) -> None:
    """What came there stays as that it came, and says nothing any more."""
    if ids:
        await tx.run(update(inbox).where(inbox.c.id.in_(ids)).values(payload={}, error=None))


async def look_out(connection: Connection, named: Named, after: int) -> Found:
    """A page of what was sent, or waits to be."""
    rows = (await connection.execute(_OUTBOX, {"its_tenant": named.tenant, "after": after})).all()
    chats, things = {str(chat) for chat in named.chats()}, named.things()
    theirs = {row.id for row in rows if _is_theirs(row, chats, things)}
    others = [row for row in rows if row.id not in theirs and row.channel in NAMING and not _is_ours(row)]
    naming = [row for row in others if named.has_id(row.p) or named.has_name(row.p)]
    emptied = [row.id for row in naming if row.state not in {"undeliverable", "waiting"}]
    deleted = [*theirs, *(row.id for row in naming if row.state == "undeliverable")]
    waits = any(row.state == "waiting" for row in naming)
    return Found(emptied, deleted, rows[-1].id if len(rows) == PAGE else None, waits)


def _is_ours(row: Any) -> bool:
    return (row.key or row.slot or "").startswith(OURS)


def _is_theirs(row: Any, chats: set[str], things: frozenset[str]) -> bool:
    if row.channel != TELEGRAM or _is_ours(row):
        return False
    if row.destination.partition("/")[0] in chats:
        return True
    names = (":".join((name or "").split(":", 2)[:2]) for name in (row.slot, row.key))
    return any(name in things for name in names)


async def clear_outbox(tx: Transaction, tenant: str, found: Found) -> None:
    """Delete and empty what a page had."""
    theirs = (unindexed(outbox.c.tenant) == tenant,)
    if found.deleted:
        await tx.run(delete(outbox).where(*theirs, outbox.c.id.in_(found.deleted)))
    if found.emptied:
        await tx.run(update(outbox).where(*theirs, outbox.c.id.in_(found.emptied)).values(payload={}, error=None))


async def certificate(connection: Connection, tenant: str, key: str) -> tuple[str, datetime] | None:
    """Where the message of that key stands, and since when it is to be sent; None where it is gone."""
    query = select(outbox.c.state, outbox.c.created_at).where(outbox.c.tenant == tenant, outbox.c.channel == TELEGRAM)
    row = (await connection.execute(query.where(outbox.c.key == key))).first()
    return None if row is None else (row.state, row.created_at)


async def drop_certificate(tx: Transaction, tenant: str, key: str) -> None:
    """Forget where it went."""
    this = (outbox.c.tenant == tenant, outbox.c.channel == TELEGRAM, outbox.c.key == key)
    await tx.run(delete(outbox).where(*this))


async def overwrite(tx: Transaction) -> None:
    """Have the word lists take words out where they stand, and not only mark them as gone.

    https://www.sqlite.org/fts5.html#the_secure_delete_configuration_option
    """
    for index in INDEXES:
        await tx.run(text(f"INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)"))  # noqa: S608


async def merge_some(tx: Transaction, index: str) -> bool:
    """Write a part of a word list anew without what was only marked as gone before; False once nothing is left to do.

    https://www.sqlite.org/fts5.html#the_merge_command
    """
    changes = text("SELECT total_changes()")
    before = (await tx.run(changes)).scalar_one()
    await tx.run(text(f"INSERT INTO {index}({index}, rank) VALUES ('merge', {STEP_PAGES})"))  # noqa: S608
    return bool((await tx.run(changes)).scalar_one() - before >= 2)


async def begin_merge(tx: Transaction, index: str) -> None:
    """Have the whole of a word list be merged, bit by bit."""
    await tx.run(text(f"INSERT INTO {index}({index}, rank) VALUES ('merge', {-STEP_PAGES})"))  # noqa: S608
