"""Threads: what a client and the team write to each other about one thing, and what of it waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.kernel.errors import Refusal
from bot.kernel.text.storable import says_something
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number

LONGEST_WORDS = 10_000
OF_STRANGER = "stranger"
OF_MAIL = "mail"
ONE_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Thread:
    """A row of `threads`; `version` is the number of its newest message.

    client_id: None where nobody invited whoever wrote it. address: of whom it is answered by mail. waits, since:
    whether their words wait for an answer, and since when they do, or last did. reminded: how many levels of reminders
    it has reached since.
    """

    id: int
    tenant: str
    client_id: int | None
    chat_id: int
    name: str
    language: str
    subject: str
    version: int
    waits: bool
    since: datetime
    reminded: int
    claimed_by: int | None
    claimed_at: datetime | None
    address: str = ""

    @property
    def of_stranger(self) -> bool:
        """Whether nobody invited whoever wrote it in the chat, so that it is for admins."""
        return self.client_id is None and not self.address

    @property
    def brief_id(self) -> int | None:
        """The brief that it is about."""
        return _number_in(self.subject, "brief")

    @property
    def invoice_id(self) -> int | None:
        """The invoice that it is about."""
        return _number_in(self.subject, "invoice")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came with a message, as the private chat and the message that brought it."""

    chat_id: int
    message_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says. key: of the message in a chat that it was, where it was one."""

    text: str
    file: Sent | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a thread; number: its place there. author: the name of whoever wrote it, where we know them."""

    number: int
    from_team: bool
    author_id: int | None
    author: str
    text: str
    at: datetime
    file: Sent | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a thread is about, as people call it. number: of the brief or of the invoice; title: the brief's or quote's.

    brief_id: the brief or quote; of an invoice, the brief that it is for, where it is for one. paid: the invoice, of
    the brief or the one that it is about, for which money came in, so that some can be sent back.
    """

    kind: str = ""
    number: str = ""
    title: str = ""
    brief_id: int | None = None
    paid: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A thread with its newest messages, the oldest of them first.

    holder, holder_id: who of the team has it now. until: until when at most.
    """

    thread: Thread
    about: About
    messages: Sequence[Message]
    now: datetime
    holder_id: int | None = None
    holder: str = ""
    until: datetime | None = None

    @property
    def unanswered(self) -> Sequence[Message]:
        """What the client wrote since the wait began."""
        if not self.thread.waits:
            return ()
        return [one for one in self.messages if not one.from_team and one.at >= self.thread.since]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for an answer: the longest waits, how many there are, and what each is about, in their order."""

    threads: Sequence[Thread]
    count: int
    now: datetime


def subject_of(brief_id: int | None, invoice_id: int | None) -> str:
    """The name of what a thread is about."""
    if invoice_id is not None:
        return f"invoice:{invoice_id}"
    return "" if brief_id is None else f"brief:{brief_id}"


def waits_since(at: datetime) -> dict[str, object]:
    """What is different of a thread whose words wait from then on: it is nobody's, and has reached no level."""
    return {"waits": True, "since": at, "reminded": 0, "claimed_by": None, "claimed_at": None}


def check_words(text: str, file: Sent | None = None) -> str:
    """The words without white space around them; raises Refusal where there are none and no file, or too many."""
    text = text.strip()
    if file is None and not says_something(text):
        raise Refusal(_("There is no word in it, so nothing was sent. Write what you want to say."))
    if len(text) > LONGEST_WORDS:
        raise Refusal(
            _(
                "That has {characters} characters; a message holds {most}. Nothing was sent: split it, and send the "
                "parts one after the other.",
                characters=number(len(text)),
                most=number(LONGEST_WORDS),
            )
        )
    return text


def _number_in(subject: str, kind: str) -> int | None:
    found, _sign, digits = subject.partition(":")
    return int(digits) if found == kind else None
