"""Tasks that were given up: operators hear of each once, and one tap has it go on."""

from bot.access.model import Permission, Person, Role
from bot.alerts import cards
from bot.briefs.journal import tell
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.tasks import Task, TaskQueue
from storage import failed_tasks, journal, people
from storage.database import Database, Transaction
from storage.failed_tasks import FailedTask


class FailedTasks:
    """Verbs on tasks that were given up. What has a place of its own in /failed, a brief or an invoice, is none."""

    def __init__(self, database: Database, queue: TaskQueue) -> None:
        self._database = database
        self._queue = queue

    async def keep(self, tx: Transaction, tenant: str, task: Task, reason: str) -> None:
        """Keep a task that is tried no more, and tell operators; once, however often it is called."""
        failed = await failed_tasks.add(tx, tenant, task, reason)
        if failed is None:
            return
        await journal.add_event(tx, tenant, f"task:{failed.id}", "given_up", task=task.key, reason=reason)
        await _to_operators(tx, failed, cards.given_up(failed.id, failed.task, failed.reason))

    async def retry(self, who: Person, failed_id: int) -> FailedTask:
        """Have the task tried anew. Raises Forbidden, or Stale where somebody was first."""
        who.require(Permission.DECIDE)

        async def work(tx: Transaction) -> FailedTask:
            failed = await failed_tasks.take(tx, who.tenant, failed_id)
            if failed is None:
                raise Stale("That goes on already. /failed shows what still waits.")
            subject = f"task:{failed.id}"
            await journal.add_event(tx, who.tenant, subject, "retried", who.id, task=failed.task.key)
            await journal.add_audit(tx, who.tenant, "task.retried", subject, "done", person_id=who.id)
            await _to_operators(tx, failed, cards.goes_on(failed.task, who.name, tx.now))
            await self._queue.enqueue(tx, failed.task)
            return failed

        return await self._database.write(work)


async def _to_operators(tx: Transaction, failed: FailedTask, card: Card) -> None:
    for person in await people.with_roles(tx.connection, failed.tenant, Role.OPERATOR, Role.ADMIN):
        await tell(tx, failed.tenant, person.telegram_id, card, slot=f"task:{failed.id}:failed:{person.telegram_id}")
