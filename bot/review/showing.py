"""A draft before those who may decide on it: the card, and everybody who gets it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from bot.access.model import Person, Role
from bot.briefs.model import Brief
from bot.kernel.card import Card
from bot.kernel.translation import reading_as
from bot.messages.service import notify, post
from bot.messages.topics import Topic
from bot.quality.model import counted
from bot.review.cards import review
from bot.review.model import ReviewPolicy, ReviewView, View, holder
from storage.briefs import drafts
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.people import people
from storage.quality import verdicts
from storage.review import colleagues

NOTES = 3  # the newest of them, on a card
ShowTo = Callable[[Person], Card]


class Message(NamedTuple):
    """A message that somebody wrote, or tapped."""

    chat_id: int
    topic: int
    id: int


async def review_view(connection: Connection, brief: Brief, policy: ReviewPolicy, now: datetime) -> ReviewView:
    """All that the review card shows of the draft that the brief points at."""
    assert brief.draft_id is not None
    draft = await drafts.get_draft(connection, brief.tenant, brief.draft_id)
    samples = await drafts.evaluations_of_draft(connection, brief.tenant, draft.id)
    has_it = holder(brief, now, policy.escalation)
    return ReviewView(
        brief,
        draft,
        counted(samples),
        judged=bool(samples),
        blind=await verdicts.is_blind(connection, brief.tenant, draft.id),
        client=(await people.by_id(connection, brief.tenant, brief.client_id)).name,
        author=(await people.by_id(connection, brief.tenant, draft.author_id)).name if draft.author_id else None,
        holder=await people.by_id(connection, brief.tenant, has_it) if has_it else None,
        cost_micro_usd=await drafts.spent(connection, brief.tenant, brief.id),
        policy=policy,
        now=now,
        notes=await colleagues.newest_notes(connection, brief, NOTES),
    )


async def deciders(connection: Connection, brief: Brief) -> list[Person]:
    """Everybody who may decide on the brief: nobody decides on their own."""
    everybody = await people.with_roles(connection, brief.tenant, Role.OPERATOR, Role.ADMIN)
    return [person for person in everybody if person.id != brief.client_id]


async def show_review_cards(tx: Transaction, brief: Brief, policy: ReviewPolicy) -> None:
    """Show the draft's review card, as it is now, to everybody who may decide on it, and where one of them opened it.

    What somebody reads whole stays as it is.
    """
    seen = await review_view(tx.connection, brief, policy, tx.now)
    team = await deciders(tx.connection, brief)
    for person in team:
        await notify(tx, person, Topic.REVIEW, partial(review, seen, person), slot=_slot(brief, person))
    in_team = {person.id: person for person in team}
    for view in await colleagues.views_of(tx.connection, brief):
        if view.person_id in in_team and not view.whole:
            await _post(tx, brief, view, in_team[view.person_id], lambda person: review(seen, person))


async def close_review_cards(tx: Transaction, brief: Brief, show: ShowTo) -> None:
    """Show everybody what became of the draft, in place of its review card, and wherever somebody opened it."""
    for person in await deciders(tx.connection, brief):
        await notify(tx, person, Topic.REVIEW, partial(show, person), slot=_slot(brief, person))
    for view in await colleagues.views_of(tx.connection, brief):
        await _post(tx, brief, view, await people.within(tx, brief.tenant, view.person_id), show)
    await colleagues.forget_views(tx, brief)


async def _post(tx: Transaction, brief: Brief, view: View, person: Person, show: ShowTo) -> None:
    with reading_as(person.reader):
        card = show(person)
    await post(tx, brief.tenant, view.chat_id, card, slot=view.slot, topic=view.topic)


async def opened(tx: Transaction, brief: Brief, who: Person, message: Message, *, whole: bool) -> str:
    """Remember that somebody opens the draft's card, or all of its text, as an answer; returns the slot."""
    view = View(brief.id, who.id, message.chat_id, message.topic, message.id, whole=whole)
    await colleagues.add_view(tx, brief, view)
    return view.slot


def _slot(brief: Brief, person: Person) -> str:
    """One message per person and wait: edits and claims show in place, a new draft comes as a new message."""
    began = "" if brief.in_review_at is None else f"{brief.in_review_at:%Y%m%d%H%M%S%f}"
    return f"brief:{brief.id}:review:{began}:{person.telegram_id}"
