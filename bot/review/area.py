"""The area wired up: its verbs, what it says happened, and how it follows what happens elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.briefs.model import State
from bot.checks.checks import PlainChecks
from bot.core import Core
from bot.kernel.events import Event, Reaction
from bot.quality.model import Floors
from bot.quality.settings import QualitySettings
from bot.review import cards
from bot.review.colleagues import Colleagues
from bot.review.model import Escalation, ReviewPolicy
from bot.review.queue import Queues
from bot.review.service import Review
from bot.review.settings import ReviewSettings
from bot.review.showing import close_review_cards, show_review_cards
from storage.briefs import briefs
from storage.engine.database import Transaction

EVENTS: Mapping[str, str] = {
    "brief.approved": "A person, or the gate, let the draft out.",
    "brief.sent_back": "A person asked for another draft.",
    "brief.rejected": "A person ended it.",
    "brief.edited": "A person put their own text in the draft's place.",
    "brief.asked": "Its client was asked something, and its draft waits for the answer.",
    "brief.client_answered": "Its client answered, and another draft is made.",
    "brief.claimed": "A person took the draft to decide on it.",
    "brief.given_back": "A claim was ended by a person.",
    "brief.handed_over": "Somebody let another person have the draft.",
    "brief.noted": "Somebody wrote a note on it for their colleagues.",
}


def reactions(policy: ReviewPolicy) -> Mapping[str, Reaction]:
    """Show and close review cards as their drafts change."""

    async def show(tx: Transaction, event: Event) -> None:
        await show_review_cards(tx, await briefs.load(tx.connection, event.number), policy)

    async def show_again(tx: Transaction, event: Event) -> None:
        brief = await briefs.load(tx.connection, event.number)
        if brief.state is State.IN_REVIEW:
            await show_review_cards(tx, brief, policy)

    return {
        "brief.in_review": show,
        "brief.judged": show,
        "brief.cancelled": _withdraw,
        "brief.cancel_undone": show_again,
    }


async def _withdraw(tx: Transaction, event: Event) -> None:
    if event.data["before"] == State.IN_REVIEW:
        brief = await briefs.load(tx.connection, event.number)
        await close_review_cards(tx, brief, lambda _person: cards.withdrawn(brief, tx.now))


@dataclass(frozen=True, slots=True)
class Verbs:
    """Deciding on drafts. policy: what review cards are measured by."""

    decisions: Review
    colleagues: Colleagues
    queue: Queues
    policy: ReviewPolicy


def build(core: Core, settings: ReviewSettings, quality: QualitySettings, checks: PlainChecks) -> Verbs:
    """The area on what it stands on."""
    policy = ReviewPolicy(Floors(quality.qa_floors), quality.draft_attempts, _escalation_of(settings), checks)
    database = core.database
    return Verbs(
        Review(database, core.queue, policy),
        Colleagues(database, policy),
        Queues(database, policy),
        policy,
    )


def _escalation_of(settings: ReviewSettings) -> Escalation:
    return Escalation(
        claim=timedelta(minutes=settings.claim_minutes),
        remind=timedelta(minutes=settings.remind_minutes),
        escalate=timedelta(minutes=settings.escalate_minutes),
        admins=timedelta(minutes=settings.admin_minutes),
        last=timedelta(hours=settings.last_reminder_hours),
    )
