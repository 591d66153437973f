"""Mails that come to the team. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_IDS = 30  # of those before it that a mail is looked up by, and that an answer names
MOST_A_DAY = 20  # of one address that are shown to the team
_OURS = re.compile(r"<mail-\d+\.([0-9a-f]{20})@[^<>@\s]+>")


class MailState(StrEnum):
    """What became of a mail of the support inbox; OURS is an answer of the team's."""

    TO_ANSWER = "to_answer"
    AUTOMATIC = "automatic"
    BOUNCED = "bounced"
    TOO_MANY = "too_many"
    NO_SENDER = "no_sender"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A mail's head, as far as it matters. digest: tells it from every other; before: the ids of its thread."""

    digest: str
    message_id: str
    before: Sequence[str]
    address: str
    name: str
    subject: str

    @property
    def names(self) -> Sequence[str]:
        """By what the mails of its thread may be known: their ids, and of ours their tokens."""
        ids = self.before[-MOST_IDS:]
        return [*ids, *(found[1] for one in ids if (found := _OURS.fullmatch(one)))]


def answer_to(subject: str) -> str:
    """The subject of an answer."""
    return subject if subject[:3].lower() == "re:" else f"Re: {subject}".rstrip()
