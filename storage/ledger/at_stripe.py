"""Queries on entries that are held against what Stripe says."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bot.ledger.model import ENTRY, Entry
from storage.engine.connection import Connection
from storage.ledger.postings import entry_of
from storage.tables.ledger import postings

AT_ONCE = 500
_OF_TENANT = select(postings).where(postings.c.tenant == bindparam("its_tenant"))
_SINCE = _OF_TENANT.where(postings.c.posted_at >= bindparam("since"))
_DATED_SINCE = _OF_TENANT.where(postings.c.written_at >= bindparam("since"))
_ABOUT = _OF_TENANT.where(postings.c.reference.in_(bindparam("those", expanding=True)))
_BY_IDS = _OF_TENANT.where(postings.c.id.in_(bindparam("those", expanding=True)))


async def since(connection: Connection, tenant: str, moment: datetime) -> list[Entry]:
    """The entries that were written since then, also those that are dated back to before it."""
    given = {"its_tenant": tenant, "since": moment}
    return [entry_of(row) for query in (_SINCE, _DATED_SINCE) for row in await connection.execute(query, given)]


async def about(connection: Connection, tenant: str, references: Collection[str]) -> list[Entry]:
    """The entries that refer to these things."""
    return await _those(connection, _ABOUT, tenant, sorted(references))


async def with_corrected(connection: Connection, tenant: str, entries: Sequence[Entry]) -> list[Entry]:
    """These, and what they corrected, and what that corrected in turn."""
    found = {entry.id: entry for entry in entries}
    while wanted := sorted({one.corrects for one in found.values() if one.corrects is not None} - found.keys()):
        earlier = await _those(connection, _BY_IDS, tenant, wanted)
        if not earlier:
            break
        found |= {entry.id: entry for entry in earlier}
    return list(found.values())


async def with_corrections(connection: Connection, tenant: str, entries: Sequence[Entry]) -> list[Entry]:
    """These, and what corrected them, and what corrected that in turn."""
    found, newest = {entry.id: entry for entry in entries}, list(entries)
    while newest:
        later = await about(connection, tenant, [f"{ENTRY}:{entry.id}" for entry in newest])
        newest = [entry for entry in later if entry.id not in found]
        found |= {entry.id: entry for entry in newest}
    return list(found.values())


async def _those(connection: Connection, query: Any, tenant: str, wanted: Sequence[Any]) -> list[Entry]:
    found: list[Entry] = []
    for start in range(0, len(wanted), AT_ONCE):
        given = {"its_tenant": tenant, "those": wanted[start : start + AT_ONCE]}
        found += [entry_of(row) for row in await connection.execute(query, given)]
    return found
