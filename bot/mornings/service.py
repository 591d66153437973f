"""The morning of each tenant, by its clocks: briefs start that waited for it, and the team reads what the day holds."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.access.model import TENANT
from bot.briefs.expected import MORNING
from bot.briefs.model import PRODUCE, Brief, State
from bot.briefs.progress import changed
from bot.kernel.errors import Stale
from bot.kernel.tasks import Task, TaskQueue
from bot.kernel.translation import ngettext
from bot.messages.service import ADMINS, TEAM, notify_roles
from bot.messages.topics import Topic
from bot.mornings import cards
from bot.mornings.model import PROBED_FROM, Board
from bot.tenants.service import Tenants
from storage.briefs import briefs, mornings
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction

AT_ONCE = 100
MOST = 500  # that a board counts
DAY = timedelta(days=1)
Troubles = Callable[[], Awaitable[Mapping[str, str]]]


class Mornings:
    """Verbs of the job. troubles: asks every provider, and says which of them do not answer, with words."""

    def __init__(self, database: Database, queue: TaskQueue, tenants: Tenants, troubles: Troubles) -> None:
        self._database = database
        self._queue = queue
        self._tenants = tenants
        self._troubles = troubles

    async def look(self, tenant: str, due: datetime) -> str:
        """Do what is to be done at that time; a second look at it does no harm. Returns a line for the job's record."""
        zone = await self._tenants.zone(tenant)
        there = due.astimezone(zone)
        silent = 0
        if PROBED_FROM <= there.time() < MORNING and tenant == TENANT:
            silent = await self._probe(tenant, there.date(), due)
        started = await self._start(tenant)
        told = there.time() >= MORNING and await self._board(tenant, there.date(), zone, started)
        said = ngettext("{n} brief started in the morning", "{n} briefs started in the morning", started)
        if silent:
            said += ngettext("; {n} provider does not answer", "; {n} providers do not answer", silent)
        return f"{said}; the board was sent" if told else said

    async def _start(self, tenant: str) -> int:
        started = 0
        while True:
            async with self._database.reading() as connection:
                ids = await mornings.deferred(connection, tenant, self._database.clock.now(), AT_ONCE)
            now = sum([await self._begin(tenant, one) for one in ids])
            if not now:
                return started
            started += now

    async def _begin(self, tenant: str, brief_id: int) -> bool:
        """False where it was cancelled, or begun, in the meantime."""

        async def work(tx: Transaction) -> Brief | None:
            brief = await briefs.get(tx.connection, tenant, brief_id, lock=True)
            if brief.state is not State.DEFERRED:
                return None
            brief = await briefs.move(tx, brief, State.QUEUED)
            await changed(tx, brief, "queued")
            await self._queue.enqueue(tx, Task(PRODUCE, brief.id))
            return brief

        try:
            return await self._database.write(work) is not None
        except Stale:
            return False

    async def _probe(self, tenant: str, day: date, due: datetime) -> int:
        silent = await self._troubles()

        async def work(tx: Transaction) -> None:
            if await mornings.once(tx, tenant, day.isoformat(), "providers") and silent:
                waiting = len(await mornings.deferred(tx.connection, tenant, due + timedelta(hours=1), AT_ONCE))
                await notify_roles(tx, tenant, ADMINS, Topic.TROUBLE, partial(cards.providers, silent, waiting))

        await self._database.write(work)
        return len(silent)

    async def _board(self, tenant: str, day: date, zone: ZoneInfo, started: int) -> bool:
        """Once a day, at the first look of the morning, whatever was restarted; nothing where there is nothing."""
        found = await self._database.snapshot(lambda connection: self._found(connection, tenant, day, zone, started))

        async def work(tx: Transaction) -> bool:
            first = await mornings.once(tx, tenant, day.isoformat(), "board")
            if not first or found.empty:
                return False
            await notify_roles(tx, tenant, TEAM, Topic.REPORTS, partial(cards.board, found, tx.now))
            return True

        return await self._database.write(work)

    async def _found(self, connection: Connection, tenant: str, day: date, zone: ZoneInfo, started: int) -> Board:
        now, midnight = self._database.clock.now(), datetime.combine(day + DAY, time(), zone)
        waiting, oldest = await mornings.in_review(connection, tenant)
        stopped = (await briefs.count_by_state(connection, tenant, [State.FAILED])).get(State.FAILED, 0)
        due = sorted(await mornings.due(connection, tenant, midnight, MOST), key=lambda one: one.at)
        late, today = [one for one in due if one.at < now], [one for one in due if one.at >= now]
        return Board(day, waiting, oldest, stopped, started, late, today)
