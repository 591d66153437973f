"""A brief's life: its states, the one table of what may follow what, and the rules for taking one in."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.invoices.model import InvoiceSummary
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import Pool, TaskKind
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import number
from bot.kernel.translation import pgettext_noop as NP_

PRODUCE = TaskKind("produce", Pool.MODELS)  # the task that carries a brief on
FEWEST_WORDS = 3  # of a plain message that is taken for a brief
LONGEST_TEXT = 50_000
TITLE_LENGTH = 60
_ORDER = re.compile(
    r"^(?:please )?(?:(?:can|could) you )?(?:please )?(?:write|draft|create|make|prepare|compose) (?:me |us )?"
    r"(?:an?|the|some) (?=\w)",
    re.IGNORECASE,
)
_MORE = re.compile(r"[,.;:] ")  # what stands behind it says more than what the work is
# The levels of reminders, as `briefs.reminded` counts them.
NOBODY, SAME_PEOPLE, OTHERS, ADMINS, LAST = range(5)


class TooLong(Refusal):
    """More than one brief can hold."""


class State(StrEnum):
    """Where a brief stands."""

    NEW = "new"
    QUOTED = "quoted"
    DEFERRED = "deferred"
    QUEUED = "queued"
    DRAFTING = "drafting"
    JUDGING = "judging"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    DELIVERED = "delivered"
    INVOICED = "invoiced"
    PAID = "paid"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def words(self) -> str:
        """Where it stands, by itself: "In review"."""
        return _(_WORDS[self])

    @property
    def within(self) -> str:
        """The same within a sentence: "in review"."""
        return _(_WITHIN[self])


_ENDS_EARLY = {State.CANCELLED, State.FAILED}
TRANSITIONS: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.QUOTED, State.CANCELLED}),
    State.QUOTED: frozenset({State.DEFERRED, State.QUEUED, State.CANCELLED}),
    State.DEFERRED: frozenset({State.QUEUED, State.CANCELLED}),
    State.QUEUED: frozenset({State.DRAFTING, *_ENDS_EARLY}),
    State.DRAFTING: frozenset({State.JUDGING, *_ENDS_EARLY}),
    State.JUDGING: frozenset({State.DRAFTING, State.IN_REVIEW, State.APPROVED, *_ENDS_EARLY}),
    State.IN_REVIEW: frozenset({State.DRAFTING, State.APPROVED, State.REJECTED, State.CANCELLED}),
    State.APPROVED: frozenset({State.DELIVERED, State.FAILED}),
    State.DELIVERED: frozenset({State.INVOICED}),
    State.INVOICED: frozenset({State.PAID}),
    State.PAID: frozenset(),
    State.REJECTED: frozenset(),
    State.CANCELLED: frozenset(),
    State.FAILED: frozenset({State.QUEUED, State.CANCELLED}),
}
CANCELLABLE = frozenset(state for state, following in TRANSITIONS.items() if State.CANCELLED in following)
# Where a brief goes back to whose cancelling is undone. The table has no such move, since within a moment of the tap
# it is as if nothing had been, and no other verb may do it.
BROUGHT_BACK = CANCELLABLE - {State.NEW}
UNDER_WAY = frozenset({State.QUEUED, State.DRAFTING, State.JUDGING, State.APPROVED, State.DELIVERED})
OPEN_STATES = UNDER_WAY | {State.DEFERRED, State.IN_REVIEW}
STARTED = frozenset({State.DEFERRED, State.QUEUED})  # to which a client's yes leads
_WORDS: dict[State, str] = {
    State.NEW: N_("Not sent yet"),
    State.QUOTED: N_("Waiting for a yes"),
    State.DEFERRED: N_("Waiting for the morning"),
    State.QUEUED: N_("In the queue"),
    State.DRAFTING: N_("Being drafted"),
    State.JUDGING: N_("Checking quality"),
    State.IN_REVIEW: N_("In review"),
    State.APPROVED: N_("Approved"),
    State.DELIVERED: N_("Delivered"),
    State.INVOICED: N_("Delivered"),
    State.PAID: NP_("brief", "Paid"),
    State.REJECTED: N_("Rejected"),
    State.CANCELLED: N_("Cancelled"),
    State.FAILED: N_("Stopped by a fault"),
}
_WITHIN: dict[State, str] = {  # "Brief 1042 is in review, so that is no longer possible."
    State.NEW: N_("not sent yet"),
    State.QUOTED: N_("waiting for a yes"),
    State.DEFERRED: N_("waiting for the morning"),
    State.QUEUED: N_("in the queue"),
    State.DRAFTING: N_("being drafted"),
    State.JUDGING: N_("checking quality"),
    State.IN_REVIEW: N_("in review"),
    State.APPROVED: N_("approved"),
    State.DELIVERED: N_("delivered"),
    State.INVOICED: N_("delivered"),
    State.PAID: N_("paid"),
    State.REJECTED: N_("rejected"),
    State.CANCELLED: N_("cancelled"),
    State.FAILED: N_("stopped by a fault"),
}


def since(state: State, in_review_at: datetime | None, updated_at: datetime) -> datetime:
    """Since when a brief stands where it stands."""
    return in_review_at or updated_at if state is State.IN_REVIEW else updated_at


@dataclass(frozen=True, slots=True)
class BriefSummary:
    """What lists say of a brief. held: whether it waits for room under a ceiling. invoice: its own, if there is one."""

    id: int
    title: str
    state: State
    held: bool
    since: datetime
    invoice: InvoiceSummary | None

    @property
    def is_quote(self) -> bool:
        """See `Brief.is_quote`."""
        return _is_quote(self.id, self.state)


@dataclass(frozen=True, slots=True)
class Quote:
    """What lists say of a quote that waits for a yes."""

    id: int
    title: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Brief:
    """A row of `briefs`; `version` grows with every change but claims and reminders: the draft stays the same.

    id: its number from its client's yes on. A quote's is below zero and shown to nobody; quote_id: what it was then.
    claimed_by, claimed_at: who took the draft to decide on it, and when (for how long, says `bot.review.model`).
    in_review_at, reminded: since when it waits for people, and how many levels of reminders it has reached since.
    flags: what was found in the material that tries to steer the judge, in words.
    revision_of: the brief that this one revises, for free or at the price of a change.
    asked_at: when its client was asked something, while the draft waits for the answer.
    usual_seconds, read_by: what its client was told at their yes (`bot.briefs.expected`).
    file_format: how its client wants the finished text as a file (`bot.kernel.text.file_format`); "": as all of theirs.
    """

    id: int
    tenant: str
    client_id: int
    chat_id: int
    # of a forum; 0: the chat itself
    topic: int
    task_type: TaskType
    title: str
    text: str
    state: State
    version: int
    qa_target: int
    language: str
    deadline: datetime | None
    price: Money
    attempt: int
    draft_id: int | None
    note: str | None
    reason: str | None
    claimed_by: int | None
    claimed_at: datetime | None
    in_review_at: datetime | None
    reminded: int
    flags: tuple[str, ...]
    # the ceiling that it waits for, and the state in which a fault stopped it
    held: str | None
    failed_from: State | None
    # the attempt that it began with when it was last started from the beginning
    first_attempt: int
    created_at: datetime
    updated_at: datetime
    revision_of: int | None
    asked_at: datetime | None = None
    usual_seconds: int | None = None
    read_by: datetime | None = None
    quote_id: int | None = None
    # the price were it not to wait for the morning, None where it does not; and when it starts, from the yes on
    full_price: Money | None = None
    starts_at: datetime | None = None
    file_format: str = ""

    @property
    def is_quote(self) -> bool:
        """Whether nobody said yes to it, so that it is called by its title: it has no number, or not before the yes."""
        return _is_quote(self.id, self.state)

    @property
    def name(self) -> str:
        """What its messages are known by, from its quote on."""
        return f"brief:{self.quote_id or self.id}"

    @property
    def free_revision(self) -> bool:
        """Whether it is made anew for nothing, and so what is owed is owed for the brief before."""
        return self.revision_of is not None and not self.price.minor

    @property
    def since(self) -> datetime:
        """Since when it is where it is: before people since it came there, however often its draft was edited."""
        return since(self.state, self.in_review_at, self.updated_at)

    @property
    def tries(self) -> int:
        """Which attempt this is, counted since the brief was last started from the beginning."""
        return self.attempt - self.first_attempt + 1


def _is_quote(brief_id: int, state: State) -> bool:
    return brief_id < 0 or state is State.QUOTED


def no_such(brief_id: int) -> str:
    """What is said where there is no brief of that number, or quote of that id."""
    if brief_id < 0:
        return _("That quote is no longer there. /briefs lists yours.")
    return _("There is no brief {brief}. /briefs lists yours.", brief=brief_id)


def check_move(brief: Brief, target: State) -> None:
    """Raise Stale where the table does not let the brief go there."""
    if target not in TRANSITIONS[brief.state]:
        raise _too_late(
            brief,
            _(
                "Brief {brief} is {state}, so that is no longer possible. See /brief_{brief}.",
                brief=brief.id,
                state=brief.state.within,
            ),
        )


def check_own(person_id: int, brief: Brief) -> Brief:
    """The brief; raises Forbidden where it is another person's."""
    if brief.client_id != person_id:
        if brief.is_quote:
            raise Forbidden(_("That quote is another client's; only they may do that."))
        raise Forbidden(_("Brief {brief} is another client's; only they may do that.", brief=brief.id))
    return brief


