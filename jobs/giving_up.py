"""What becomes of a task that was tried often enough: it waits in /failed, and whoever waits for it is told."""

from collections.abc import Awaitable, Callable, Mapping

import structlog

from bot.access.model import TENANT
from bot.billing.model import OPEN_INVOICE
from bot.briefs.model import PRODUCE
from bot.briefs.recordings import HEAR
from bot.kernel.tasks import GiveUp, Kind, Task
from bot.services import Services

log = structlog.get_logger(__name__)
Place = Callable[[int, str], Awaitable[None]]


def give_up(services: Services) -> GiveUp:
    """For the engine: briefs, invoices and recordings have a place of their own, any other task a row as it is."""
    places: Mapping[Kind, Place] = {
        PRODUCE: services.failures.give_up,
        OPEN_INVOICE: services.billing.give_up,
        HEAR: services.recordings.give_up,
    }

    async def work(task: Task, reason: str) -> None:
        place = places.get(task.kind)
        if place is None or not await _stopped(place, task, reason):
            keep = services.failed_tasks.keep
            await services.database.write(lambda tx: keep(tx, TENANT, task, reason))

    return work


async def _stopped(place: Place, task: Task, reason: str) -> bool:
    try:
        await place(task.subject, reason)
    except Exception:  # the fault that stopped the task may stop this too; then the task itself is what waits
        log.exception("a subject cannot be stopped", key=task.key)
        return False
    return True
