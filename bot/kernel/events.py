"""What happened, and what follows from it in the same transaction.

An area says what happened (`bot.audit.service.record`) and does not know who listens; areas above it react
(https://www.cosmicpython.com/book/chapter_08_events_and_message_bus.html).
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. name: "brief.delivered"; subject: "brief:1042"; data: plain JSON.

    thing: the subject as it is now, where whoever says so has it at hand.
    """

    tenant: str
    name: str
    subject: str
    data: Mapping[str, Any]
    thing: object = None

    @property
    def kind(self) -> str:
        """What the subject is: "brief"."""
        return self.subject.partition(":")[0]

    @property
    def number(self) -> int:
        """The subject's id."""
        return int(self.subject.partition(":")[2])


# What an area does when something happened. It gets the transaction, and never calls a provider.
Reaction = Callable[[Any, Event], Awaitable[None]]
# By the event's name, in the order in which they run.
Reactions = Mapping[str, Sequence[Reaction]]
NO_REACTIONS: Reactions = {}


def joined(*tables: Mapping[str, Reaction]) -> Reactions:
    """The tables of several areas as one: to the same event the earlier table's area reacts first."""
    found: defaultdict[str, list[Reaction]] = defaultdict(list)
    for table in tables:
        for name, reaction in table.items():
            found[name].append(reaction)
    return dict(found)
