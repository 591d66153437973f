"""Briefs that a fault stopped: each keeps where and why, and one tap has it go on from there or begin anew."""

from functools import partial
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs import cards
from bot.briefs.model import PRODUCE, UNDER_WAY, Brief, State, check_version
from bot.briefs.progress import changed
from bot.kernel.tasks import Task, TaskQueue
from bot.messages.service import TEAM, Show, notify_roles
from bot.messages.topics import Topic
from storage.briefs import briefs, drafts
from storage.engine.database import Database, Transaction

BY_ITSELF = "EchoPilot"  # who went on with it, where no person did


class Failures:
    """Verbs on briefs that failed, for the pipeline and for operators."""

    def __init__(self, database: Database, queue: TaskQueue) -> None:
        self._database = database
        self._queue = queue

    async def fail(self, brief: Brief, reason: str) -> None:
        """Stop the brief; the client is told, and operators with what they can do. Raises Stale."""

        async def work(tx: Transaction) -> None:
            failed = await briefs.move(tx, brief, State.FAILED, reason=reason, failed_from=brief.state)
            await changed(tx, failed, "failed", step=brief.state, reason=reason)
            await _to_operators(tx, failed, failed.version, partial(cards.failed, failed))

        await self._database.write(work)

    async def give_up(self, brief_id: int, reason: str) -> None:
        """Stop a brief whose task was tried often enough, wherever it stands. Raises Stale."""
        async with self._database.reading() as connection:
            brief = await briefs.load(connection, brief_id)
        if brief.state in UNDER_WAY:
            await self.fail(brief, reason)

    async def retry(self, who: Person, brief_id: int, version: int) -> Brief:
        """Have the brief go on with the step that failed. Raises Forbidden, or Stale where somebody was first."""
        return await self._go_on(who, brief_id, version, "retried", anew=False)

    async def restart(self, who: Person, brief_id: int, version: int) -> Brief:
        """Have the brief begin with another first attempt; what was drafted before is kept, and no longer counts.

        Raises Forbidden, or Stale where somebody was first.
        """
        return await self._go_on(who, brief_id, version, "restarted", anew=True)

    async def again(self, brief_id: int) -> bool:
        """Have a brief go on whose fault has passed by itself; False where it is not stopped any more."""

        async def work(tx: Transaction) -> bool:
            brief = await briefs.load(tx.connection, brief_id)
            if brief.state is not State.FAILED:
                return False
            stopped = brief.version
            brief = await briefs.move(tx, brief, State.QUEUED, reason=None, failed_from=None)
            await changed(tx, brief, "retried", stopped=stopped)
            await _to_operators(tx, brief, stopped, partial(cards.went_on, brief, BY_ITSELF, tx.now, anew=False))
            await self._queue.enqueue(tx, Task(PRODUCE, brief.id))
            return True

        return await self._database.write(work)

    async def _go_on(self, who: Person, brief_id: int, version: int, event: str, *, anew: bool) -> Brief:
        who.require(Permission.DECIDE)

        async def work(tx: Transaction) -> Brief:
            brief = await briefs.get(tx.connection, who.tenant, brief_id)
            check_version(brief, version)
            values: dict[str, Any] = {"reason": None, "failed_from": None}
            if anew:
                made = await drafts.drafts_of(tx.connection, brief.tenant, brief.id)
                first = made[-1].attempt + 1 if made else 1
                values |= {"attempt": first, "first_attempt": first, "draft_id": None}
            brief = await briefs.move(tx, brief, State.QUEUED, **values)
            await changed(tx, brief, event, who, stopped=version)
            await _to_operators(tx, brief, version, partial(cards.went_on, brief, who.name, tx.now, anew=anew))
            await self._queue.enqueue(tx, Task(PRODUCE, brief.id))
            return brief

        return await self._database.write(work)


async def _to_operators(tx: Transaction, brief: Brief, version: int, show: Show) -> None:
    """Show what failed, or what became of it: one message for each failure, known by the brief's version then."""
    await notify_roles(tx, brief.tenant, TEAM, Topic.TROUBLE, show, slot=f"brief:{brief.id}:failed:{version}")
