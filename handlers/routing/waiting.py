"""The question that waits in a chat: which messages answer it, and how it is said once more after all others.

What plainly is no answer is what it would be if nothing waited, so that nothing is lost that somebody sends; the
question stays open.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.access.model import Person
from bot.invoices.payer import is_email
from bot.kernel.card import Card, escape
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import number
from bot.messages.service import post
from bot.services import Services
from handlers.routing.request import Request
from storage.core import conversations
from storage.core.conversations import Conversation

Answer = Callable[[Person, Request, Services, Mapping[str, Any]], Awaitable[Card]]
Questions = Mapping[str, "Question"]
# What comes with a message and is not read, by the names that `handlers.routing.update` has for it.
UNREAD = {
    "paid media": N_("Not read: pictures or films that have to be paid for. Send them as photos or files."),
    "story": N_("Not read: the story. Send what it shows as a photo or as text."),
    "game": N_("Not read: what the game shows. Send it as a photo or as text."),
    "inside": N_("Not read: the pictures, recordings and files among its words. Send them one by one."),
    "elsewhere": N_("Not read: what stands in the message that you answer in another chat. Forward it to me."),
}
BY_REPLY = N_("In a group, answer by replying to this message.")
WORDS_IN_A_SENTENCE = 4  # fewer between full stops are names and abbreviations
WORDS_AROUND_EMAIL = 10  # in one sentence: more is about something else than where the invoice goes
STALE_AFTER = timedelta(hours=1)  # who writes later has something else in mind
BEGUN = N_("A brief that you began before is kept: /brief goes on with it.")
LONGEST_SHORT, LONGEST_BLOCK = 100, 300  # letters: of a plain answer, and of what is written as an address is


def never(request: Request) -> bool:  # noqa: ARG001 - the shape of them all
    """Take no message at all."""
    return False


@dataclass(frozen=True, slots=True)
class Question:
    """A step that waits for an answer.

    takes: whether a message can be an answer. again: the question in one short line, to be translated; names in braces
    stand for what the conversation holds. claims: whether a message can be nothing else, also while another question
    was asked since. album: whether all files of an album are one answer.
    """

    answer: Answer
    takes: Callable[[Request], bool]
    again: str
    claims: Callable[[Request], bool] = never
    album: bool = False


def anything(request: Request) -> bool:  # noqa: ARG001 - the shape of them all
    """Take words and files of every kind."""
    return True


def words(request: Request) -> bool:
    """Take words, as many as there are."""
    return request.file is None


def short_words(request: Request) -> bool:
    """Take a date, a name, a number: not a whole text."""
    return request.file is None and not is_prose(request.text, LONGEST_SHORT)


def short_block(request: Request) -> bool:
    """Take an address, in a few lines."""
    return request.file is None and not is_prose(request.text, LONGEST_BLOCK)


def files_or_short_words(request: Request) -> bool:
    """Take what goes with a brief that is being put together, or an answer to its step."""
    return request.file is not None or short_words(request)


def words_or_document(request: Request) -> bool:
    """Take a text, also as a file: no picture, and no recording."""
    return request.file is None or request.file.kind == "document"


def email_and_more(request: Request) -> bool:
    """Take an e-mail address, perhaps with a name and a country, or few words that have none in them."""
    if "@" not in request.text:
        return short_words(request)
    around = max(len(part.split()) for part in re.split(r"[\n,;]|[.!?…]+\s", request.text) if "@" in part)
    return request.file is None and around <= WORDS_AROUND_EMAIL and not is_prose(request.text, LONGEST_BLOCK, 2)


def only_email(request: Request) -> bool:
    """Take an e-mail address and nothing else."""
    return request.file is None and is_email(request.text)


def is_prose(text: str, longest: int, sentences_at_most: int = 1) -> bool:
    """Whether a text is longer than that, or has more sentences."""
    sentences = [part for part in re.split(r"[.!?…]+\s+", text) if len(part.split()) >= WORDS_IN_A_SENTENCE]
    return len(text.strip()) > longest or len(sentences) > sentences_at_most


def one_file_only(request: Request) -> None:
    """Nothing, for the later files of an album; raises Refusal for its first, where one text was asked for."""
    if not request.later_of_album:
        raise Refusal(
            _(
                "That is an album of {n} files, and I need one text. Send the one file with it, or write it. "
                "Nothing was changed.",
                n=number(len(request.album_keys)),
            )
        )


def is_stale(waits: Conversation, now: datetime) -> bool:
    """Whether it was asked so long ago that a plain message is hardly the answer."""
    return waits.at is not None and now - waits.at > STALE_AFTER


def first_open(waits: Conversation | None, questions: Questions) -> Conversation | None:
    """The question that the next message is taken to answer."""
    return next(iter(_open(waits, questions)), None)


def taken_by(request: Request, waits: Conversation | None, questions: Questions) -> Conversation | None:
    """The question that the message answers; None where it is no answer."""
    claimed = next((one for one in _open(waits, questions) if questions[one.step].claims(request)), None)
    first = first_open(waits, questions)
    if claimed is not None or first is None:
        return claimed
    return first if questions[first.step].takes(request) else None


async def said_again(
    card: Card, who: Person, request: Request, before: Conversation, services: Services, questions: Questions
) -> Card:
    """The card, with the question that still waits behind it, unless the card asks another.

    before: what waited before the message came, which was no answer to it, or ended the question in front of it.
    """
    async with services.database.reading() as connection:
        waits = first_open(await conversations.current(connection, who, request.chat_id), questions)
    if waits is None or all((one.step, one.data) != (waits.step, waits.data) for one in (before, *before.behind)):
        return card
    line = _in_one_line(waits, questions)
    if card.text:
        return replace(card, text=f"{card.text}\n{line}")
    if request.file is not None and request.file.kind in {"voice", "audio"}:  # what is in it is shown later
        key = f"still open:{request.source_key}"
        await services.database.write(lambda tx: post(tx, who.tenant, request.chat_id, Card(line), key=key))
    return card


def with_unread(card: Card, unread: Sequence[str]) -> Card:
    """The card, with a word on what came with the message and was not read; on one that is not shown there is none."""
    if not unread or not card.text:
        return card
    lines = "".join(f"\n{_(UNREAD[what])}" for what in unread)
    return replace(card, text=f"{card.text}{lines}")


async def answered_by_reply(
    card: Card, who: Person, request: Request, before: Conversation | None, services: Services, questions: Questions
) -> Card:
    """A card for a group. Where it asks something, it says how that is answered: plain words there are not for us."""
    if not card.text or not who.id:
        return card
    async with services.database.reading() as connection:
        waits = first_open(await conversations.current(connection, who, request.chat_id), questions)
    if waits is None or (before is not None and (waits.step, waits.data) == (before.step, before.data)):
        return card
    by_reply = _(BY_REPLY)
    return replace(card, text=f"{card.text}\n{by_reply}")


def _in_one_line(waits: Conversation, questions: Questions) -> str:
    data = dict(waits.data)
    if data.get("questions") and len(data["answers"]) < len(data["questions"]):
        data["question"] = data["questions"][len(data["answers"])]
    return escape(_(questions[waits.step].again, **data))


def _open(waits: Conversation | None, questions: Questions) -> list[Conversation]:
    return [] if waits is None else [one for one in (waits, *waits.behind) if one.step in questions]
