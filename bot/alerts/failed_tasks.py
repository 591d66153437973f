"""Tasks that were given up, or have not moved for long: people hear of each once; a tap has it go on, or stop."""

from collections.abc import Callable
from functools import partial

from bot.access.model import Permission, Person, Role
from bot.alerts import cards
from bot.audit.service import record
from bot.briefs.failures import BY_ITSELF
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.tasks import Task, TaskQueue
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, TEAM, Show, notify_roles
from bot.messages.topics import Topic
from storage.core import events
from storage.engine.database import Database, Transaction
from storage.queue import failed_tasks
from storage.queue.failed_tasks import FailedTask


class FailedTasks:
    """Verbs on tasks that were given up, and on those still tried.

    What was given up and has a place of its own in /failed, a brief or an invoice, is none.
    """

    def __init__(self, database: Database, queue: TaskQueue) -> None:
        self._database = database
        self._queue = queue

    async def keep(self, tx: Transaction, tenant: str, task: Task, reason: str) -> None:
        """Keep a task that is tried no more, and tell operators; once, however often it is called."""
        failed = await failed_tasks.add(tx, tenant, task, reason)
        if failed is None:
            return
        await record(tx, tenant, None, "task.given_up", f"task:{failed.id}", task=task.key, reason=reason)
        await _to(TEAM, tx, failed, partial(cards.given_up, failed.id, failed.task, failed.reason))

    async def retry(self, who: Person, failed_id: int) -> FailedTask:
        """Have the task tried anew. Raises Forbidden, or Stale where somebody was first."""
        return await self._database.write(lambda tx: self.retry_within(tx, who, failed_id))

    async def retry_within(self, tx: Transaction, who: Person, failed_id: int) -> FailedTask:
        """The same, within a transaction."""
        who.require(Permission.DECIDE)
        failed = await failed_tasks.take(tx, who.tenant, failed_id)
        if failed is None:
            raise Stale(_("That is being tried already. /failed shows what still waits."))
        await record(tx, who.tenant, who, "task.retried", f"task:{failed.id}", task=failed.task.key)
        await _to(TEAM, tx, failed, partial(cards.goes_on, failed.task, who.name, tx.now))
        await self._queue.enqueue(tx, failed.task)
        return failed

    async def again(self, tenant: str, task: Task) -> bool:
        """Have a task tried anew whose fault has passed by itself; False where it waits no more."""

        async def work(tx: Transaction) -> bool:
            kept = await failed_tasks.of(tx.connection, task)
            failed = None if kept is None else await failed_tasks.take(tx, tenant, kept.id)
            if failed is None:
                return False
            await record(tx, tenant, None, "task.retried", f"task:{failed.id}", task=task.key)
            await _to(TEAM, tx, failed, partial(cards.goes_on, task, BY_ITSELF, tx.now))
            await self._queue.enqueue(tx, task)
            return True

        return await self._database.write(work)

    async def late(self, tx: Transaction, tenant: str, task: Task, reason: str, *, told: bool) -> bool:
        """Keep that a task has not moved for long, and tell admins, once, unless they were told of an outage.

        False where somebody gave the task up.
        """
        await failed_tasks.add(tx, tenant, task, reason, trying=True)
        kept = await failed_tasks.of(tx.connection, task)
        if kept is None or not kept.trying:
            return False
        if not told and not await _told(tx, kept):
            await record(tx, tenant, None, "task.late", f"task:{kept.id}", task=task.key, reason=reason)
            await _to(ADMINS, tx, kept, partial(cards.still_tried, kept.id, task, reason))
        return True

    async def over(self, tx: Transaction, task: Task) -> None:
        """One that was late is done."""
        await self._end(tx, task, "done", lambda failed: cards.done_after_all(task, tx.now - failed.since))

    async def elsewhere(self, tx: Transaction, task: Task) -> None:
        """One that was late was given up, and waits where its subject does."""
        await self._end(tx, task, "given_up", lambda _: cards.stopped(task))

    @staticmethod
    async def _end(tx: Transaction, task: Task, event: str, card: Callable[[FailedTask], Card]) -> None:
        failed = await failed_tasks.end(tx, task)
        if failed is not None and await _told(tx, failed):
            await record(tx, failed.tenant, None, f"task.{event}", f"task:{failed.id}", task=task.key)
            await _to(ADMINS, tx, failed, partial(card, failed))

    async def hurry(self, who: Person, failed_id: int) -> FailedTask:
        """Have a task that is still tried be tried at once. Raises Forbidden, or Stale where it is not any more."""
        who.require(Permission.DECIDE)

        async def work(tx: Transaction) -> FailedTask:
            failed = await self._tried(tx, who, failed_id)
            await self._queue.enqueue(tx, failed.task)
            await record(tx, who.tenant, who, "task.hurried", f"task:{failed.id}")
            return failed

        return await self._database.write(work)

    async def tried(self, who: Person, failed_id: int) -> FailedTask:
        """A task that is still tried. Raises Forbidden, or Stale where it is not any more."""
        who.require(Permission.DECIDE)
        return await self._database.write(lambda tx: self._tried(tx, who, failed_id))

    async def stop(self, who: Person, task: Task) -> None:
        """Try a task no more that a person gave up; it has its place in /failed already. Raises Forbidden."""
        who.require(Permission.DECIDE)

        async def work(tx: Transaction) -> None:
            await self._queue.drop(tx, task)
            await record(tx, who.tenant, who, "task.stopped", task.key)

        await self._database.write(work)

    async def _tried(self, tx: Transaction, who: Person, failed_id: int) -> FailedTask:
        failed = await failed_tasks.tried(tx, who.tenant, failed_id)
        if failed is None:
            raise Stale(_("It is done, or was given up. /failed shows what still waits."))
        return failed


async def _told(tx: Transaction, failed: FailedTask) -> bool:
    return await events.last_event(tx.connection, failed.tenant, f"task:{failed.id}") is not None


async def _to(roles: tuple[Role, ...], tx: Transaction, failed: FailedTask, show: Show) -> None:
    await notify_roles(tx, failed.tenant, roles, Topic.TROUBLE, show, slot=f"task:{failed.id}:failed")
