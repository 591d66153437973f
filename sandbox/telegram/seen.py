"""What a person sees of a message, and how a chat reads as text."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sandbox.telegram.rendering import safe_html
from sandbox.telegram.state import Chat, Json, Message, World


class NotSeen(AssertionError):
    """What was waited for did not come; the text holds the chat as it stands."""


class Button(NamedTuple):
    """An inline button: its label, and its callback data or address."""

    label: str
    target: str


class Document(NamedTuple):
    """A file in a message: a document, or a voice, audio or video file."""

    name: str
    data: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One version of a message. `seq` orders what happened in the sandbox; `date` is in seconds since the epoch.

    `text` is the plain text or caption, `buttons` the inline keyboard's rows, `keyboard` the reply keyboard's labels.
    """

    id: int
    chat_id: int
    seq: int
    text: str
    html: str
    from_bot: bool
    buttons: list[list[Button]]
    keyboard: list[list[str]]
    document: Document | None
    photo: bytes | None
    edited: bool
    date: int

    @property
    def labels(self) -> list[str]:
        """The labels of all inline buttons."""
        return [button.label for row in self.buttons for button in row]


def seen(world: World, message: Message) -> Seen:
    """What people see of a message."""
    stored = None if message.file_id is None else world.files[message.file_id]
    is_photo = "photo" in message.body
    return Seen(
        id=message.id,
        chat_id=message.chat_id,
        seq=message.seq,
        text=message.text,
        html=safe_html(message.text, message.entities),
        from_bot=message.from_bot,
        buttons=[[Button(str(button["text"]), _target(button)) for button in row] for row in message.rows()],
        keyboard=[[_label(key) for key in row] for row in (message.keyboard or {}).get("keyboard", [])],
        document=None if stored is None or is_photo else Document(stored.name, stored.data, stored.mime_type),
        photo=stored.data if stored is not None and is_photo else None,
        edited=message.edited,
        date=int(message.body["date"]),
    )


def matcher(wanted: str | re.Pattern[str]) -> Callable[[Message], bool]:
    """Whether a message's text, caption or file name contains the string, or the pattern finds something in it."""

    def matches(message: Message) -> bool:
        content = searchable(message)
        return wanted in content if isinstance(wanted, str) else wanted.search(content) is not None

    return matches


def searchable(message: Message) -> str:
    """Text or caption, and the name of the file on a line of its own."""
    names = [message.body[kind].get("file_name", "") for kind in ("document", "audio", "video") if kind in message.body]
    return "\n".join(part for part in (message.text, *names) if part)


def transcript(chat: Chat, world: World, newest: int | None = None) -> str:
    """The chat as text, one paragraph a message, oldest first; only the `newest` messages when given."""
    messages = list(chat.messages.values())
    if newest is not None:
        messages = messages[-newest:]
    return "\n".join(_paragraph(world, message) for message in messages) or "(the chat is empty)"


def _paragraph(world: World, message: Message) -> str:
    name = str(message.body["from"]["first_name"])
    mark = " (edited)" if message.edited else ""
    parts = [f"{name}{mark}: {message.text}"]
    if message.file_id is not None:
        stored = world.files[message.file_id]
        parts.append(f"    <{stored.name}, {len(stored.data)} bytes>")
    parts += ["    " + " ".join(f"[{button['text']}]" for button in row) for row in message.rows()]
    return "\n".join(parts)


def _target(button: Json) -> str:
    return str(button.get("callback_data", button.get("url", button.get("web_app", {}).get("url", ""))))


def _label(key: object) -> str:
    return str(key["text"]) if isinstance(key, dict) else str(key)


def closest(messages: Iterable[Message], label: str) -> tuple[Message, Json] | None:
    """The first message with a button of exactly this label, else the first with a label that contains it."""
    contained: tuple[Message, Json] | None = None
    for message in messages:
        for button in (button for row in message.rows() for button in row):
            if button["text"] == label:
                return message, button
            if contained is None and label in button["text"]:
                contained = message, button
    return contained
