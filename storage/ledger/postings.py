"""Queries on the ledger. It is only added to: the database refuses all else, and what does not balance."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, literal_column, select

from bot.kernel.money import Money
from bot.ledger.model import LARGEST, Account, Entry, Line, Posting
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.ledger import posting_lines, postings

_HALF = 2**32
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def exact_sum(amounts: ColumnElement[int]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Two columns, of whose values `whole` makes the exact sum.

    A sum of 64 bits may need more, which SQLite refuses, also in between: so each half is summed by itself.
    """
    upper, lower = amounts.bitwise_rshift(literal_column("32")), amounts.bitwise_and(literal_column("4294967295"))
    return func.sum(upper), func.sum(lower)


def whole(upper: Any, lower: Any) -> int:
    """The sum, of the values of `exact_sum`."""
    return int(upper) * _HALF + int(lower)


# Built once: building a statement takes SQLAlchemy several times longer than running it.
_ACCOUNT = (posting_lines.c.account, posting_lines.c.currency)
_SUMS = select(*_ACCOUNT, *exact_sum(posting_lines.c.amount_minor)).group_by(*_ACCOUNT)
_IN_ALL = _SUMS.where(posting_lines.c.tenant == bindparam("its_tenant"))
_REFERRING = _SUMS.join(postings, postings.c.id == posting_lines.c.posting_id)
_REFERRING = _REFERRING.where(postings.c.tenant == bindparam("its_tenant"), postings.c.reference == bindparam("about"))
_OF_ENTRIES = _SUMS.join(postings, postings.c.id == posting_lines.c.posting_id)
_OF_ENTRIES = _OF_ENTRIES.where(postings.c.tenant == bindparam("its_tenant"))
_AFTER = _OF_ENTRIES.where(
    postings.c.id > bindparam("entry"),
    postings.c.id <= bindparam("last"),
    unindexed(postings.c.posted_at) < bindparam("until"),
)
_DATED_AFTER = _OF_ENTRIES.where(
    postings.c.posted_at >= bindparam("since"),
    postings.c.posted_at < bindparam("until"),
    unindexed(postings.c.id) <= bindparam("entry"),
)
_OF_TENANT = select(postings).where(postings.c.tenant == bindparam("its_tenant"))
_OF_KIND = _OF_TENANT.where(postings.c.kind == bindparam("its_kind"))
_BY_ID = _OF_TENANT.where(postings.c.id == bindparam("entry"))
_BY_KEY = _OF_TENANT.where(postings.c.key == bindparam("its_key"))
_NEWEST = select(postings.c.id, postings.c.posted_at).where(postings.c.tenant == bindparam("its_tenant"))
_NEWEST = _NEWEST.order_by(postings.c.id.desc()).limit(1)
_NEWEST_BEFORE = _NEWEST.where(func.coalesce(postings.c.written_at, postings.c.posted_at) < bindparam("moment"))

Balances = dict[tuple[str, str], int]


async def post(tx: Transaction, tenant: str, posting: Posting, dated: datetime | None = None) -> int | None:
    """Write a posting once; returns its number, or None where its key was posted before.

    dated: a time before now that it counts for, which only a correction may name.
    """
    row = {
        "tenant": tenant,
        "key": posting.key,
        "kind": posting.kind,
        "reference": posting.reference,
        "posted_at": dated or tx.now,
        "written_at": tx.now if dated else None,
        "lines": [[line.account.value, line.amount.minor, line.amount.currency] for line in posting.lines],
        "reason": posting.reason,
    }
    added = await insert_new(tx, postings, row, "tenant", "key")
    return added[0] if added else None


async def posted(connection: Connection, tenant: str, reference: str) -> Balances:
    """The sum of every (account, currency) over the postings that refer to this, in minor units."""
    return _sums(await connection.execute(_REFERRING, {"its_tenant": tenant, "about": reference}))


async def balances(connection: Connection, tenant: str) -> Balances:
    """The sum of every (account, currency) over all entries, in minor units."""
    return _sums(await connection.execute(_IN_ALL, {"its_tenant": tenant}))


async def since(
    connection: Connection, tenant: str, entry: int, moment: datetime, *, last: int = LARGEST, until: datetime = NEVER
) -> Balances:
    """The sum of what came after that entry, or is dated so late; up to the entry `last`, and dated before `until`."""
    given = {"its_tenant": tenant, "entry": entry, "since": moment, "last": last, "until": until}
    both = [_sums(await connection.execute(query, given)) for query in (_AFTER, _DATED_AFTER)]
    return added(*both)


def added(*sums: Mapping[tuple[str, str], int]) -> Balances:
    """Sums of the same accounts, added up."""
    found: Balances = {}
    for one in sums:
        for place, minor in one.items():
            found[place] = found.get(place, 0) + minor
    return found


async def newest_before(connection: Connection, tenant: str, moment: datetime) -> int:
    """The number of the newest of the tenant's entries that were written before then; 0 where there is none."""
    row = (await connection.execute(_NEWEST_BEFORE, {"its_tenant": tenant, "moment": moment})).first()
    return 0 if row is None else row.id


def _sums(rows: Any) -> Balances:
    return {(account, currency): whole(upper, lower) for account, currency, upper, lower in rows}


async def page(connection: Connection, tenant: str, which: Page, kind: str | None = None) -> list[Entry]:
    """A page of the tenant's entries; of those of one kind alone where one is given."""
    query, given = _OF_TENANT if kind is None else _OF_KIND, {"its_tenant": tenant, "its_kind": kind}
    return [entry_of(row) for row in await which.of(connection, query, postings.c.id, given)]


async def by_id(connection: Connection, tenant: str, entry_id: int) -> Entry | None:
    """The tenant's entry of that number."""
    return await _one(connection, _BY_ID, {"its_tenant": tenant, "entry": entry_id})


async def by_key(connection: Connection, tenant: str, key: str) -> Entry | None:
    """The tenant's entry that was posted under that key."""
    return await _one(connection, _BY_KEY, {"its_tenant": tenant, "its_key": key})


async def newest(connection: Connection, tenant: str) -> datetime | None:
    """When the tenant's newest entry was posted."""
    row = (await connection.execute(_NEWEST, {"its_tenant": tenant})).first()
    return None if row is None else row.posted_at


async def _one(connection: Connection, query: Any, given: Mapping[str, Any]) -> Entry | None:
    row = (await connection.execute(query, given)).first()
    return None if row is None else entry_of(row)


def entry_of(row: Row[Any]) -> Entry:
    """The entry that a row of `postings` is."""
    lines = tuple(Line(Account(account), Money(minor, currency)) for account, minor, currency in row.lines)
    return Entry(row.id, row.tenant, row.key, row.kind, row.reference, row.posted_at, lines, row.reason, row.written_at)
