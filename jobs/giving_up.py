"""What becomes of a task that does not succeed: it waits in /failed, and whoever waits for it is told."""

from collections.abc import Awaitable, Callable, Mapping

import structlog

from bot.access.model import TENANT
from bot.briefs.model import PRODUCE
from bot.intake.recordings import HEAR
from bot.invoices.model import MAKE_INVOICE, OPEN_INVOICE
from bot.kernel.tasks import Kind, Task
from bot.services import Services

log = structlog.get_logger(__name__)
Place = Callable[[int, str], Awaitable[None]]


class Watcher:
    """See `bot.kernel.tasks.Watch`: briefs, invoices and recordings that are given up have a place of their own, any
    other task a row as it is.
    """

    def __init__(self, services: Services) -> None:
        self._database, self._failed = services.database, services.alerts.failed_tasks
        self._places: Mapping[Kind, Place] = {
            PRODUCE: services.briefs.failures.give_up,
            OPEN_INVOICE: services.billing.invoices.give_up_on_brief,
            MAKE_INVOICE: services.billing.invoices.making.give_up,
            HEAR: services.intake.recordings.give_up,
        }

    async def given_up(self, task: Task, reason: str) -> None:
        place = self._places.get(task.kind)
        if place is None or not await _stopped(place, task, reason):
            await self._database.write(lambda tx: self._failed.keep(tx, TENANT, task, reason))
        else:
            await self._database.write(lambda tx: self._failed.elsewhere(tx, task))

    async def late(self, task: Task, reason: str, *, told: bool) -> bool:
        return await self._database.write(lambda tx: self._failed.late(tx, TENANT, task, reason, told=told))

    async def over(self, task: Task) -> None:
        await self._database.write(lambda tx: self._failed.over(tx, task))


async def _stopped(place: Place, task: Task, reason: str) -> bool:
    try:
        await place(task.subject, reason)
    except Exception:  # the fault that stopped the task may stop this too; then the task itself is what waits
        log.exception("a subject cannot be stopped", key=task.key)
        return False
    return True
