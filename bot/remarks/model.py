"""A message that is no order, or not surely one, and the brief or invoice that it is about."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.briefs.model import Brief
from bot.invoices.model import Invoice

_SLOT = re.compile(r"(brief|invoice):(-?\d+):")  # a quote's id is below zero


@dataclass(frozen=True, slots=True)
class Sent:
    """What came, and where. files: the names of the files that came with it, by the keys of their messages.

    answers: the number of the message of ours that it answers, 0 where it answers none. names, names_invoice: the brief
    and the invoice that this one's buttons are about, 0 where they are about none.
    """

    chat_id: int
    topic: int
    source_key: str
    text: str
    files: Mapping[str, str] = field(default_factory=dict)
    answers: int = 0
    names: int = 0
    names_invoice: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """A row of `remarks`. files: as of what was sent."""

    id: int
    tenant: str
    person_id: int
    chat_id: int
    topic: int
    source_key: str
    text: str
    files: Mapping[str, str]
    brief_id: int | None
    invoice_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Meant:
    """What a message is about. title: what the invoice is for. unknown: the number that it names and that is nothing
    of the person's. guessed: it names nothing, and this is the newest.
    """

    brief: Brief | None = None
    invoice: Invoice | None = None
    title: str = ""
    unknown: str = ""
    guessed: bool = False


def subjects_of(slots: Collection[str]) -> list[tuple[str, int]]:
    """The things that a message shows, by the slots and keys that were shown in it: ("brief", 1042)."""
    found = (_SLOT.match(slot) for slot in slots)
    return list(dict.fromkeys((one[1], int(one[2])) for one in found if one is not None))
