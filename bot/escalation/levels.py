"""The levels of escalation of all that waits for the team, a draft or a client's words: who is told of what, and when.

Time tells more and more people; it never decides or answers anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.access.model import Person, Role
from bot.briefs.model import ADMINS, LAST, OTHERS, SAME_PEOPLE
from bot.kernel.translation import local, reading_as
from bot.messages.service import TELEGRAM, Show, notify
from bot.messages.topics import Topic
from bot.review.model import Escalation, Waits, holder
from storage.core import outbox
from storage.engine.database import Transaction
from storage.people import people

W = TypeVar("W", bound=Waits)
LISTED = 10
# The daily list comes in the working morning rather than at midnight.
DAY_BEGINS = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Escalated(Generic[W]):
    """What has reached a new level: the level of each now, by its id; who is told of which; and those of which
    the others are told, whose claims end with that.
    """

    levels: dict[int, int] = field(default_factory=dict)
    told: dict[int, tuple[Person, list[W]]] = field(default_factory=dict)
    slow: list[W] = field(default_factory=list)


def escalate(
    waiting: Sequence[W], team_of: Callable[[W], Sequence[Person]], now: datetime, escalation: Escalation
) -> Escalated[W]:
    """What follows for all that has waited long enough for its next level. team_of: which operators and admins may see
    to it.
    """
    found: Escalated[W] = Escalated()
    for one in waiting:
        level = found.levels[one.id] = escalation.level(now - one.since)
        reached = range(one.reminded + 1, level + 1)
        team = team_of(one)
        to_tell = {p.id: p for step in reached for p in _to_tell(one, step, team, now, escalation)}
        for person_id, person in to_tell.items():
            found.told.setdefault(person_id, (person, []))[1].append(one)
        if OTHERS in reached:
            found.slow.append(one)
    return found


def _to_tell(one: W, level: int, team: Sequence[Person], now: datetime, escalation: Escalation) -> Sequence[Person]:
    """Whom a level tells; where there is nobody of the kind, the admins. The last level has a list of its own."""
    others = [person for person in team if person.id != one.client_id]
    has_it = holder(one, now, escalation)
    operators = [person for person in others if person.role is Role.OPERATOR]
    admins = [person for person in others if person.role is Role.ADMIN]
    by_level: Mapping[int, Sequence[Person]] = {
        SAME_PEOPLE: [p for p in others if p.id == has_it] if has_it is not None else operators,
        OTHERS: [p for p in operators if p.id != one.claimed_by],
        ADMINS: admins,
        LAST: [],
    }
    return by_level[level] or ([] if level == LAST else admins)


async def list_daily(tx: Transaction, tenant: str, name: str, seen: str, topic: Topic, show: Show) -> None:
    """Show the admins all that waits past the last level: on one message a day, to which later ones are added.

    name: of the list; seen: what stands on it, so that the same is shown once. The day is each admin's own.
    """
    for admin in await people.with_roles(tx.connection, tenant, Role.ADMIN):
        with reading_as(admin.reader):
            day = f"{local(tx.now) - DAY_BEGINS:%Y-%m-%d}"
        slot = f"{name}:{day}:{admin.telegram_id}"
        key = f"{slot}:{seen}"
        if not await outbox.is_known(tx.connection, tenant, TELEGRAM, key):
            await notify(tx, admin, topic, show, slot=slot, key=key)
