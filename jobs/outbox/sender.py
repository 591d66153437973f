"""Empties one channel of the outbox: what a committed transaction wanted told is told, in order per destination.

One process per channel does it (`storage.engine.locks.exclusively`), so what is under way is known in memory; a crash
leaves rows waiting that may have been sent, and they are sent again: at least once, never lost.

What somebody waits for goes first (docs/adr/0016): a change to what is shown already lets new items pass, items of one
transaction leave together, and what is awaited is written down at once.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.kernel.errors import ProviderError
from bot.kernel.keyed_queue import KeyedQueue
from jobs.outbox import undelivered
from jobs.outbox.turns import Turns
from jobs.switched import MayGo
from storage.core import outbox
from storage.core.outbox import Delivery, OutboxRow
from storage.core.sent_log import SentLog, reports_of
from storage.engine.database import Database, despite_faults
from storage.engine.group_commit import GroupCommit
from storage.engine.types import Damaged
from storage.queue.tries import FAULT_TRIES, PASSING, backoff, reason

log = structlog.get_logger(__name__)
LOOK_SECONDS = 1.0
SOON_SECONDS = 10.0
READ_AT_ONCE = 500
SETTLE_SECONDS = 0.05  # one state often follows another at once: then only the last is shown
LET_ANEW = timedelta(seconds=60)  # how often it is looked whether what is off for some is on for them
GATHER_SECONDS = 0.02  # for others that were sent too, unless something waits until this one is written down as sent

DAMAGED = "its row in the database is damaged, and what it said cannot be read"

# An item, and the outside id of what its slot shows.
Deliver = Callable[[OutboxRow, str | None], Awaitable[Delivery]]


def _nothing(item: OutboxRow) -> bool:  # noqa: ARG001
    return False


class Sender:
    """Delivers a channel's items by `deliver`, to at most `lanes` destinations at a time.

    hold: where the provider wants to be left alone, all of the channel waits, not only the item that it said so to.
    settle: writes down what became of items. switched: what it does not let go out waits, in its order.
    messages: somebody reads the items as they come, see `Turns`. awaited: whether something begins once the item is
    written down as sent.
    """

    def __init__(
        self,
        database: Database,
        channel: str,
        deliver: Deliver,
        lanes: int,
        *,
        hold: bool = False,
        settle: undelivered.Settle = undelivered.settle,
        switched: MayGo | None = None,
        messages: bool = False,
        awaited: Callable[[OutboxRow], bool] = _nothing,
    ) -> None:
        self._database = database
        self._channel = channel
        self._deliver = deliver
        self._hold = hold
        self._held_until: datetime | None = None
        self._settle = settle
        self._switched = switched
        self._awaited = awaited
        self._log = SentLog(database, channel)
        self._unsettled: dict[int, Delivery] = {}
        self._writing: dict[int, asyncio.Task[None]] = {}
        self._faults: Counter[int] = Counter()
        self._settled: GroupCommit[Delivery] = GroupCommit(database, settle, GATHER_SECONDS, urgent=True)
        self._lanes: KeyedQueue[OutboxRow] = KeyedQueue(
            self._tell, id_of=lambda item: item.id, lane_of=lambda item: item.destination, at_once=lanes
        )
        self._turns = Turns(database.clock, self._lanes.behind) if messages else None

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way then is finished first."""
        try:
            await despite_faults(self._recover)
            while True:
                await despite_faults(self._take_due)
                await self._database.signals.wait(outbox.signal(self._channel), LOOK_SECONDS)
        finally:
            self._settled.hurry()
            await self._lanes.close()
            if self._writing:
                await asyncio.wait(self._writing.values())
            self._log.close()

    async def _recover(self) -> None:
        """Write down what the process before sent, and was killed before it could."""
        lines = self._log.left()
        if lines:
            async with self._database.reading() as connection:
                items = await outbox.still_waiting(connection, self._channel, [number for number, _, _ in lines])
            reports = reports_of(lines, items)
            await self._database.write(lambda tx: self._settle(tx, reports))
        self._log.clear()

    async def _take_due(self) -> None:
        now = self._database.clock.now()
        if self._is_held() or (self._switched is not None and await self._switched.off()):
            return

        async def read(known: Set[int]) -> list[OutboxRow]:
            without = known | self._writing.keys()
            async with self._database.reading() as connection:
                return await outbox.due(connection, self._channel, now, READ_AT_ONCE, without)

        await self._lanes.take(read)
        unwritten = [report.item for number, report in self._unsettled.items() if number not in self._writing]
        if any(map(self._lanes.behind, unwritten)):
            self._settled.hurry()

    def _is_held(self) -> bool:
        return self._held_until is not None and self._database.clock.now() < self._held_until

    async def _tell(self, item: OutboxRow) -> float | None:
        """Deliver the item; or the seconds after which it is its turn, behind what came meanwhile."""
        report = self._unsettled.get(item.id) or await self._report(item)
        if report is None:
            return None  # it still waits as a row, and is read again, or it was replaced
        if isinstance(report, float):
            return report
        # Until it is written down it is remembered: a database that takes nothing must not make us send it again.
        if item.id not in self._unsettled:
            self._log.note(report)
        self._unsettled[item.id] = report
        behind = self._lanes.behind(item)
        together = self._leaves_with(report, behind)
        waited_for = bool(behind) and not together
        awaited = self._awaited(item) and not any(map(self._awaited, behind))
        writing = self._written(report, hurry=waited_for or awaited)
        if together:
            self._writing[item.id] = asyncio.create_task(self._meanwhile(report, writing))
        else:
            await writing
        return None

    def _leaves_with(self, report: Delivery, behind: Sequence[OutboxRow]) -> bool:
        """Whether the next item need not wait until this one is written down: it is of the same transaction, and the
        file beside the database knows that this one was sent.
        """
        if not behind or not self._log.kept or report.state != "sent":
            return False
        return (behind[0].tenant, behind[0].created_at) == (report.item.tenant, report.item.created_at)

    async def _written(self, report: Delivery, *, hurry: bool) -> None:
        await self._settled.add(report, hurry=hurry)
        del self._unsettled[report.item.id]
        self._log.settled(report)
        if self._turns is not None and report.run_at is not None:
            self._look_at(report.run_at)

    def _look_at(self, run_at: datetime) -> None:
        """A message that is to be tried again soon is looked for when it is due."""
        seconds = (run_at - self._database.clock.now()).total_seconds() + 0.01
        if seconds < SOON_SECONDS:
            wake, signal = self._database.signals.wake, outbox.signal(self._channel)
            asyncio.get_running_loop().call_later(max(0.0, seconds), wake, signal)

    async def _meanwhile(self, report: Delivery, writing: Coroutine[Any, Any, None]) -> None:
        """Where that fails the row is read again, and its report written down then."""
        try:
            await writing
        except Exception:
            log.exception("what was sent is not written down yet", channel=self._channel, item=report.item.id)
        finally:
            del self._writing[report.item.id]

    async def _report(self, item: OutboxRow) -> Delivery | float | None:
        """What became of the item; None where it is not to be sent now, seconds where it gives way to others."""
        if self._is_held():
            return None
        if self._turns is not None and (run_at := self._turns.after_failed(item)) is not None:
            return Delivery(item, "waiting", run_at=run_at, heard=True)
        if self._switched is not None and not await self._switched.lets(item):
            return Delivery(item, "waiting", run_at=self._database.clock.now() + LET_ANEW, heard=True)
        if isinstance(item.payload, Damaged):
            log.error("a damaged row is given up", channel=self._channel, item=item.id)
            return Delivery(item, "undeliverable", error=DAMAGED)
        if item.slot is None:
            return await self._delivered(item, None)
        if self._turns is None:
            await asyncio.sleep(SETTLE_SECONDS)
        waits, placed = await self._look(item)
        if not waits:
            self._leaves(item)
            return None
        seconds = self._turns.gives_way(item) if self._turns is not None and outbox.shown(placed) else None
        return seconds if seconds is not None else await self._delivered(item, placed)

    def _leaves(self, item: OutboxRow) -> None:
        if self._turns is not None:
            self._turns.leaves(item)

    async def _look(self, item: OutboxRow) -> tuple[bool, str | None]:
        """Whether the item still waits, and what its slot shows, be that written down or not yet."""
        async with self._database.reading() as connection:
            waits, placed = await outbox.look(connection, item)
        for report in self._unsettled.values():
            same = (report.item.tenant, report.item.slot) == (item.tenant, item.slot)
            if same and report.external_id is not None and report.instead_of == placed:
                placed = report.external_id
        return waits, placed

    async def _delivered(self, item: OutboxRow, placed: str | None) -> Delivery:
        self._leaves(item)
        try:
            report = await self._deliver(item, outbox.shown(placed))
        except ProviderError as error:
            report = self._failed(item, error)
            if self._turns is not None and outbox.shown(placed) is None and report.run_at is not None:
                self._turns.failed(item, report.run_at)
            return report
        except PASSING:
            raise
        except Exception as error:
            log.exception("a fault of ours keeps an item from being delivered", channel=self._channel, item=item.id)
            return self._at_fault(item, error)
        self._faults.pop(item.id, None)
        return report if item.slot is None else replace(report, instead_of=placed)

    def _at_fault(self, item: OutboxRow, error: Exception) -> Delivery:
        """What no provider refused: it keeps none of those behind it waiting, and is given up and told in the end."""
        self._faults[item.id] += 1
        if self._faults[item.id] >= FAULT_TRIES:
            del self._faults[item.id]
            return Delivery(item, "undeliverable", error=reason(error))
        delay = timedelta(seconds=backoff(self._faults[item.id], self._database.timing))
        return Delivery(item, "waiting", error=reason(error), run_at=self._database.clock.now() + delay)

    def _failed(self, item: OutboxRow, error: ProviderError) -> Delivery:
        if error.permanent:
            log.warning("cannot be delivered", channel=self._channel, item=item.id, error=str(error))
            return Delivery(item, "undeliverable", error=str(error))
        delay = max(error.retry_after or 0.0, backoff(item.attempts + 1, self._database.timing))
        log.info("will be delivered later", channel=self._channel, item=item.id, error=str(error), seconds=delay)
        run_at = self._database.clock.now() + timedelta(seconds=delay)
        if self._hold and error.retry_after is not None:
            self._held_until = self._database.clock.now() + timedelta(seconds=error.retry_after)
        return Delivery(item, "waiting", error=str(error), run_at=run_at, heard=error.outage)
