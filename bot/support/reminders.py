"""What becomes of a message that nobody answers: reminders, by the same levels as of drafts."""

from functools import partial

from bot.audit.service import record
from bot.escalation.levels import LISTED, escalate, list_daily
from bot.kernel.translation import ngettext
from bot.messages.service import TEAM, notify
from bot.messages.topics import Topic
from bot.review.model import Escalation
from bot.support import cards
from bot.support.model import Thread
from bot.support.showing import show, view_of, who_may_answer
from storage.core import events
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.support import escalation, threads


class Reminders:
    """Escalates everything that waits for an answer."""

    def __init__(self, database: Database, escalation: Escalation) -> None:
        self._database = database
        self._escalation = escalation

    async def escalate(self, tenant: str) -> str:
        """Remind whoever is due to be, end the claims whose time is over, and say what was done.

        One transaction each, so a run that is repeated finds nothing left to do.
        """
        reminded = await self._database.write(lambda tx: self._escalate(tx, tenant))
        ended = await self._database.write(lambda tx: self._end_claims(tx, tenant))
        listed = await self._database.write(lambda tx: self._list(tx, tenant))
        return ", ".join(
            [
                ngettext("reminded of {n} message", "reminded of {n} messages", reminded),
                ngettext("ended {n} claim", "ended {n} claims", ended),
                ngettext("{n} waits since the last reminder", "{n} wait since the last reminder", listed),
            ]
        )

    async def _escalate(self, tx: Transaction, tenant: str) -> int:
        waiting = await escalation.due(tx, tenant, self._escalation)
        if not waiting:
            return 0
        team = await people.with_roles(tx.connection, tenant, *TEAM)
        found = escalate(waiting, lambda thread: who_may_answer(thread, team), tx.now, self._escalation)
        await escalation.escalate(tx, tenant, found.levels)
        reached = {f"thread:{thread_id}": {"rung": level} for thread_id, level in found.levels.items()}
        await events.add_events(tx, tenant, "reminded", reached)
        for _, (person, of) in sorted(found.told.items()):
            await notify(tx, person, Topic.SUPPORT, partial(cards.reminder, of[:LISTED], len(of), tx.now))
        for thread in found.slow:
            if thread.claimed_by is not None:
                await self._let_go(tx, thread)
        return len(waiting)

    async def _end_claims(self, tx: Transaction, tenant: str) -> int:
        ended = await escalation.ended_claims(tx, tenant, self._escalation.claim)
        for thread in ended:
            await self._let_go(tx, thread)
        return len(ended)

    async def _let_go(self, tx: Transaction, thread: Thread) -> None:
        free = await threads.change(tx, thread, claimed_by=None, claimed_at=None)
        await record(tx, thread.tenant, None, "thread.claim_ended", f"thread:{thread.id}", claimer=thread.claimed_by)
        await show(tx, await view_of(tx.connection, free, self._escalation, tx.now))

    async def _list(self, tx: Transaction, tenant: str) -> int:
        """Show the admins all that waits past the last level."""
        since = tx.now - self._escalation.last
        longest = await threads.waiting(tx.connection, tenant, LISTED, since)
        if not longest:
            return 0
        count = await threads.count_waiting(tx.connection, tenant, since)
        seen = f"{count}:{'-'.join(str(thread.id) for thread in longest)}"
        show_list = partial(cards.last_level, longest, count, tx.now)
        await list_daily(tx, tenant, "unanswered", seen, Topic.SUPPORT, show_list)
        return count
