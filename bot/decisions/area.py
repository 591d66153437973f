"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping

from bot.core import Core
from bot.decisions.service import Decisions

EVENTS: Mapping[str, str] = {
    "proposal.made": "Something was proposed to admins, with what speaks for it.",
    "proposal.adopted": "An admin adopted it, and said why.",
    "proposal.declined": "An admin declined it, and said why.",
    "proposal.explained": "Whoever decided on it said why, after that.",
    "proposal.lapsed": "Nothing speaks for it any more, and nobody had decided.",
}


def build(core: Core) -> Decisions:
    """The area on what it stands on."""
    return Decisions(core.database)
