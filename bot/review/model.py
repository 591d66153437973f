"""The rules of review: how long a claim holds, and who is told when nobody decides. Time never decides anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from bot.access.model import Person
from bot.briefs.model import Brief, Draft, State
from bot.checks.checks import Found, PlainChecks
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.quality.model import Evaluation, Floors


class QueueFilter(Enum):
    """What one may see of the queue: all that waits for a decision, or a part of it."""

    # Translators: parts of the queue of drafts that wait for a decision.
    ALL = N_("All")
    MINE = N_("Mine")
    FREE = N_("Unclaimed")
    OVERDUE = N_("Overdue")
    FLAGGED = N_("Flagged")
    RESEARCH = TaskType.RESEARCH
    DRAFTING = TaskType.DRAFTING
    DATA_TRANSFORM = TaskType.DATA_TRANSFORM
    TRANSCRIPTION = TaskType.TRANSCRIPTION
    OTHER = TaskType.OTHER

    @property
    def choice(self) -> str:
        """The name by which buttons carry it."""
        return self.name.lower()

    @property
    def words(self) -> str:
        """Its name, as people read it."""
        return _(str(self.value))

    @property
    def task_type(self) -> TaskType | None:
        """The type of brief that it is about, where it is about one."""
        return self.value if isinstance(self.value, TaskType) else None

    @classmethod
    def of_type(cls, task_type: TaskType) -> "QueueFilter":
        """What shows the briefs of a type."""
        return cls(task_type)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A brief that waits for a decision. holder: the name of who has it, None where nobody has."""

    brief: Brief
    holder: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody of the team wrote on a brief for their colleagues. by: their name."""

    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """A card of a draft that somebody opened, or (whole) all of its text, and the message that they asked by."""

    brief_id: int
    person_id: int
    chat_id: int
    topic: int
    message_id: int
    whole: bool

    @property
    def slot(self) -> str:
        """Of the message that shows it."""
        return f"brief:{self.brief_id}:{'read' if self.whole else 'view'}:{self.chat_id}:{self.message_id}"


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what waits, how much of each kind there is, and how many briefs are under way without waiting."""

    rows: Sequence[Waiting]
    counts: Mapping[QueueFilter, int]
    under_way: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """A brief's draft and the one before it."""

    brief: Brief
    before: Draft
    after: Draft


@dataclass(frozen=True, slots=True)
class Escalation:
    """How long a claim holds, and after how long a wait each level is reached (each longer than the one before)."""

    claim: timedelta
    remind: timedelta
    escalate: timedelta
    admins: timedelta
    last: timedelta

    def steps(self) -> tuple[timedelta, ...]:
        """The waits after which SAME_PEOPLE, OTHERS, ADMINS and LAST are reached."""
        return self.remind, self.escalate, self.admins, self.last

    def level(self, waited: timedelta) -> int:
        """The level that a draft has reached after waiting so long."""
        return sum(waited >= step for step in self.steps())


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """What a review card is measured by: the gate's floors, how many drafts it makes by itself, the escalation, and
    what code sees in a draft.
    """

    floors: Floors
    attempts: int
    escalation: Escalation
    checks: PlainChecks


@dataclass(frozen=True, slots=True)
class ReviewView:
    """All that a review card shows of a draft, whoever looks at it.

    evaluation: what counts of the judge's samples, None where none was scored; judged: whether there was one at all.
    blind: whether it is to be decided on without anything that tells whether the gate passed it.
    author: who edited it, None where a model wrote it; holder: who has it now, None where nobody has.
    notes: what colleagues wrote on it, the newest last.
    """

    brief: Brief
    draft: Draft
    evaluation: Evaluation | None
    judged: bool
    blind: bool
    client: str
    author: str | None
    holder: Person | None
    cost_micro_usd: int
    policy: ReviewPolicy
    now: datetime
    notes: Sequence[Note] = ()

    @property
    def found(self) -> tuple[Found, ...]:
        """What plain checks found in the draft."""
        return self.policy.checks.of(self.brief, self.draft.text)


def waits_for_client(brief: Brief) -> bool:
    """Whether its draft waits for what its client was asked."""
    return brief.state is State.IN_REVIEW and brief.asked_at is not None


class Claimable(Protocol):
    """What one of the team may take, so that for a while nobody else decides on it."""

    @property
    def claimed_by(self) -> int | None:
        """Who took it."""
        ...

    @property
    def claimed_at(self) -> datetime | None:
        """When they did."""
        ...


class Waits(Claimable, Protocol):
    """What waits for the team, and rises through the levels of the escalation until it waits no more."""

    @property
    def id(self) -> int:
        """The number of its row."""
        ...

    @property
    def client_id(self) -> int | None:
        """Whose it is; None: nobody's whom we know."""
        ...

    @property
    def since(self) -> datetime:
        """Since when it waits."""
        ...

    @property
    def reminded(self) -> int:
        """How many levels it has reached."""
        ...


def holder(claimed: Claimable, now: datetime, escalation: Escalation) -> int | None:
    """Who has it: its claimer, until the claim ends by itself."""
    if claimed.claimed_by is None or claimed.claimed_at is None or now >= claim_ends(claimed, escalation):
        return None
    return claimed.claimed_by


def claim_ends(claimed: Claimable, escalation: Escalation) -> datetime:
    """When the claim on what is claimed ends by itself."""
    assert claimed.claimed_at is not None
    return claimed.claimed_at + escalation.claim