def check_quoted(brief: Brief) -> None:
    """Raise Stale where the brief was started or dropped, so that what it asks for can no longer be changed."""
    if brief.state is not State.QUOTED:
        raise _too_late(
            brief,
            _(
                "Brief {brief} is {state}, so it stays as it is. See /brief_{brief}; a new message is a new brief.",
                brief=brief.id,
                state=brief.state.within,
            ),
        )


def check_version(brief: Brief, version: int) -> None:
    """Raise Stale where the brief is no longer as the person saw it."""
    if brief.version != version:
        raise _too_late(
            brief,
            _(
                "Brief {brief} changed since and is {state} now. See /brief_{brief}.",
                brief=brief.id,
                state=brief.state.within,
            ),
        )


def _too_late(brief: Brief, words: str) -> Stale:
    """Why what was tapped does nothing any more; of a quote in its own words, since it has no number."""
    if brief.state is State.QUOTED:
        words = _("The quote “{title}” changed since. /briefs leads to it as it is now.", title=brief.title)
    elif brief.is_quote:
        words = _("The quote “{title}” has ended. Send it again any time, and it is a new one.", title=brief.title)
    return Stale(words)


def check_undo(brief: Brief, version: int, now: datetime, within: timedelta) -> None:
    """Raise Stale where the brief is no longer as it was cancelled, or was longer ago."""
    check_version(brief, version)
    if brief.state is not State.CANCELLED or now - brief.updated_at > within:
        if brief.is_quote:
            raise Stale(
                _("It is too late to undo that, so the quote is gone. Send it again any time, and it is a new one.")
            )
        raise Stale(
            _(
                "It is too late to undo that, so brief {brief} stays cancelled. Send it again any time, and it is a "
                "new one.",
                brief=brief.id,
            )
        )


