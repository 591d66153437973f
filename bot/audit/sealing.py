"""The chain at work: entries are sealed soon after they were written, checked, and anchored elsewhere."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Row

from bot.access.model import Permission, Person
from bot.audit import chain
from bot.audit.chain import Fault, Verdict, Verifier, Why
from bot.audit.exporting import pieces
from bot.audit.keys import Keys
from bot.audit.model import Anchored, Bad, Checked, Standing
from bot.config.key_file import NoKey
from storage.audit import entries, seals
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction

log = structlog.get_logger(__name__)
AT_ONCE = 500  # entries of a transaction
ANCHORS = 100  # that a check is held against
EXPORTED = 50_000  # entries that a file in the chat has
BATCH = 2_000  # entries that are read, and then checked, at once


class Chain:
    """Verbs of the audit log's chain."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self.keys = keys

    async def seal(self) -> int:
        """Seal what was written since, of every tenant; returns how many entries. Raises NoKey."""
        async with self._database.reading() as connection:
            tenants = await seals.waiting_tenants(connection)
        return sum([await self._seal(tenant) for tenant in tenants])

    async def _seal(self, tenant: str) -> int:
        sealed = 0
        while many := await self._database.write(partial(self._seal_some, tenant=tenant)):
            sealed += many
        return sealed

    async def _seal_some(self, tx: Transaction, tenant: str) -> int:
        found = await seals.next_unsealed(tx, tenant, AT_ONCE)
        if not found:
            return 0
        head = await seals.head(tx.connection, tenant)
        keys = self.keys.made() if head is None else self.keys.known()
        if head is not None and head[1] not in keys:
            raise NoKey(_lost(head[1], self.keys))
        made = list(chain.seal(keys, tenant, None if head is None else head[0], found))
        await seals.add(tx, tenant, made)
        return len(made)

    async def standing(self, tenant: str) -> Standing:
        """How the tenant's chain stands."""
        async with self._database.reading() as connection:
            head = await seals.head(connection, tenant)
            many, since = await seals.waiting(connection, tenant)
            return Standing(head and head[0], await seals.newest_anchor(connection, tenant), many, since)

    async def key(self, tenant: str) -> str:
        """The name of the key that made its newest link; empty where there is none."""
        async with self._database.reading() as connection:
            head = await seals.head(connection, tenant)
        return head[1] if head is not None else ""

    async def verify(self, who: Person) -> Checked:
        """Seal what was written since, and check all of it. Raises Forbidden, or NoKey."""
        who.require(Permission.READ_REPORTS)
        await self._seal(who.tenant)
        return await self.check(who.tenant)

    async def check(self, tenant: str, *, since_anchor: bool = False) -> Checked:
        """Check the chain, all of it or what came since it was last anchored. It holds nobody up. Raises NoKey."""
        began = time.monotonic()
        async with self._database.reading() as connection:
            head, newest = await seals.head(connection, tenant), await seals.newest_anchor(connection, tenant)
            kept = await seals.anchors(connection, tenant, ANCHORS)
        behind = newest if since_anchor else None
        anchors = [one for one in kept if behind is None or one.place > behind.place]
        ends = anchors if head is None else [*(one for one in anchors if one.place != head[0].place), head[0]]
        verifier = Verifier(self.keys.known(), tenant, ends, behind)
        if head is not None and head[1] not in self.keys.known():
            raise NoKey(_lost(head[1], self.keys))
        await self._along(tenant, verifier)
        verdict = verifier.end()
        if verdict.fault is None and any(one.place == verifier.place and one.link != verifier.link for one in anchors):
            verdict = Verdict(verdict.entries, verdict.link, Fault(verifier.place, Why.REWRITTEN))
        if verdict.fault is None and not since_anchor:
            verdict = await self._all_sealed(tenant, verdict)
        bad = await self._bad(tenant, verdict.fault) if verdict.fault is not None else None
        return Checked(verdict, len(anchors), timedelta(seconds=time.monotonic() - began), bad)

    async def _along(self, tenant: str, verifier: Verifier) -> None:
        place = verifier.place

        async def read(connection: Connection) -> Sequence[Row[Any]]:
            return await seals.behind(connection, tenant, place, BATCH)

        while rows := await self._database.snapshot(read):
            if not await asyncio.to_thread(_take, verifier, tenant, rows):
                return
            place = rows[-1].place

    async def _all_sealed(self, tenant: str, verdict: Verdict) -> Verdict:
        """An entry that is in the log and not in the chain was put there behind the triggers' backs."""
        after = 0
        while True:
            look = partial(seals.not_sealed, tenant=tenant, after=after, limit=BATCH)
            left, last = await self._database.snapshot(look)
            if left:
                return Verdict(verdict.entries, verdict.link, Fault(0, Why.UNSEALED, left[0]))
            if not last:
                return verdict
            after = last

    async def _bad(self, tenant: str, fault: Fault) -> Bad | None:
        async with self._database.reading() as connection:
            number = fault.entry_id or await seals.entry_at(connection, tenant, fault.place)
            found = await entries.one(connection, tenant, number) if number else None
        return None if found is None else Bad(found.at, found.person, found.action, found.subject)

    async def export(self, who: Person) -> tuple[bytes, int, int]:
        """The newest entries as a file, how many these are, and how many older ones it leaves out.

        Raises Forbidden, or NoKey.
        """
        who.require(Permission.READ_REPORTS)
        await self._seal(who.tenant)
        async with self._database.reading() as connection:
            head = await seals.head(connection, who.tenant)
        data = [one async for one in pieces(self._database, self.keys, who.tenant, EXPORTED)]
        there = head[0].place if head is not None else 0
        return b"".join(data), min(there, EXPORTED), max(0, there - EXPORTED)

    async def anchors(self) -> list[Anchored]:
        """How far each tenant's chain goes now."""
        return await anchors_of(self._database)

    async def anchor(self) -> tuple[list[Anchored], int]:
        """Note how far each tenant's chain goes, and say so in the log; and how many of them went on since."""
        new, now = 0, await self.anchors()
        for one in now:
            if await self._database.write(partial(seals.anchor, tenant=one.tenant, head=one.anchor)):
                new += 1
                log.info("audit log anchored", tenant=one.tenant, place=one.anchor.place, link=one.anchor.link.hex())
        return now, new


async def anchors_of(database: Database) -> list[Anchored]:
    """How far each tenant's chain goes now."""
    async with database.reading() as connection:
        tenants = await seals.sealed_tenants(connection)
        heads = [(tenant, await seals.head(connection, tenant)) for tenant in tenants]
    return [Anchored(tenant, head[0]) for tenant, head in heads if head is not None]


def _take(verifier: Verifier, tenant: str, rows: Sequence[Row[Any]]) -> bool:
    return verifier.take(seals.records(tenant, rows))


def _lost(name: str, keys: Keys) -> str:
    where = "AUDIT_KEY holds" if keys.are_set else f"{keys.file} is not there, or holds"
    return (
        f"The audit log's chain was made with the key {name}, and {where} another one. Put the key back that it was "
        "made with; behind a new key it may stand after a comma."
    )
