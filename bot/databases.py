"""The database by the settings, and the engine of its tasks."""

from bot.kernel.clock import Clock, SystemClock
from bot.kernel.tasks import TaskQueue
from bot.kernel.timing import IN_PRODUCTION, Timing
from bot.settings import Settings
from storage.engine.database import Database
from storage.queue.sqlite import SqliteTaskQueue


def database_of(
    settings: Settings, clock: Clock | None = None, timing: Timing = IN_PRODUCTION, *, pooled: bool = False
) -> Database:
    """The database, with a pool as wide as the work that may run at a time.

    pooled: transactions go by DATABASE_POOLER_URL, where that is set.
    """
    size = min(settings.worker_concurrency, 16) + 4
    pooler = settings.database_pooler_url if pooled else None
    return Database(settings.database_url, clock or SystemClock(), pool_size=size, timing=timing, pooler=pooler)


def queue_of(database: Database) -> TaskQueue:
    """The engine that belongs to the database."""
    if database.sqlite:
        return SqliteTaskQueue(database)
    from storage.queue.procrastinate import ProcrastinateTaskQueue  # with its driver it takes 8 MB

    return ProcrastinateTaskQueue(database)
