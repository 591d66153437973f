"""How a row of the mirror is delivered: changed, or made where there is none; what is in the way is mended or told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.areas import TABLES
from bot.automation.mirror import QUEUE
from bot.automation.model import TRIGGER, Ordered
from bot.automation.service import Automation, take_in
from bot.kernel.errors import ProviderError
from bot.mirror import resync
from bot.mirror.model import KEY, Emptied, MirrorTable, Place, RowId, Trouble
from bot.mirror.notices import MirrorNotices
from bot.mirror.places import Places
from bot.mirror.ports import Gone, Mirror, News, Withheld
from bot.mirror.resync import Resyncs
from bot.mirror.service import CHANNEL, COMPARE, RESYNC, TAKE_IN
from jobs.outbox.sender import Deliver
from storage.core import bindings
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Database
from storage.queue.tries import backoff

LOOKED = f"{CHANNEL} looked"  # in `bindings`: when the queue was read last
A_LITTLE = timedelta(minutes=3)  # Notion tells times by the minute, and its clock is not ours
AT_ONCE = 25  # rows that are dealt with in one look
FIRST_LOOK = timedelta(hours=1)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """The page that shows a row, and whether it was made just now."""

    page: str
    made: bool


class RowKeeper:
    """Writes rows, one at a time, and reads what people order in the queue."""

    def __init__(self, database: Database, mirror: Mirror, automation: Automation) -> None:
        self._database, self._mirror, self._automation = database, mirror, automation
        self._places, self._notices = Places(database, mirror), MirrorNotices(database)
        self._resyncs = Resyncs(database, mirror, self._places)
        self._full_until: datetime | None = None

    async def deliver(self, item: OutboxRow, placed: str | None) -> Delivery:
        """See `jobs.outbox.sender.Deliver`; `placed` is the page that shows the row."""
        table = TABLES[item.destination]
        try:
            if COMPARE in item.payload:
                return await self._compare(item, table)
            if RESYNC in item.payload:
                return await self._resync(item, table)
            if TAKE_IN in item.payload:
                return await self._take_in(item)
            written = await self._write(item, table, placed)
            if written is None:
                return Delivery(item)
        except Withheld as error:
            await self._notices.trouble(item.tenant, table, error.trouble, str(error))
            raise self._later(error, item) from None
        except ProviderError as error:
            if error.permanent:
                await self._notices.trouble(item.tenant, table, Trouble.REFUSED, str(error))
            raise
        await self._notices.written(item.tenant, table, made=written.made)
        return Delivery(item, external_id=None if written.page == placed else written.page)

    async def _compare(self, item: OutboxRow, table: MirrorTable) -> Delivery:
        """Hold the table against what it should be: what was deleted comes back and is told; a new one is filled."""
        both = (table, *table.relations.values())  # whose rows it names is made before it
        new = [one for one in both if await self._places.kept(item.tenant, one) is None]
        place = await self._places.of(item.tenant, table)
        for one in new:
            await self._database.write(partial(resync.begin, tenant=item.tenant, table=one))
        await self._mend(item.tenant, table, place)
        return Delivery(item)

    async def _resync(self, item: OutboxRow, table: MirrorTable) -> Delivery:
        """Carry a resync on; what is wrong with the table is mended first where Notion refuses it."""
        try:
            await self._resyncs.step(item.tenant, table)
        except Withheld:
            raise
        except ProviderError as error:
            if not error.permanent:
                raise
            place = await self._places.of(item.tenant, table)
            mended = await self._mend(item.tenant, table, place, str(error))
            if mended.source == place.source:  # else it was begun anew
                await self._resyncs.step(item.tenant, table)
        return Delivery(item)

    async def _take_in(self, item: OutboxRow) -> Delivery:
        """Read what is ticked in the queue, or was edited since the last look, and have it dealt with."""
        tenant, began = item.tenant, self._database.clock.now()
        place = await self._places.of(tenant, QUEUE)
        async with self._database.reading() as connection:
            last = await bindings.get(connection, tenant, LOOKED, QUEUE.name)
        news = News(TRIGGER, began - FIRST_LOOK if last is None else datetime.fromisoformat(last) - A_LITTLE)
        look = await self._automation.begin(tenant, self._mirror.text_of)
        cursor = None
        while True:
            try:
                rows = await self._mirror.rows(place, QUEUE, cursor, news)
            except Withheld:
                raise
            except ProviderError as error:
                if not error.permanent:
                    raise
                await self._mend(tenant, QUEUE, place, str(error))
                return Delivery(item)  # the next look reads it
            for row in rows.rows:
                await self._automation.see(look, Ordered(row.page, bool(row.cells.get(TRIGGER)), row.cells))
                if look.dealt_with >= AT_ONCE:  # what was said of them is written before more are read
                    await self._database.write(lambda tx: take_in(tx, tenant))
                    return Delivery(item)
            cursor = rows.cursor
            if cursor is None:
                break
        await self._database.write(lambda tx: bindings.put(tx, tenant, LOOKED, QUEUE.name, began.isoformat()))
        return Delivery(item)

    async def _mend(self, tenant: str, table: MirrorTable, place: Place, refusal: str = "") -> Place:
        """The place as it should be; what became of it is told, and a table that is elsewhere gets all its rows."""
        mended = await self._places.mend(tenant, table, place, refusal)
        if mended.source != place.source:
            await self._database.write(lambda tx: resync.begin(tx, tenant, table))
        await self._notices.changed(tenant, table, place, mended)
        return mended

    async def _write(self, item: OutboxRow, table: MirrorTable, placed: str | None) -> Written | None:
        """Write the row; where it is refused, what is wrong with the table is mended, and it is tried once more."""
        name = table.name_in(item.payload["key"])
        async with self._database.reading() as connection:
            values = await table.row(connection, RowId(item.tenant, name, self._database.clock.now()))
        if values is None:
            return None
        place = await self._places.of(item.tenant, table)
        try:
            return await self._put(item, table, place, values, placed)
        except Withheld:
            raise
        except ProviderError as error:
            if not error.permanent:
                raise
            log.info("a row is refused; its table is looked at", item=item.id, error=str(error))
            mended = await self._mend(item.tenant, table, place, str(error))
            if table.theirs and placed is not None and isinstance(error, Gone) and mended.source == place.source:
                return None  # people deleted it, and it is theirs
            # Unless it was the columns alone, the page may be gone or in the trash: it is looked for, and made anew.
            columns_alone = mended.source == place.source and mended != place and not isinstance(error, Gone)
            return await self._put(item, table, mended, values, placed if columns_alone else None)

    async def _put(
        self, item: OutboxRow, table: MirrorTable, place: Place, values: Mapping[str, Any], placed: str | None
    ) -> Written:
        code, key = await self._places.code(item.tenant), item.payload["key"]
        row = {**values, KEY: f"{code}:{key}"}
        over = frozenset() if isinstance(values, Emptied) else table.theirs
        change = {name: value for name, value in row.items() if name not in over}
        if placed is None:
            self._check_room()
            placed = await self._mirror.find_row(place, [row[KEY], *([key] if place.adopted else [])])
        if placed is None:
            return Written(await self._mirror.make_row(place, table, row), made=True)
        await self._mirror.change_row(placed, place, table, change)
        return Written(placed, made=False)

    def _check_room(self) -> None:
        """While the workspace takes no more rows, one is tried from time to time, and the others do not ask."""
        if self._full_until is not None and self._database.clock.now() < self._full_until:
            raise _heard("the workspace takes no more rows for now")

    def _later(self, error: Withheld, item: OutboxRow) -> ProviderError:
        """What is withheld waits. Where it is new rows alone, others go on; else the whole channel is held."""
        seconds = backoff(item.attempts + 1, self._database.timing)
        if error.trouble is not Trouble.FULL:
            return _heard(str(error), seconds)
        self._full_until = self._database.clock.now() + timedelta(seconds=seconds)
        return _heard(str(error))


def _heard(words: str, seconds: float | None = None) -> ProviderError:
    """What stands in the way of the table: admins were told by `MirrorNotices`."""
    error = ProviderError("Notion", words, retry_after=seconds)
    error.outage = True
    return error


def to_mirror(database: Database, mirror: Mirror, automation: Automation) -> Deliver:
    """Rows: the row with our id is changed, or made where there is none."""
    return RowKeeper(database, mirror, automation).deliver
