"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import Area, Core, Keep
from bot.escalation.service import Reminders
from bot.review import area as review
from bot.review.model import Escalation
from bot.support.digest import Digest
from bot.support.model import Thread
from bot.support.reminders import unanswered
from bot.support.service import Support
from bot.support.team import Team
from storage.support import mails, threads

EVENTS: Mapping[str, str] = {
    "thread.written": "A client, or somebody whom nobody invited, wrote to the team.",
    "thread.mailed": "A mail for the team came to the support inbox.",
    "thread.reworded": "Its client edited a message that still waited.",
    "thread.answered": "One of the team wrote to the client.",
    "thread.begun": "One of the team wrote to a client who did not write first.",
    "thread.asked": "One of the team asked the client of a draft something.",
    "thread.heard": "The client answered that.",
    "thread.settled": "It needs no answer, by one of the team or since its client ordered it.",
    "thread.claimed": "One of the team took it to answer.",
    "thread.given_back": "A claim was ended by a person.",
    "thread.claim_ended": "A claim ended by itself.",
    "thread.reminded": "People were told that it waits.",
}


@dataclass(frozen=True, slots=True)
class Verbs:
    """What clients and the team write to each other, and who hears of what nobody answers."""

    threads: Support
    team: Team
    reminders: Reminders[Thread]
    digest: Digest
    escalation: Escalation


def build(core: Core, reviewing: review.Verbs) -> tuple[Verbs, Area]:
    """The area on what it stands on."""
    escalation = reviewing.policy.escalation
    verbs = Verbs(
        Support(core.database, escalation, reviewing.decisions),
        Team(core.database, escalation, reviewing.decisions),
        Reminders(core.database, escalation, unanswered(escalation)),
        Digest(core.database, escalation),
        escalation,
    )
    return verbs, Area(keeps=(Keep("", mails.forget), Keep("messages to the team", threads.forget)))
