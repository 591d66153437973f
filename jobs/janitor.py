"""The job `janitor`: finds what stands still although nothing should keep it, and carries it on."""

from datetime import timedelta

from bot.services import Services
from storage.core import outbox
from storage.engine.database import Transaction

STILL = timedelta(minutes=5)
LATE = timedelta(minutes=10)


async def run(services: Services) -> str:
    """Enqueue the task of whatever has not moved for five minutes although nothing should keep it.

    Enqueueing a task that is there already changes nothing, and a task whose work is done passes on.
    """
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        found = [await look(connection, now - STILL) for area in services.brought for look in area.stalled]
        late = await outbox.waiting_since(connection, now - LATE)
    abandoned = await services.models.settle_abandoned()
    carried = [task for stalled in found for task in stalled.tasks]

    async def work(tx: Transaction) -> None:
        await services.queue.enqueue(tx, *carried)

    if carried:
        await services.database.write(work)
    said = [f"carried on {len(carried)} briefs", *(stalled.words for stalled in found if stalled.words)]
    return ", ".join([*said, f"{abandoned} calls of models left unrecorded", f"{late} messages are late"])
