"""What becomes of a draft that nobody decides on: reminders, level by level. Time never approves."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.audit.service import record
from bot.briefs import cards
from bot.briefs.model import Brief
from bot.briefs.progress import progress_slot
from bot.escalation import cards as reminder_cards
from bot.escalation.levels import LISTED, escalate, list_daily
from bot.kernel.card import to_payload
from bot.kernel.translation import ngettext, reading_as
from bot.messages.service import TEAM, TELEGRAM, destination, notify
from bot.messages.topics import Topic
from bot.review.model import ReviewPolicy
from bot.review.showing import show_review_cards
from storage.core import events, outbox
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.review import claims


class Reminders:
    """Escalates everything that waits for a decision."""

    def __init__(self, database: Database, rules: ReviewPolicy) -> None:
        self._database = database
        self._policy = rules

    async def escalate(self, tenant: str) -> str:
        """Remind whoever is due to be, end the claims whose time is over, and say what was done.

        One transaction each, so a run that is repeated finds nothing left to do.
        """
        reminded = await self._database.write(lambda tx: self._escalate(tx, tenant))
        ended = await self._database.write(lambda tx: self._end_claims(tx, tenant))
        listed = await self._database.write(lambda tx: self._list(tx, tenant))
        return ", ".join(
            [
                ngettext("reminded of {n} draft", "reminded of {n} drafts", reminded),
                ngettext("ended {n} claim", "ended {n} claims", ended),
                ngettext("{n} waits since the last reminder", "{n} wait since the last reminder", listed),
            ]
        )

    async def _escalate(self, tx: Transaction, tenant: str) -> int:
        waiting = await claims.due(tx, tenant, self._policy.escalation)
        if not waiting:
            return 0
        team = await people.with_roles(tx.connection, tenant, *TEAM)
        found = escalate(waiting, lambda _: team, tx.now, self._policy.escalation)
        await claims.escalate(tx, tenant, found.levels)
        await events.add_events(
            tx, tenant, "reminded", {f"brief:{brief_id}": {"rung": level} for brief_id, level in found.levels.items()}
        )
        for _, (person, of) in sorted(found.told.items()):
            await notify(tx, person, Topic.REVIEW, partial(reminder_cards.reminder, of[:LISTED], len(of), tx.now))
        slow = [replace(brief, reminded=found.levels[brief.id]) for brief in found.slow]
        await self._tell_clients(tx, tenant, slow)
        for brief in slow:
            if brief.claimed_by is not None:
                await self._let_go(tx, brief)
        return len(waiting)

    async def _tell_clients(self, tx: Transaction, tenant: str, slow: Sequence[Brief]) -> None:
        """Say in the progress messages that it takes longer, in each client's language."""
        clients = await people.by_ids(tx.connection, tenant, {brief.client_id for brief in slow})
        rows = []
        for brief in slow:
            with reading_as(clients[brief.client_id].reader):
                card = cards.progress(brief, tx.now)
            rows.append((destination(brief.chat_id, brief.topic), to_payload(card), progress_slot(brief)))
        await outbox.add_many(tx, tenant, TELEGRAM, rows)

    async def _end_claims(self, tx: Transaction, tenant: str) -> int:
        ended = await claims.ended_claims(tx, tenant, self._policy.escalation.claim)
        for brief in ended:
            await self._let_go(tx, brief)
        return len(ended)

    async def _let_go(self, tx: Transaction, brief: Brief) -> None:
        claimer = brief.claimed_by
        free = await claims.claim(tx, brief, None)
        await record(tx, brief.tenant, None, "brief.claim_ended", f"brief:{brief.id}", claimer=claimer)
        await show_review_cards(tx, free, self._policy)

    async def _list(self, tx: Transaction, tenant: str) -> int:
        """Show the admins all that waits past the last level."""
        since = tx.now - self._policy.escalation.last
        longest = await claims.waiting_since(tx.connection, tenant, since, LISTED)
        if not longest:
            return 0
        count = await claims.count_since(tx.connection, tenant, since)
        seen = f"{count}:{'-'.join(str(brief.id) for brief in longest)}"
        show = partial(reminder_cards.last_level, longest, count, tx.now)
        await list_daily(tx, tenant, "waiting", seen, Topic.REVIEW, show)
        return count
