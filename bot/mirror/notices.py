"""What becomes of the mirror is told to admins: each trouble of a table once, and once when it is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from bot.audit.service import record
from bot.messages.service import ADMINS, Show, notify_roles
from bot.messages.topics import Topic
from bot.mirror import cards
from bot.mirror.model import MirrorTable, Place, Trouble
from bot.mirror.service import CHANNEL
from storage.core import events, outbox
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction

FINE = "fine"


class MirrorNotices:
    """Writes events of the subject "mirror:<table>"; the last one says how it stands. One process at a time uses it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._standing: dict[tuple[str, str], Trouble | None] = {}

    async def trouble(self, tenant: str, table: MirrorTable, kind: Trouble, words: str) -> None:
        """Rows of the table are not written: told, unless it was told already."""
        if await self._now(tenant, table) is not kind:
            await self._set(tenant, table, kind, partial(cards.trouble, table.name, kind, words))

    async def written(self, tenant: str, table: MirrorTable, *, made: bool) -> None:
        """A row was written (`made`: a new one), so what stood in its way is over: told, where something did."""
        standing = await self._now(tenant, table)
        if standing is None or (standing is Trouble.FULL and not made):
            return
        if standing is Trouble.REFUSED:
            async with self._database.reading() as connection:
                if await outbox.given_up(connection, tenant, CHANNEL, table.name):
                    return
        await self._set(tenant, table, None, partial(cards.over, table.name))

    async def changed(self, tenant: str, table: MirrorTable, before: Place, after: Place) -> None:
        """The table is elsewhere now, or has columns anew: told each time."""
        same = before.by_name == after.by_name
        anew = [name for name, column in after.columns.items() if same and before.columns.get(name) != column]
        if before.source == after.source and not anew:
            return
        moved = before.source != after.source
        show = partial(cards.moved, table.name) if moved else partial(cards.mended, table.name, anew)
        await self._database.write(lambda tx: notify_roles(tx, tenant, ADMINS, Topic.MIRROR, show))

    async def _now(self, tenant: str, table: MirrorTable) -> Trouble | None:
        if (tenant, table.name) not in self._standing:
            async with self._database.reading() as connection:
                self._standing[tenant, table.name] = await standing(connection, tenant, table)
        return self._standing[tenant, table.name]

    async def _set(self, tenant: str, table: MirrorTable, kind: Trouble | None, show: Show) -> None:
        async def work(tx: Transaction) -> None:
            await record(tx, tenant, None, f"mirror.{kind or FINE}", _subject(table))
            await notify_roles(tx, tenant, ADMINS, Topic.MIRROR, show)

        await self._database.write(work)
        self._standing[tenant, table.name] = kind


async def standing(connection: Connection, tenant: str, table: MirrorTable) -> Trouble | None:
    """What stands in the way of the table's rows; None: nothing."""
    last = await events.last_event(connection, tenant, _subject(table))
    return None if last is None or last.name == FINE else Trouble(last.name)


@dataclass(frozen=True, slots=True)
class Behind:
    """A table that is not kept up to date, for what, and how many of its rows were given up."""

    table: str
    kind: Trouble
    refused: int


async def behind(connection: Connection, tenant: str, tables: Iterable[MirrorTable]) -> list[Behind]:
    """The tables that are not kept up to date."""
    found = []
    for table in tables:
        refused = await outbox.given_up(connection, tenant, CHANNEL, table.name)
        if (kind := await standing(connection, tenant, table)) is not None or refused:
            found.append(Behind(table.name, kind or Trouble.REFUSED, refused))
    return found


def _subject(table: MirrorTable) -> str:
    return f"mirror:{table.name}"
