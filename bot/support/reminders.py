"""What becomes of a message that nobody answers."""

from collections.abc import Sequence
from datetime import datetime

from bot.audit.service import record
from bot.escalation.service import Queue
from bot.kernel.translation import ngettext
from bot.messages.topics import Topic
from bot.review.model import Escalation
from bot.support import cards
from bot.support.model import Thread
from bot.support.showing import show, view_of, who_may_answer
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.support import escalation as waits
from storage.support import threads


def unanswered(escalation: Escalation) -> Queue[Thread]:
    """The messages that wait for an answer."""

    async def let_go(tx: Transaction, thread: Thread) -> None:
        free = await threads.change(tx, thread, claimed_by=None, claimed_at=None)
        await record(tx, thread.tenant, None, "thread.claim_ended", f"thread:{thread.id}", claimer=thread.claimed_by)
        await show(tx, await view_of(tx.connection, free, escalation, tx.now))

    return Queue(
        kind="thread",
        daily="unanswered",
        topic=Topic.SUPPORT,
        due=waits.due,
        note_levels=waits.escalate,
        ended_claims=waits.ended_claims,
        let_go=let_go,
        longest=_longest,
        count=threads.count_waiting,
        team_of=who_may_answer,
        tell_clients=_tell_nobody,
        reminder=cards.reminder,
        last_level=cards.last_level,
        reminded=lambda count: ngettext("reminded of {n} message", "reminded of {n} messages", count),
    )


async def _longest(connection: Connection, tenant: str, before: datetime, limit: int) -> Sequence[Thread]:
    return await threads.waiting(connection, tenant, limit, before)


async def _tell_nobody(tx: Transaction, tenant: str, slow: Sequence[Thread]) -> None:
    """Say nothing: they have no message that shows how their words stand."""