def check_text(text: str) -> str:
    """The brief's text without the white space around it.

    Raises Refusal where there is nothing to work from, or more than one brief can hold.
    """
    text = text.strip()
    if not any(character.isalnum() for character in text):
        raise Refusal(
            _(
                "There is nothing in it to work from. Say what you need in a sentence or two, for example: "
                "Write a product page for our solar lamp, about 200 words."
            )
        )
    if len(text) > LONGEST_TEXT:
        raise TooLong(
            _(
                "That brief has {characters} characters; one brief holds {most}. Send the part that matters, "
                "or split it into several briefs. Nothing was started and nothing is charged.",
                characters=number(len(text)),
                most=number(LONGEST_TEXT),
            )
        )
    return text


def title_of(text: str) -> str:
    """A short title: the first line that says something, without a heading's marks, cut at a word."""
    said = next((line for line in text.splitlines() if any(character.isalnum() for character in line)), "")
    line = " ".join(said.lstrip("# ").split())
    if len(line) <= TITLE_LENGTH:
        return line
    return f"{line[:TITLE_LENGTH].rsplit(' ', 1)[0].rstrip(' .,;:')}…"


def work_of(title: str) -> str:
    """What was made, as a bookkeeper reads it: "Landing page text for Nordwind" of "Write a landing page text for …".

    An order in other words, or in another language, stays as it is.
    """
    named = _ORDER.sub("", title)
    if named == title:
        return title
    named = _MORE.split(named, maxsplit=1)[0].rstrip(" .")
    return named[:1].upper() + named[1:]


@dataclass(frozen=True, slots=True)
class Draft:
    """One attempt at the work, as the model wrote it, or as the person `author_id` edited it."""

    id: int
    brief_id: int
    attempt: int
    text: str
    content_hash: str
    model: str
    created_at: datetime
    author_id: int | None = None
