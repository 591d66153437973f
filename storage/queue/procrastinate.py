"""The engine on PostgreSQL: Procrastinate, its tables in our database, enqueued on our own connection.

https://procrastinate.readthedocs.io. A dead worker's tasks are taken over by the others: each worker's heartbeat is a
row, and whoever runs looks for running jobs whose worker has stopped beating.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

import orjson
import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Notification, Status
from procrastinate.manager import JobManager, NotificationCallback
from procrastinate.worker import Worker
from sqlalchemy import text

from bot.kernel.paying import Bill, one_try
from bot.kernel.tasks import DEAD_AFTER_SECONDS, Load, Pool, Task, TaskHandler, TaskKind, Watch
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.queue.tries import Tries, after, succeeded

log = structlog.get_logger(__name__)
TASK = "carry"
POLL_SECONDS = 1.0
MOST_AT_ONCE = 1000  # of Procrastinate's own; how many it is, `Room` says
BEAT_SECONDS = 1.0
RECONNECT_SECONDS = 1.0
LOST_SECONDS = 0.5  # so long after a cancellation that changed nothing it is taken to be lost
# A task that waits already is brought forward; one that runs is followed by another, since it may have looked before
# this transaction. A task brought forward is made known as Procrastinate's trigger makes a new one known. Where it was
# tried in vain (:tried), the one that waits takes over what was counted.
ENQUEUE = text(
    "WITH waiting AS (UPDATE procrastinate_jobs SET scheduled_at = CASE WHEN scheduled_at > CAST(:run_at AS"
    " timestamptz) THEN CAST(:run_at AS timestamptz) WHEN CAST(:run_at AS timestamptz) IS NULL THEN NULL"
    " ELSE scheduled_at END, args = CASE WHEN :tried THEN CAST(:args AS jsonb) ELSE args END"
    " WHERE lock = :lock AND status = 'todo' RETURNING id)"
    " SELECT CASE WHEN EXISTS (SELECT FROM waiting)"
    " THEN pg_notify('procrastinate_queue_v1#' || :queue, '{\"type\": \"job_inserted\"}')::text"
    " ELSE procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, :priority, :lock, NULL, CAST(:args AS jsonb),"
    " CAST(:run_at AS timestamptz))::procrastinate_job_to_defer_v1])::text END"
)
DROP = text("DELETE FROM procrastinate_jobs WHERE lock = :lock AND status = 'todo'")
# A task that was done is deleted at once; others, which a person ended by hand for example, would be kept for ever.
FORGET = text(
    "DELETE FROM procrastinate_jobs j WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS"
    " (SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at >= :before)"
)
OLDEST = text(
    "SELECT min(coalesce(j.scheduled_at, e.at)) FROM procrastinate_jobs j LEFT JOIN procrastinate_events e"
    " ON e.job_id = j.id AND e.type = 'deferred' WHERE j.status = 'todo'"
)
BUSY = text(
    "SELECT count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= :now)) AS ready,"
    " count(*) FILTER (WHERE status = 'doing') AS running FROM procrastinate_jobs"
    " WHERE status IN ('todo', 'doing') AND queue_name = :queue"
)
THERE = text(
    "SELECT count(DISTINCT lock) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND lock = ANY(:locks)"
)
WAITING = text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
UNDER_WAY = text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND lock = ANY(:keys)")

# Procrastinate's own, of a job that nobody has put back since it was fetched: that would count as an attempt.
FINISH = (
    "WITH ours AS (SELECT id FROM procrastinate_jobs WHERE id = %(job)s AND status = 'doing'"
    " AND attempts = %(attempts)s FOR UPDATE)"
    " SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete)s) FROM ours"
)


class Room:
    """How many tasks may run at a time here: Procrastinate's own number cannot be changed while a worker runs."""

    def __init__(self, size: int) -> None:
        self.size, self.running = size, 0
        self._changed = asyncio.Event()
        self._closed = False

    async def has_some(self) -> bool:
        """Wait until there is room for one more; False where nothing is to begin any more."""
        while self.running >= self.size and not self._closed:
            self._changed.clear()
            await self._changed.wait()
        return not self._closed

    def leave(self) -> None:
        """One has ended."""
        self.running -= 1
        self._changed.set()

    def resize(self, size: int) -> None:
        """Let so many run from now on; those above that end first."""
        self.size = size
        self._changed.set()

    def close(self) -> None:
        """Nothing is to begin any more."""
        self._closed = True
        self._changed.set()


