"""The engine on PostgreSQL: Procrastinate, its tables in our database, enqueued on our own connection.

https://procrastinate.readthedocs.io. A dead worker's tasks are taken over by the others: each worker's heartbeat is a
row, and whoever runs looks for running jobs whose worker has stopped beating.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job
from sqlalchemy import text

from bot.kernel.errors import ProviderError
from bot.kernel.tasks import Handler, RunAgain, Task
from storage.database import Database, Transaction
from storage.task_queue import backoff

log = structlog.get_logger(__name__)
QUEUE, TASK = "echopilot", "carry"
POLL_SECONDS = 1.0
BEAT_SECONDS = 2.0
DEAD_AFTER_SECONDS = 8.0
ENQUEUE = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, :priority, :lock, NULL, CAST(:args AS jsonb),"
    " :run_at)::procrastinate_job_to_defer_v1])"
)
WAITING = text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")


class _Again(BaseRetryStrategy):
    """Every task is tried again: when the handler says, when the provider says, or ever more rarely."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, RunAgain):
            delay = exception.delay
        else:
            delay = backoff(job.attempts + 1)
            if isinstance(exception, ProviderError):
                delay = max(exception.retry_after or 0.0, delay)
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=delay))


class ProcrastinateTaskQueue:
    """See `bot.kernel.tasks.TaskQueue`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enqueue(self, tx: Transaction, *wanted: Task) -> None:
        for task in wanted:
            values = {
                "queue": QUEUE,
                "task": TASK,
                "priority": task.priority,
                "lock": task.key,
                "args": f'{{"kind": "{task.kind}", "subject": {task.subject}}}',
                "run_at": task.run_at,
            }
            await tx.run(ENQUEUE, values)

    async def waiting(self) -> int:
        async with self._database.reading() as connection:
            return int((await connection.execute(WAITING)).scalar_one())

    async def work(self, handlers: Mapping[str, Handler], concurrency: int) -> None:
        connector = PsycopgConnector(conninfo=self._database.postgres_dsn, min_size=2, max_size=6)
        app = App(connector=connector)

        @app.task(name=TASK, queue=QUEUE, retry=_Again(), pass_context=True)
        async def carry(context: JobContext, kind: str, subject: int) -> None:  # noqa: ARG001
            await _carry(handlers, kind, subject)

        async with app.open_async():
            rescuer = asyncio.create_task(self._rescue(app), name="rescue")
            try:
                await app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=concurrency,
                    fetch_job_polling_interval=POLL_SECONDS,
                    update_heartbeat_interval=BEAT_SECONDS,
                    stalled_worker_timeout=DEAD_AFTER_SECONDS,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                )
            finally:
                rescuer.cancel()
                await asyncio.gather(rescuer, return_exceptions=True)

    async def _rescue(self, app: App) -> None:
        """Put the tasks of dead workers back, as Procrastinate's recipe does."""
        while True:
            stalled: Any = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS)
            for job in stalled:
                log.warning("taking over from a dead worker", job=job.id, lock=job.lock)
                await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
            await asyncio.sleep(BEAT_SECONDS)


async def _carry(handlers: Mapping[str, Handler], kind: str, subject: int) -> None:
    try:
        await handlers[kind](subject)
    except (RunAgain, ProviderError) as reason:
        log.info("task waits", kind=kind, subject=subject, reason=str(reason))
        raise
    except Exception:
        log.exception("task failed", kind=kind, subject=subject)
        raise
