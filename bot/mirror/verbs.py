"""Verbs of those who look after the mirror: how it stands, and what puts it right."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.access.model import TENANT, Permission, Person
from bot.audit.service import record
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.mirror import notices, resync
from bot.mirror.model import MirrorTable, Trouble
from bot.mirror.resync import Resync
from bot.mirror.service import CHANNEL, compare, prefix_of
from bot.mirror.settings import MirrorSettings
from storage.core import bindings
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.mirror import placements


@dataclass(frozen=True, slots=True)
class TableStanding:
    """A table: whether it is made, how many rows it shows, how many are behind and since when, what the last try failed
    for, how many were refused for good, and its newest resync.
    """

    name: str
    made: bool
    rows: int
    behind: int
    since: datetime | None
    error: str
    refused: int
    trouble: Trouble | None
    resync: Resync | None


@dataclass(frozen=True, slots=True)
class MirrorStanding:
    """All tables of a tenant; per_second: how many requests Notion is sent. at: as of when."""

    tables: tuple[TableStanding, ...]
    per_second: float
    at: datetime

    @property
    def made(self) -> tuple[TableStanding, ...]:
        """Those that are at Notion."""
        return tuple(one for one in self.tables if one.made)

    @property
    def behind(self) -> int:
        """Rows that wait."""
        return sum(one.behind for one in self.tables)

    @property
    def span(self) -> tuple[timedelta, timedelta]:
        """How long a resync of all takes where nothing differs, and where every row does."""
        fewest = sum(resync.fewest_requests(one.rows) for one in self.made)
        most = fewest + sum(one.rows for one in self.made)
        return self._takes(fewest), self._takes(most)

    def _takes(self, requests: int) -> timedelta:
        return timedelta(seconds=math.ceil(requests / self.per_second))


class MirrorVerbs:
    """They raise Forbidden, and Refusal where nothing is copied to Notion."""

    def __init__(self, database: Database, settings: MirrorSettings, tables: Mapping[str, MirrorTable]) -> None:
        self._database, self._settings, self._tables = database, settings, tables

    def _check(self, who: Person) -> None:
        who.require(Permission.KEEP_MIRROR)
        if self._settings.notion_token is None:
            raise Refusal(
                _(
                    "Nothing is copied to Notion: NOTION_TOKEN and NOTION_PARENT_PAGE_ID are not set. The README says "
                    "how to get them."
                )
            )

    def _of(self, tenant: str) -> list[MirrorTable]:
        return [table for table in self._tables.values() if table.for_all or tenant == TENANT]

    async def standing(self, who: Person) -> MirrorStanding:
        """How each table stands."""
        self._check(who)
        now, per_second = self._database.clock.now(), self._settings.notion_requests_per_second

        async def work(connection: Connection) -> MirrorStanding:
            waits = await placements.waiting(connection, who.tenant, CHANNEL)
            errors = await placements.refusals(connection, who.tenant, CHANNEL)
            behind = {one.table: one for one in await notices.behind(connection, who.tenant, self._of(who.tenant))}
            tables = []
            for table in self._of(who.tenant):
                waiting, trouble = waits.get(table.name), behind.get(table.name)
                tables.append(
                    TableStanding(
                        table.name,
                        await bindings.get(connection, who.tenant, CHANNEL, table.name) is not None,
                        await placements.count(connection, who.tenant, CHANNEL, prefix_of(who.tenant, table)),
                        0 if waiting is None else waiting.rows,
                        None if waiting is None else waiting.since,
                        (waiting and waiting.error) or (errors.get(table.name, "") if trouble else ""),
                        0 if trouble is None else trouble.refused,
                        None if trouble is None else trouble.kind,
                        await resync.standing(connection, who.tenant, table),
                    )
                )
            return MirrorStanding(tuple(tables), float(per_second), now)

        return await self._database.snapshot(work)

    async def resync(self, who: Person) -> MirrorStanding:
        """Have every table that is made be read, and what differs be written."""
        self._check(who)

        async def work(tx: Transaction) -> None:
            for table in self._of(who.tenant):
                if await bindings.get(tx.connection, who.tenant, CHANNEL, table.name) is not None:
                    await resync.begin(tx, who.tenant, table)
            await record(tx, who.tenant, who, "mirror.resynced", "mirror:all")

        await self._database.write(work)
        return await self.standing(who)

    async def repair(self, who: Person) -> MirrorStanding:
        """Have every table be held against what it should be, and made where it is not there."""
        self._check(who)

        async def work(tx: Transaction) -> None:
            await compare(tx, who.tenant, self._of(who.tenant), making=True)
            await record(tx, who.tenant, who, "mirror.repaired", "mirror:all")

        await self._database.write(work)
        return await self.standing(who)
