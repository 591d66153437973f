"""Updates that were given up: one waits in /failed as a task, and "Try again" has it read anew."""

from bot.kernel.tasks import Pool, TaskKind
from bot.services import Services
from storage.core import inbox

UPDATE = TaskKind("update", Pool.QUICK)
SOURCE = "telegram"


async def read_again(services: Services, arrival_id: int) -> None:
    """Put the update before the inbox once more."""
    await services.database.write(lambda tx: inbox.put_back(tx, SOURCE, arrival_id))
