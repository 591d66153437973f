"""A draft before those who may decide on it: the card, and everybody who gets it."""

from datetime import datetime

from bot.access.model import Role
from bot.briefs import cards
from bot.briefs.journal import tell
from bot.briefs.model import Brief, Draft
from bot.kernel.card import Card
from bot.quality.model import Floors, counted
from storage import drafts, people, verdicts
from storage.connection import Connection
from storage.database import Transaction


async def review_card(connection: Connection, brief: Brief, floors: Floors, attempts: int, now: datetime) -> Card:
    """The review card of the draft that the brief points at."""
    assert brief.draft_id is not None
    judged = await drafts.evaluations_of(connection, brief.id)
    client = await people.by_id(connection, brief.tenant, brief.client_id)
    return cards.review(
        brief,
        await drafts.get_draft(connection, brief.tenant, brief.draft_id),
        counted([e for e in judged if e.draft_id == brief.draft_id]),
        client=client.name,
        floors=floors,
        attempts=attempts,
        cost_micro_usd=await drafts.spent(connection, brief.id),
        blind=await verdicts.is_blind(connection, brief.draft_id),
        now=now,
    )


async def to_deciders(tx: Transaction, brief: Brief, draft: Draft, card: Card) -> None:
    """Show a draft's review card, or what became of it, to everybody who may decide on it."""
    for person in await people.with_roles(tx.connection, brief.tenant, Role.OPERATOR, Role.ADMIN):
        if person.id != brief.client_id:
            slot = f"draft:{draft.id}:review:{person.telegram_id}"
            await tell(tx, brief.tenant, person.telegram_id, card, slot=slot)