class _Jobs(JobManager):
    """Procrastinate's own, but nothing is fetched for which there is no room, a notification that comes during a fetch
    is not lost until the next poll, and what another has taken over meanwhile is the other's to end.

    The worker forgets all notifications when a fetch ends, also those of jobs that the fetch came too early for. And it
    would end a job that was put back, with all that was asked for since, by whoever was only taken for dead.
    """

    heard = 0

    def __init__(self, connector: PsycopgConnector, room: Room) -> None:
        super().__init__(connector)
        self._room = room

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        while await self._room.has_some():
            heard = self.heard
            job = await super().fetch_job(queues, worker_id)
            if job is not None:
                self._room.running += 1
                return job
            if heard == self.heard:
                return None
        return None

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        ends = {"job": job.id, "attempts": job.attempts, "status": status.value, "delete": delete_job}
        if not await self.connector.execute_query_all_async(FINISH, **ends):
            log.info("task was taken over by another while it ran", key=job.lock)

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        async def hear(*, channel: str, notification: Notification) -> None:
            self.heard += 1
            await on_notification(channel=channel, notification=notification)

        await super().listen_for_jobs(on_notification=hear, queues=queues)


class ProcrastinateTaskQueue:
    """See `bot.kernel.tasks.TaskQueue`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pools: dict[Pool, WorkerPool] = {}
        self._sizes: dict[Pool, int] = {}

    async def enqueue(self, tx: Transaction, *wanted: Task) -> None:
        for task in wanted:
            await _enqueue(tx, task, Tries())

    async def waiting(self) -> int:
        async with self._database.reading() as connection:
            return int((await connection.execute(WAITING)).scalar_one())

    async def under_way(self, keys: Sequence[str]) -> int:
        async with self._database.reading() as connection:
            return int((await connection.execute(UNDER_WAY, {"keys": list(keys)})).scalar_one())

    async def missing(self, connection: Connection, *wanted: Task) -> int:
        keys = sorted({task.key for task in wanted})
        return len(keys) - int((await connection.execute(THERE, {"locks": keys})).scalar_one())

    async def oldest_seconds(self) -> float:
        async with self._database.reading() as connection:
            at = (await connection.execute(OLDEST)).scalar()
        return 0.0 if at is None else max(0.0, (self._database.clock.now() - at).total_seconds())

    async def load(self, pool: Pool) -> Load:
        working = self._pools.get(pool)
        async with self._database.reading() as connection:
            row = (await connection.execute(BUSY, {"queue": pool, "now": self._database.clock.now()})).one()
        running = working.room.running if working is not None else 0
        size = working.room.size if working is not None else self._sizes.get(pool, 0)
        return Load(int(row.ready), running, size, int(row.running))

    def resize(self, pool: Pool, size: int) -> None:
        self._sizes[pool] = size
        if (working := self._pools.get(pool)) is not None:
            working.room.resize(size)

    async def drop(self, tx: Transaction, task: Task) -> None:
        await tx.run(DROP, {"lock": task.key})

    async def forget(self, tx: Transaction, before: datetime) -> int:
        return (await tx.run(FORGET, {"before": before})).rowcount

    async def work(
        self, handlers: Mapping[TaskKind, TaskHandler], at_once: Mapping[Pool, int], watch: Watch | None = None
    ) -> None:
        async with asyncio.TaskGroup() as group:
            for pool, size in at_once.items():
                theirs = {kind: handler for kind, handler in handlers.items() if kind.pool is pool}
                working = WorkerPool(self._database, pool, theirs, self._sizes.get(pool, size), watch)
                self._pools[pool] = working
                group.create_task(working.work(), name=pool)


async def _enqueue(tx: Transaction, task: Task, tries: Tries) -> None:
    carried = {"kind": task.kind.name, "subject": task.subject} | asdict(tries)
    values = {
        "queue": task.kind.pool,
        "task": TASK,
        "priority": task.priority,
        "lock": task.key,
        "args": orjson.dumps(carried).decode(),
        "run_at": task.run_at,
        "tried": tries != Tries(),
    }
    await tx.run(ENQUEUE, values)


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancel it until it has ended, since a cancellation can be lost."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=LOST_SECONDS)


@asynccontextmanager
async def _opened(app: App) -> AsyncIterator[None]:
    """Procrastinate's own context leaves the pool open where it is cancelled while opening.

    Tasks of psycopg's pool take a cancellation for an error and go on, so such a pool keeps the loop from ending.
    """
    try:
        await app.open_async()
        yield
    finally:
        await app.close_async()


class WorkerPool:
    """A pool of workers: a worker of Procrastinate on the queue that bears the pool's name, `size` tasks at a time."""

    def __init__(
        self, database: Database, pool: Pool, handlers: Mapping[TaskKind, TaskHandler], size: int, watch: Watch | None
    ) -> None:
        self._database = database
        self._watch = watch
        self._pool = pool
        self._handlers = handlers
        self._kinds = {kind.name: kind for kind in handlers}
        self.room = Room(size)
        self._under_way: set[int] = set()
        self._worker_id: int | None = None
        self._worker: Worker | None = None
        self._ending = False

    async def work(self) -> None:
        """Run tasks until cancelled; what runs then is finished first.

        A cancellation can be lost on its way: within `asyncio.wait_for` of Python 3.11, which psycopg's pool waits by
        (https://github.com/python/cpython/issues/86296). So the worker is told to stop as well, until it has.
        """
        working = asyncio.create_task(self._work_on(), name=f"{self._pool} worker")
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            self._ending = True
            self.room.close()
            working.cancel()
            while not working.done():
                await asyncio.wait([working], timeout=LOST_SECONDS)
                if self._worker is not None:
                    self._worker.stop()  # type: ignore[no-untyped-call]
            raise

    async def _work_on(self) -> None:
        """A worker that loses the database begins anew, under a new number."""
        while not self._ending:
            try:
                await self._work()
                log.warning("worker stopped by itself")
            except ConnectorException as error:
                log.warning("worker lost the database", error=str(error.__cause__ or error))
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _work(self) -> None:
        connector = PsycopgConnector(conninfo=self._database.session_dsn, min_size=2, max_size=6)
        app = App(connector=connector)
        self.room.running = 0
        app.job_manager = _Jobs(connector, self.room)

        # What fails is enqueued anew by _carry; the strategy is for when not even that is possible.
        @app.task(name=TASK, queue=self._pool, retry=RetryStrategy(wait=2), pass_context=True)
        async def carry(context: JobContext, /, kind: str, subject: int, **tried: int) -> None:
            assert context.job.id is not None
            self._worker_id = context.job.worker_id
            self._under_way.add(context.job.id)
            try:
                task = Task(self._kinds[kind], subject, priority=context.job.priority)
                await self._carry(task, Tries(**tried))
            finally:
                self._under_way.discard(context.job.id)
                self.room.leave()

        self._worker_id = None
        async with _opened(app):
            if self._ending:
                return
            rescuer = asyncio.create_task(self._rescue(app), name="rescue")
            self._worker = Worker(
                app,
                queues=[self._pool],
                concurrency=MOST_AT_ONCE,
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=BEAT_SECONDS,
                stalled_worker_timeout=DEAD_AFTER_SECONDS,
                install_signal_handlers=False,
                delete_jobs="successful",
            )
            try:
                await self._worker.run()  # type: ignore[no-untyped-call]
            finally:
                self._worker = None
                await _ended(rescuer)

    async def _carry(self, task: Task, tries: Tries) -> None:
        """Run the task; where it has to run again, that is a new row, so that what came meanwhile is not held up."""
        bill = Bill()
        try:
            with one_try() as bill:
                await self._handlers[task.kind](task.subject)
            await succeeded(task, tries, self._watch)
        except Exception as error:  # noqa: BLE001 - whatever it is, the work is kept, or somebody is told
            following = await after(error, task, tries, self._watch, bill, self._database.timing)
            if following.delay is None:
                return
            run_at = self._database.clock.now() + timedelta(seconds=following.delay)
            again = Task(task.kind, task.subject, run_at, task.priority)
            await self._database.write(lambda tx: _enqueue(tx, again, following.tries))

    async def _rescue(self, app: App) -> None:
        """Put the tasks of dead workers back, as Procrastinate's recipe does, and those that this one left stranded.

        It beats for this worker too, since Procrastinate's own beat ends when draining begins.
        """
        suspects: set[int] = set()
        while True:
            try:
                if self._worker_id is not None:
                    await app.job_manager.update_heartbeat(self._worker_id)
                stalled = app.job_manager.get_stalled_jobs(queue=self._pool, seconds_since_heartbeat=DEAD_AFTER_SECONDS)
                for job in await stalled:
                    await self._put_back(app, job, "its worker is dead")
                suspects = await self._rescue_own(app, suspects)
            except ConnectorException as error:
                log.info("not rescued", error=str(error.__cause__ or error))
            await asyncio.sleep(BEAT_SECONDS)

    async def _rescue_own(self, app: App, suspects: set[int]) -> set[int]:
        """Put back what this worker ended without being able to write that down; returns whom to suspect next time.

        A job that has just been fetched or ended looks the same, so it takes two looks in a row.
        """
        if self._worker_id is None:
            return set()
        running = await app.job_manager.list_jobs_async(queue=self._pool, status="doing", worker_id=self._worker_id)
        stranded = {job.id: job for job in running if job.id is not None and job.id not in self._under_way}
        for job_id in stranded.keys() & suspects:
            await self._put_back(app, stranded[job_id], "its end could not be written down")
        return stranded.keys() - suspects

    async def _put_back(self, app: App, job: Job, reason: str) -> None:
        try:
            await app.job_manager.retry_job(job, retry_at=self._database.clock.now())
        except ConnectorException as error:
            log.info("task was taken over by another", key=job.lock, error=str(error.__cause__ or error))
        else:
            log.warning("task taken over", key=job.lock, job=job.id, reason=reason)
