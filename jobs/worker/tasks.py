"""The tasks of a worker: which handler carries which kind of work on."""

from collections.abc import Mapping

from bot.backups.model import AFTER_RESTORE
from bot.briefs.model import PRODUCE
from bot.kernel.tasks import Task, TaskHandler, TaskKind
from bot.services import Services
from jobs import backups
from jobs.schedule.runner import JOB_RUN, run_job
from jobs.worker.updates import UPDATE, read_again
from storage.briefs import briefs


def handlers(services: Services) -> Mapping[TaskKind, TaskHandler]:
    """The handler of every kind of task."""

    async def update(arrival_id: int) -> None:
        await read_again(services, arrival_id)

    async def job(run_id: int) -> None:
        await run_job(services, run_id)

    async def restored(restore_id: int) -> None:
        await backups.after_restore(services, restore_id)

    found: dict[TaskKind, TaskHandler] = {UPDATE: update, JOB_RUN: job, AFTER_RESTORE: restored}
    for area in services.brought:
        found |= area.tasks
    return found


async def look_for_budget(services: Services) -> None:
    """Have every brief that waits for room under a ceiling look now: a start may have brought higher ones."""
    async with services.database.reading() as connection:
        waiting = await briefs.held(connection)
    tasks = [Task(PRODUCE, brief_id) for brief_id in waiting]
    if tasks:
        await services.database.write(lambda tx: services.queue.enqueue(tx, *tasks))
