"""Mails, made of the Cards that chats show: the same words as text and as a page, its picture inside, files beside."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.kernel.card import Card, Document
from bot.kernel.text.fitting import plain
from bot.messages.mail_pages import page, quoted

MAIL = "mail"  # the channel of the outbox
LONGEST_SUBJECT = 200
_TOKEN_BYTES = 10


@dataclass(frozen=True, slots=True)
class MailMessage:
    """One mail. page: its words in HTML, where it has one; `picture` is shown inside of it, `files` are attached.

    token: a part of its id that nobody can guess, so that a bounce is known to be about this mail. answers: the id of
    the mail that it answers, as that had it; thread: the ids of those before. by_hand: a person wrote it.
    """

    subject: str
    text: str
    page: str = ""
    picture: Document | None = None
    files: Sequence[Document] = ()
    token: str = ""
    answers: str = ""
    thread: Sequence[str] = ()
    by_hand: bool = False


def subject_line(words: str) -> str:
    """Words as a subject: one line, of a length that lists of mails show."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1].rstrip()}…"


def mail_of(subject: str, card: Card) -> MailMessage:
    """What the Card says, as a mail in the reader's language. Of its buttons those are links that lead somewhere."""
    links = [(button.label, button.url) for row in card.rows for button in row if button.url]
    addresses = "".join(f"\n{label}: {url}" for label, url in links)
    text = f"{plain(card.text)}\n{addresses}".rstrip() + "\n"
    files = () if card.document is None else (card.document,)
    return MailMessage(subject_line(subject), text, page(subject, card, links), card.picture, files)


def letter_of(subject: str, card: Card, token: str, *, answers: str, thread: Sequence[str]) -> MailMessage:
    """What a person wrote, in answer to the mail of that id."""
    shown = page(subject, card, headed=False)
    line = subject_line(subject)
    text = plain(quoted(card.text)).rstrip() + "\n"
    return MailMessage(line, text, shown, token=token, answers=answers, thread=tuple(thread), by_hand=True)


def to_payload(mail: MailMessage) -> dict[str, Any]:
    """A mail as plain JSON values, for the outbox; it gets its token here."""
    shown: dict[str, Any] = {"subject": mail.subject, "text": mail.text, "token": mail.token or new_token()}
    if mail.page:
        shown["page"] = mail.page
    if mail.picture is not None:
        shown["picture"] = _file(mail.picture)
    if mail.files:
        shown["files"] = [_file(file) for file in mail.files]
    if mail.answers:
        shown |= {"answers": mail.answers, "thread": list(mail.thread)}
    if mail.by_hand:
        shown["by_hand"] = True
    return shown


def from_payload(payload: Mapping[str, Any]) -> MailMessage:
    """The mail that `to_payload` wrote; one of before it has no page and no token."""
    return MailMessage(
        payload["subject"],
        payload["text"],
        payload.get("page", ""),
        Document(*payload["picture"]) if "picture" in payload else None,
        tuple(Document(*file) for file in payload.get("files", ())),
        payload.get("token", ""),
        payload.get("answers", ""),
        tuple(payload.get("thread", ())),
        payload.get("by_hand", False),
    )


def new_token() -> str:
    """A token for a mail."""
    return secrets.token_hex(_TOKEN_BYTES)


def id_of(row: int, token: str) -> str:
    """What stands before the @ in the mail's Message-ID. row: its number in the outbox."""
    return f"{MAIL}-{row}.{token}" if token else f"{MAIL}-{row}"


def _file(file: Document) -> list[Any]:
    return [file.name, file.content, file.binary]
