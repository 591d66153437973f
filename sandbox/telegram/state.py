"""What the stand-in remembers: accounts, chats, messages, files, and who is watching them change."""

import asyncio
import itertools
import math
import mimetypes
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.memory import Memory, Remembering

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup"]
EventKind = Literal["new", "file", "edit", "delete", "tap", "toast", "action", "draft", "commands", "reaction"]

_JOURNAL_LENGTH = 4096
_FILE_KINDS = ("document", "voice", "audio", "photo", "video")


@dataclass(slots=True)
class Account:
    """A user of Telegram: a person, or the bot itself."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    started: bool = False
    blocked: bool = False

    def user(self) -> Json:
        """Telegram's User object."""
        found: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        return found | {name: value for name, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class Message:
    """One version of a message: an edit makes a new one. `body` is Telegram's Message object, never mutated.

    `seq` orders every change of the whole stand-in; `keyboard` is a reply keyboard, which Message does not carry.
    """

    chat_id: int
    id: int
    seq: int
    sender_id: int
    from_bot: bool
    body: Json
    keyboard: Json | None = None

    @property
    def text(self) -> str:
        """Text or caption, without formatting."""
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        found: list[Json] = self.body.get("entities") or self.body.get("caption_entities") or []
        return found

    @property
    def edited(self) -> bool:
        return "edit_date" in self.body

    @property
    def file_id(self) -> str | None:
        """The id of the file that the message carries; the largest size of a photo."""
        for kind in _FILE_KINDS:
            if kind in self.body:
                described = self.body[kind][-1] if kind == "photo" else self.body[kind]
                return str(described["file_id"])
        return None

    def rows(self) -> list[list[Json]]:
        """The rows of its inline keyboard."""
        found: list[list[Json]] = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return found


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file; `path` is its Bot API `file_path`."""

    id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ChatEvent:
    """Something that the people in `audience` (user ids) could see happen, at `at` (seconds since the epoch)."""

    seq: int
    at: float
    kind: EventKind
    chat_id: int
    audience: tuple[int, ...]
    message: Message | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a tap: a notice at the top of the chat, or an `alert` that must be closed."""

    text: str
    alert: bool = False


@dataclass(slots=True)
class Query:
    """A tap that waits for answerCallbackQuery."""

    id: str
    person_id: int
    chat_id: int
    asked: float
    answer: asyncio.Future[Toast]


@dataclass(eq=False, slots=True)
class Waiter:
    """Somebody who waits for a version of a bot message that `wanted` accepts."""

    wanted: Callable[[Message], bool]
    found: asyncio.Future[Message]


@dataclass(eq=False, slots=True)
class Chat:
    """A private chat, group or supergroup. `members` maps user ids to ChatMember statuses."""

    id: int
    type: ChatType
    title: str | None = None
    person: Account | None = None
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    with_buttons: dict[int, None] = field(default_factory=dict)
    journal: deque[Message] = field(default_factory=lambda: deque(maxlen=_JOURNAL_LENGTH))
    waiters: set[Waiter] = field(default_factory=set)
    topics: dict[int, Json] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None

    def json(self) -> Json:
        """Telegram's Chat object."""
        if self.person is not None:
            user = self.person.user()
            names: Json = {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
            return names | {"id": self.id, "type": "private"}
        found: Json = {"id": self.id, "type": self.type, "title": self.title}
        return found | ({"is_forum": True} if self.is_forum else {})

    def newest(self) -> Iterator[Message]:
        return reversed(self.messages.values())

    def watch(self, wanted: Callable[[Message], bool]) -> Waiter:
        waiter = Waiter(wanted, asyncio.get_running_loop().create_future())
        self.waiters.add(waiter)
        return waiter


class World(Remembering):
    """All state of one stand-in. Every change goes through `post`, `replace`, `remove` or `tell`."""

    REMEMBERED = ("accounts", "chats", "files", "paths", "commands", "profile", "menu_buttons", "seq")

    def __init__(self, bot: Account, *, reads_all_group_messages: bool, query_seconds: float) -> None:
        self.bot = bot
        self.reads_all_group_messages = reads_all_group_messages
        self.query_seconds = query_seconds
        self.accounts: dict[int, Account] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.paths: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.commands: dict[tuple[str, int, int, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int, Json] = {}
        self.on_change: list[Callable[[ChatEvent], None]] = []
        self.tells_sizes = True
        self.draft_seconds = 30.0
        self.drafts: dict[int, tuple[float, str]] = {}
        self.seq = 0
        self._ids = itertools.count(101)

    def memory(self) -> Memory:
        """All that it knows; who waits for a message waits no more."""
        for chat in self.chats.values():
            chat.waiters.clear()
        return super().memory() | {"number": self.fresh_id()}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Know what another one knew; the bot stays who it is."""
        super().remember(memory)
        self.accounts[self.bot.id] = self.bot
        self.number_from(memory["number"])

    def draft_in(self, chat_id: int) -> str | None:
        """The draft that the chat shows now: one is gone 30 s after it was sent, and once a message came."""
        at, text = self.drafts.get(chat_id, (-math.inf, ""))
        return text if time.monotonic() - at < self.draft_seconds else None

    def post(self, chat: Chat, sender: Account, content: Json, keyboard: Json | None = None) -> Message:
        """Add a message; `content` is what Telegram's Message carries besides id, sender, chat and date."""
        number = self.fresh_id()
        body = {"message_id": number, "from": sender.user(), "chat": chat.json(), "date": int(time.time()), **content}
        return self._store(chat, Message(chat.id, number, 0, sender.id, sender.is_bot, body, keyboard))

    def replace(self, message: Message, body: Json) -> Message:
        """Put an edited body in a message's place."""
        return self._store(
            self.chats[message.chat_id],
            Message(message.chat_id, message.id, 0, message.sender_id, message.from_bot, body, message.keyboard),
        )

    def remove(self, chat: Chat, message_id: int) -> None:
        message = chat.messages.pop(message_id)
        chat.with_buttons.pop(message_id, None)
        if message_id in chat.pinned:
            chat.pinned.remove(message_id)
        self.tell("delete", chat, message)

    def tell(
        self, kind: EventKind, chat: Chat, message: Message | None = None, *, only: int | None = None, **detail: Any
    ) -> None:
        """Report a change to everyone in the chat, or to one person only."""
        self.seq += 1
        audience = (only,) if only is not None else tuple(key for key in chat.members if key != self.bot.id)
        event = ChatEvent(self.seq, time.time(), kind, chat.id, audience, message, detail)
        for observer in self.on_change:
            observer(event)

    def fresh_id(self) -> int:
        """A number that names nothing yet: messages, files, topics, albums and people share one sequence."""
        return next(self._ids)

    def number_from(self, number: int) -> None:
        """Name what comes by this number and those after it."""
        self._ids = itertools.count(number)

    def keep_file(self, folder: str, name: str, mime_type: str, data: bytes) -> StoredFile:
        """Store bytes under a fresh file id; `folder` is Telegram's, such as `documents`."""
        number = self.fresh_id()
        suffix = name[name.rfind(".") :] if "." in name else mimetypes.guess_extension(mime_type) or ""
        path = f"{folder}/file_{number}{suffix}"
        stored = StoredFile(f"BQACAgQAAxkDAAI{number:06d}", f"AgAD{number:06d}", path, name, mime_type, data)
        self.files[stored.id] = self.paths[path] = stored
        return stored

    def _store(self, chat: Chat, draft: Message) -> Message:
        known = draft.id in chat.messages
        self.seq += 1
        message = Message(
            draft.chat_id, draft.id, self.seq, draft.sender_id, draft.from_bot, draft.body, draft.keyboard
        )
        chat.messages[message.id] = message
        if message.rows():
            chat.with_buttons[message.id] = None
        else:
            chat.with_buttons.pop(message.id, None)
        if message.from_bot:
            self.drafts.pop(chat.id, None)
            chat.journal.append(message)
            for waiter in list(chat.waiters):
                if not waiter.found.done() and waiter.wanted(message):
                    waiter.found.set_result(message)
        fresh: EventKind = "new" if message.file_id is None else "file"
        self.tell("edit" if known else fresh, chat, message)
        return message
