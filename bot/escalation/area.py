"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping

from bot.briefs.model import Brief
from bot.core import Core
from bot.escalation.drafts import undecided
from bot.escalation.service import Reminders
from bot.review.model import ReviewPolicy

EVENTS: Mapping[str, str] = {
    "brief.claim_ended": "A claim ended by itself.",
    "brief.reminded": "People were told that it waits.",
}


def build(core: Core, policy: ReviewPolicy) -> Reminders[Brief]:
    """The area on what it stands on. policy: what review cards are measured by, and when people are told."""
    return Reminders(core.database, policy.escalation, undecided(policy))
