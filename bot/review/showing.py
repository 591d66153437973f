"""A draft before those who may decide on it: the card, and everybody who gets it."""

from datetime import datetime
from functools import partial

from bot.access.model import Person, Role
from bot.briefs.model import Brief
from bot.messages.service import Show, notify
from bot.messages.topics import Topic
from bot.quality.model import counted
from bot.review.cards import ReviewView, review
from bot.review.model import Desk, holder
from storage.briefs import drafts
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.people import people
from storage.quality import verdicts


async def review_view(connection: Connection, brief: Brief, desk: Desk, now: datetime) -> ReviewView:
    """All that the review card shows of the draft that the brief points at."""
    assert brief.draft_id is not None
    draft = await drafts.get_draft(connection, brief.tenant, brief.draft_id)
    looks = await drafts.looks_at(connection, brief.tenant, draft.id)
    has_it = holder(brief, now, desk.patience)
    return ReviewView(
        brief,
        draft,
        counted(looks),
        judged=bool(looks),
        blind=await verdicts.is_blind(connection, brief.tenant, draft.id),
        client=(await people.by_id(connection, brief.tenant, brief.client_id)).name,
        author=(await people.by_id(connection, brief.tenant, draft.author_id)).name if draft.author_id else None,
        holder=await people.by_id(connection, brief.tenant, has_it) if has_it else None,
        cost_micro_usd=await drafts.spent(connection, brief.tenant, brief.id),
        desk=desk,
        now=now,
    )


async def deciders(connection: Connection, brief: Brief) -> list[Person]:
    """Everybody who may decide on the brief: nobody decides on their own."""
    everybody = await people.with_roles(connection, brief.tenant, Role.OPERATOR, Role.ADMIN)
    return [person for person in everybody if person.id != brief.client_id]


async def show_review_cards(tx: Transaction, brief: Brief, desk: Desk) -> None:
    """Show the draft's review card, as it is now, to everybody who may decide on it."""
    seen = await review_view(tx.connection, brief, desk, tx.now)
    for person in await deciders(tx.connection, brief):
        await notify(tx, person, Topic.REVIEW, partial(review, seen, person), slot=_slot(brief, person))


async def close_review_cards(tx: Transaction, brief: Brief, show: Show) -> None:
    """Show everybody what became of the draft, in place of its review card."""
    for person in await deciders(tx.connection, brief):
        await notify(tx, person, Topic.REVIEW, show, slot=_slot(brief, person))


def _slot(brief: Brief, person: Person) -> str:
    """One message per person and wait: edits and claims show in place, a new draft comes as a new message."""
    began = "" if brief.in_review_at is None else f"{brief.in_review_at:%Y%m%d%H%M%S%f}"
    return f"brief:{brief.id}:review:{began}:{person.telegram_id}"
