"""What comes by mail is a thread like any other, and what the team answers goes out as a mail in it."""

from collections.abc import Iterator
from datetime import timedelta

from bot.access.model import stranger
from bot.kernel.card import Card, escape
from bot.kernel.errors import Refusal
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import reading_as
from bot.messages.mails import MAIL, letter_of, new_token, to_payload
from bot.review.model import Escalation
from bot.support.mails import MOST_A_DAY, MOST_IDS, IncomingMail, MailState, answer_to
from bot.support.model import Thread, View, Words, waits_since
from bot.support.showing import reader_of, show, view_of, written_down
from storage.core import outbox
from storage.engine.database import Transaction
from storage.support import mails, threads

DAY = timedelta(days=1)
QUOTED_LINES = 40


async def take(tx: Transaction, tenant: str, mail: IncomingMail, text: str, escalation: Escalation) -> MailState | None:
    """Show the team a mail: in the thread that it names, where that is with the same address, else in a new one.

    Says what became of it; None where it was taken before.
    """
    many = await mails.count_since(tx.connection, tenant, mail.address, tx.now - DAY) >= MOST_A_DAY
    state = MailState.TOO_MANY if many else MailState.TO_ANSWER
    number = await mails.add(tx, tenant, mail, state)
    if number is None or many:
        return None if number is None else state
    known = await mails.thread_named(tx.connection, tenant, mail.names, mail.address) if mail.names else None
    if known is not None:
        thread = await threads.get(tx.connection, tenant, known, lock=True)
    else:
        thread = await threads.begin_by_mail(tx, tenant, number, mail.name or mail.address, mail.address)
    await mails.put_in(tx, tenant, number, thread)
    who = stranger(thread.chat_id, thread.name)
    began = {} if thread.waits else waits_since(tx.now)
    thread = await threads.say(tx, thread, who, Words(text), from_team=False, **began)
    await written_down(tx, thread, who, "mailed")
    await show(tx, await view_of(tx.connection, thread, escalation, tx.now))
    return state


def check_can_go(thread: Thread, words: Words) -> None:
    """Raise Refusal where an answer is more than a mail of ours takes along."""
    if thread.address and words.file is not None:
        said = {"name": thread.name, "address": thread.address}
        raise Refusal(
            _(
                "{name} wrote by mail, and files go there from your own mail program: {address}. Nothing was sent; "
                "write the answer in words.",
                **said,
            )
        )


async def send(tx: Transaction, thread: Thread, before: View, words: Words) -> None:
    """Answer by mail, below the newest one of theirs. before: as the thread was; thread: with the answer."""
    theirs, token = await mails.newest(tx.connection, thread), new_token()
    subject = answer_to(theirs.subject if theirs is not None else "")
    with reading_as(reader_of(thread)):
        card = Card("\n".join([escape(words.text), *_quoted(before)]))
        ids = () if theirs is None else tuple(theirs.before[-MOST_IDS:])
        mail = letter_of(subject, card, token, answers="" if theirs is None else theirs.message_id, thread=ids)
    await outbox.add(
        tx, thread.tenant, MAIL, thread.address, to_payload(mail), key=f"thread:{thread.id}:mail:{thread.version}"
    )
    await mails.answered(tx, thread, token, subject)


def _quoted(before: View) -> Iterator[str]:
    """What is answered, as mails have it below."""
    for one in before.unanswered[-1:]:
        lines = one.text.splitlines()
        shown = [*lines[:QUOTED_LINES], *(["…"] if len(lines) > QUOTED_LINES else [])]
        yield ""
        yield escape(_("{name} wrote on {time}:", name=before.thread.name, time=moment(one.at)))
        yield f"<blockquote>{escape(chr(10).join(shown))}</blockquote>"
