"""One person's Telegram app: what it puts into chats, and what the bot hears of it."""

import asyncio
import time
from collections.abc import Sequence

from sandbox.ogg import seconds_of, voice_note
from sandbox.telegram.autodetect import detected
from sandbox.telegram.entities import utf16_length
from sandbox.telegram.methods.chats import member
from sandbox.telegram.methods.files import file_content, keep
from sandbox.telegram.methods.sending import LONGEST_CAPTION, LONGEST_TEXT, forwarded_content
from sandbox.telegram.methods.targets import without_reply
from sandbox.telegram.params import Upload
from sandbox.telegram.state import Account, Chat, Json, Message, Query, World
from sandbox.telegram.updates import Updates

_LOOKED_BACK = 300


class App:
    """What the person `account` does. Everything happens at once; the bot's reactions come later."""

    def __init__(self, world: World, updates: Updates, account: Account) -> None:
        self._world = world
        self._updates = updates
        self._account = account

    def write(
        self,
        text: str,
        chat: Chat,
        reply_to: Message | None = None,
        thread: int | None = None,
        quote: str = "",
        date: int | None = None,
    ) -> Message:
        """Send text, over 4,096 characters as several messages; returns the last. Raises ValueError for no text.

        quote: the part of the answered message that the answer points at. date: when Telegram says that it was sent,
        in seconds since 1970.
        """
        text = text.strip()
        if not text:
            raise ValueError("an app does not send an empty message")
        place: Json = {} if thread is None else {"message_thread_id": thread, "is_topic_message": True}
        if quote:
            place |= {"quote": {"text": quote, "position": 0, "is_manual": True}}
        if date is not None:
            place |= {"date": date}
        return [self.send(_texts("text", part) | place, chat, reply_to) for part in _cut(text)][-1]

    def send_file(
        self,
        kind: str,
        upload: Upload,
        caption: str | None,
        chat: Chat,
        duration: int = 0,
        reply_to: Message | None = None,
    ) -> Message:
        """Send a file as `document`, `photo`, `voice` or `audio`; `duration` in seconds."""
        content = self._described(kind, upload, duration)
        return self.send(content | (_texts("caption", caption) if caption else {}), chat, reply_to)

    def speak(self, words: str, chat: Chat, reply_to: Message | None = None) -> Message:
        """Send a voice note in which these words are heard; raises ValueError where there are none, or too many."""
        upload = Upload("voice.ogg", "audio/ogg", voice_note(words))
        return self.send_file("voice", upload, None, chat, seconds_of(words), reply_to)

    def send_location(self, latitude: float, longitude: float, chat: Chat, reply_to: Message | None = None) -> Message:
        """Share where the person is, as `location`. Raises ValueError for what is no place on Earth."""
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise ValueError("a latitude is at most 90 degrees, a longitude at most 180")
        return self.send({"location": {"latitude": latitude, "longitude": longitude}}, chat, reply_to)

    def move(self, message: Message, latitude: float, longitude: float) -> Message:
        """Have a location that is shared for a while follow its person: apps edit its message, again and again."""
        place = {"location": {"latitude": latitude, "longitude": longitude}, "edit_date": int(time.time())}
        changed = self._world.replace(message, message.body | place)
        self._deliver("edited_message", changed)
        return changed

    def send_album(self, items: Sequence[tuple[str, Upload]], caption: str | None, chat: Chat) -> list[Message]:
        """Send files of (kind, upload) as one album; the caption stands under the first."""
        album: Json = {"media_group_id": str(13_000_000_000 + self._world.fresh_id())}
        first = _texts("caption", caption) if caption else {}
        contents = [self._described(kind, upload) for kind, upload in items]
        return [self.send(content | album | ({} if n else first), chat) for n, content in enumerate(contents)]

    def _described(self, kind: str, upload: Upload, duration: int = 0) -> Json:
        """A file as an update tells of it; its size may be missing."""
        content = file_content(kind, keep(self._world, kind, upload), duration)
        for file in [] if self._world.tells_sizes else [*content.get("photo", []), content.get(kind)]:
            if isinstance(file, dict):
                file.pop("file_size", None)
        return content

    def forward(self, source: Message, chat: Chat) -> Message:
        return self.send(forwarded_content(source), chat)

    def send(self, content: Json, chat: Chat, reply_to: Message | None = None) -> Message:
        """Put a message into a chat. Raises ValueError where the person cannot write."""
        if self._account.id not in chat.members:
            raise ValueError(f"{self._account.first_name} is not in this chat")
        if chat.type == "private":
            if self._account.blocked:
                raise ValueError(f"{self._account.first_name} has blocked the bot")
            self._account.started = True
        if "message_thread_id" in content and chat.is_forum:  # people write to topics that there are
            chat.topics.setdefault(content["message_thread_id"], {"name": "Topic", "closed": False})
        if reply_to is not None:
            content = {**content, "reply_to_message": without_reply(reply_to.body)}
        message = self._world.post(chat, self._account, content)
        self._deliver("message", message)
        return message

    def edit(self, message: Message, text: str) -> Message:
        """Change one of the person's own texts or captions. Raises ValueError for somebody else's message, for a text
        that would be empty, and for one that is too long: an edit stays one message.
        """
        if message.sender_id != self._account.id:
            raise ValueError("an app edits only its own person's messages")
        kind = "text" if "text" in message.body else "caption"
        if kind == "text" and not text.strip():
            raise ValueError("an app does not leave a message empty")
        if utf16_length(text) > (LONGEST_TEXT if kind == "text" else LONGEST_CAPTION):
            raise ValueError("an app does not make a message that long")
        body = {name: value for name, value in message.body.items() if name not in {"entities", "caption_entities"}}
        changed = self._world.replace(message, body | _texts(kind, text) | {"edit_date": int(time.time())})
        self._deliver("edited_message", changed)
        return changed

    def replace_file(self, message: Message, kind: str, upload: Upload, duration: int = 0) -> Message:
        """Put another file into one of the person's own messages; its caption stays, as apps have it."""
        if message.sender_id != self._account.id:
            raise ValueError("an app edits only its own person's messages")
        files = {"document", "photo", "audio", "video", "animation"}
        body = {name: value for name, value in message.body.items() if name not in files}
        body |= self._described(kind, upload, duration) | {"edit_date": int(time.time())}
        changed = self._world.replace(message, body)
        self._deliver("edited_message", changed)
        return changed

    def react(self, message: Message, emoji: str) -> None:
        chat = self._world.chats[message.chat_id]
        self._world.tell("reaction", chat, message, emoji=emoji)
        self._updates.push(
            "message_reaction",
            {
                "chat": chat.json(),
                "message_id": message.id,
                "user": self._account.user(),
                "date": int(time.time()),
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": emoji}],
            },
        )

    def tap(self, message: Message, data: str, label: str) -> Query:
        """Tap a button; the bot's answer arrives in the query."""
        chat, queries, now = self._world.chats[message.chat_id], self._world.queries, time.monotonic()
        while queries and now - next(iter(queries.values())).asked > self._world.query_seconds:
            del queries[next(iter(queries))]
        answer = asyncio.get_running_loop().create_future()
        query = Query(str(4_380_000_000_000 + self._world.fresh_id()), self._account.id, chat.id, now, answer)
        queries[query.id] = query
        self._world.tell("tap", chat, message, only=self._account.id, label=label, data=data)
        self._updates.push(
            "callback_query",
            {
                "id": query.id,
                "from": self._account.user(),
                "message": message.body,
                "chat_instance": str(chat.id),
                "data": data,
            },
        )
        return query

    def set_blocked(self, blocked: bool) -> None:
        """Block the bot, or let it write again."""
        if self._account.blocked == blocked:
            return
        self._account.blocked = blocked
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        self._updates.push(
            "my_chat_member",
            {
                "chat": self._world.chats[self._account.id].json(),
                "from": self._account.user(),
                "date": int(time.time()),
                "old_chat_member": member(self._world.bot, before),
                "new_chat_member": member(self._world.bot, after),
            },
        )

    def _deliver(self, kind: str, message: Message) -> None:
        if self._world.chats[message.chat_id].type == "private" or self._heard(message):
            self._updates.push(kind, message.body)

    def _heard(self, message: Message) -> bool:
        """Whether the bot gets a group's message (https://core.telegram.org/bots/features#privacy-mode)."""
        chat, bot = self._world.chats[message.chat_id], self._world.bot
        status = chat.members.get(bot.id)
        if status not in {"member", "administrator"}:
            return False
        command, _, addressee = message.text.split(maxsplit=1)[0].partition("@") if message.text else ("", "", "")
        if command.startswith("/"):
            return not addressee or addressee == bot.username
        if status == "administrator" or self._world.reads_all_group_messages:
            return True
        answered: Json = message.body.get("reply_to_message", {}).get("from", {})
        return answered.get("id") == bot.id or f"@{bot.username}" in message.text


def _cut(text: str) -> list[str]:
    """A text as the messages that an app sends: each cut at the last line break or white space in reach, if any."""
    parts = []
    while utf16_length(text) > LONGEST_TEXT:
        reach = text[:LONGEST_TEXT]
        while utf16_length(reach) > LONGEST_TEXT:
            reach = reach[:-1]
        near = max(0, len(reach) - _LOOKED_BACK)
        place = max(reach.rfind("\n", near), 0) or max(reach.rfind(" ", near), 0) or len(reach)
        parts.append(text[:place].strip())
        text = text[place:].strip()
    return [*parts, text]


def _texts(name: str, text: str) -> Json:
    entities = detected(text, [])
    return {name: text, "entities" if name == "text" else "caption_entities": entities} if entities else {name: text}
