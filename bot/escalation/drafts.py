"""What becomes of a draft that nobody decides on: its client hears that it takes longer. Time never approves."""

from collections.abc import Sequence
from dataclasses import replace

from bot.audit.service import record
from bot.briefs.cards import progress
from bot.briefs.model import OTHERS, Brief
from bot.briefs.progress import progress_slot
from bot.escalation import cards
from bot.escalation.service import Queue
from bot.kernel.card import to_payload
from bot.kernel.translation import ngettext, reading_as
from bot.messages.service import TELEGRAM, destination
from bot.messages.topics import Topic
from bot.review.model import ReviewPolicy
from bot.review.showing import show_review_cards
from storage.core import outbox
from storage.engine.database import Transaction
from storage.people import people
from storage.review import claims


def undecided(policy: ReviewPolicy) -> Queue[Brief]:
    """The drafts that wait for a decision. policy: what their review cards are measured by."""

    async def let_go(tx: Transaction, brief: Brief) -> None:
        free = await claims.claim(tx, brief, None)
        await record(tx, brief.tenant, None, "brief.claim_ended", f"brief:{brief.id}", claimer=brief.claimed_by)
        await show_review_cards(tx, free, policy)

    return Queue(
        kind="brief",
        daily="waiting",
        topic=Topic.REVIEW,
        due=claims.due,
        note_levels=claims.escalate,
        ended_claims=claims.ended_claims,
        let_go=let_go,
        longest=claims.waiting_since,
        count=claims.count_since,
        team_of=lambda _, team: team,
        tell_clients=_tell_clients,
        reminder=cards.reminder,
        last_level=cards.last_level,
        reminded=lambda count: ngettext("reminded of {n} draft", "reminded of {n} drafts", count),
    )


async def _tell_clients(tx: Transaction, tenant: str, slow: Sequence[Brief]) -> None:
    """Say in the progress messages that it takes longer, in each client's language."""
    clients = await people.by_ids(tx.connection, tenant, {brief.client_id for brief in slow})
    rows = []
    for brief in slow:
        with reading_as(clients[brief.client_id].reader):
            card = progress(replace(brief, reminded=OTHERS), tx.now)
        rows.append((destination(brief.chat_id, brief.topic), to_payload(card), progress_slot(brief)))
    await outbox.add_many(tx, tenant, TELEGRAM, rows)
