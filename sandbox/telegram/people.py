"""Acting as a person, for tests and the demo: `await alice.says("hello")`, `await alice.sees("Welcome")`."""

import asyncio
import re
from collections.abc import Callable

from sandbox.telegram.app import App
from sandbox.telegram.methods.commands import visible_commands
from sandbox.telegram.params import Upload
from sandbox.telegram.seen import Button, NotSeen, Seen, closest, matcher, seen, transcript
from sandbox.telegram.state import Account, Chat, Message, Query, Toast, World

_SHOWN_ON_FAILURE = 30


class Person:
    """A person in front of `app`. Methods act on the private chat with the bot unless given another `chat_id`."""

    def __init__(self, world: World, account: Account, app: App) -> None:
        self.account = account
        self.app = app
        self._world = world

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def chat_id(self) -> int:
        """The private chat with the bot, which has the person's own id."""
        return self.account.id

    async def says(
        self,
        text: str,
        chat_id: int | None = None,
        reply_to: Message | Seen | None = None,
        thread: int | None = None,
        quote: str = "",
        date: int | None = None,
    ) -> Message:
        """Write a text, in a forum to the topic `thread`; over 4,096 characters it goes as several messages.

        An answer may point at a part of what it answers, its `quote`. date: when Telegram says that it was sent, in
        seconds since 1970.
        """
        answered = None if reply_to is None else self._current(reply_to)
        return self.app.write(text, self._chat(chat_id), answered, thread, quote, date)

    async def sends_file(
        self,
        name: str,
        data: bytes,
        caption: str | None = None,
        mime_type: str = "application/octet-stream",
        chat_id: int | None = None,
        reply_to: Message | Seen | None = None,
    ) -> Message:
        answered = None if reply_to is None else self._current(reply_to)
        upload = Upload(name, mime_type, data)
        return self.app.send_file("document", upload, caption, self._chat(chat_id), reply_to=answered)

    async def sends_photo(self, data: bytes, caption: str | None = None, chat_id: int | None = None) -> Message:
        return self.app.send_file("photo", Upload("photo.jpg", "image/jpeg", data), caption, self._chat(chat_id))

    async def sends_voice(self, data: bytes, duration: int = 1, chat_id: int | None = None) -> Message:
        """Send a voice note; `duration` in seconds."""
        return self.app.send_file("voice", Upload("voice.ogg", "audio/ogg", data), None, self._chat(chat_id), duration)

    async def sends_audio(self, name: str, data: bytes, duration: int = 1, caption: str | None = None) -> Message:
        """Send an audio file; `duration` in seconds."""
        return self.app.send_file("audio", Upload(name, "audio/mpeg", data), caption, self._chat(None), duration)

    async def sends_location(self, latitude: float, longitude: float, chat_id: int | None = None) -> Message:
        """Share where they are."""
        return self.app.send_location(latitude, longitude, self._chat(chat_id))

    async def moves(self, message: Message | Seen, latitude: float, longitude: float) -> Message:
        """Go elsewhere while a location is shared."""
        return self.app.move(self._current(message), latitude, longitude)

    async def sends_album(self, *files: tuple[str, bytes, str], caption: str | None = None) -> list[Message]:
        """Send files of (name, data, MIME type) as one album, pictures as photos; the caption is the first one's."""
        images = {"image/jpeg", "image/png"}
        items = [("photo" if mime in images else "document", Upload(name, mime, data)) for name, data, mime in files]
        return self.app.send_album(items, caption, self._chat(None))

    async def forwards(self, message: Message | Seen, chat_id: int | None = None) -> Message:
        """Forward a message from any chat, by default to the bot."""
        return self.app.forward(self._current(message), self._chat(chat_id))

    async def edits(self, message: Message | Seen, text: str) -> Message:
        """Edit one of their own messages: its text or caption."""
        return self.app.edit(self._current(message), text)

    async def replaces(
        self, message: Message | Seen, name: str, data: bytes, kind: str = "document", duration: int = 0
    ) -> Message:
        """Put another file into one of their own messages: a `document`, or an `audio` of so many seconds."""
        mime_type = "audio/mpeg" if kind == "audio" else "text/plain"
        return self.app.replace_file(self._current(message), kind, Upload(name, mime_type, data), duration)

    async def reacts(self, message: Message | Seen, emoji: str) -> None:
        """React to a message; the bot hears of it only when it asked for `message_reaction` updates."""
        self.app.react(self._current(message), emoji)

    async def taps(
        self,
        button: str | Button,
        message: Message | Seen | None = None,
        chat_id: int | None = None,
        *,
        timeout: float = 20.0,
    ) -> Toast:
        """Tap the newest button with this label, else one whose label contains it, and wait for the bot's answer.

        Raises NotSeen when there is no such callback button, or when no answer came within `timeout` seconds.
        """
        chat = self._chat(message.chat_id if message is not None else chat_id)
        label = button if isinstance(button, str) else button.label
        numbers = reversed(chat.with_buttons) if message is None else (message.id,)
        found = closest((chat.messages[number] for number in numbers if number in chat.messages), label)
        if found is None:
            raise self._not_seen(f"there is no button {label!r}", chat)
        holder, raw = found
        if "callback_data" not in raw:
            raise self._not_seen(f"the button {label!r} is not answered by the bot: {raw}", chat)
        return await self._answer(self.app.tap(holder, str(raw["callback_data"]), str(raw["text"])), label, timeout)

    async def taps_raw(self, data: str, message: Message | Seen, *, timeout: float = 20.0) -> Toast:
        """Tap with data of one's own making, as a forged client can; waits like `taps`."""
        return await self._answer(self.app.tap(self._current(message), data, data), data, timeout)

    def blocks(self) -> None:
        """Block the bot: what it sends is refused with 403 from now on."""
        self.app.set_blocked(True)

    def unblocks(self) -> None:
        self.app.set_blocked(False)

    def mark(self) -> int:
        """The present moment, for `sees(after=...)`."""
        return self._world.seq

    async def sees(
        self,
        wanted: str | re.Pattern[str],
        *,
        timeout: float = 20.0,
        after: Seen | Message | int | None = None,
        message: Seen | Message | None = None,
        chat_id: int | None = None,
    ) -> Seen:
        """Wait for a bot message whose text, caption or file name contains the string or matches the pattern.

        Without `after`, the newest message in view that matches, else the first to come. With `after`, the first
        version (new or edited) since then that matched, even if it was edited again. With `message`, only that one
        counts, since several cards may say the same. Raises NotSeen after `timeout` s.
        """
        chat, matches = self._chat(message.chat_id if message is not None else chat_id), matcher(wanted)
        if message is not None:
            matches = _only(message.id, matches)
        found = _in_view(chat, matches) if after is None else _first_since(chat, after, matches)
        if found is None:
            found = await self._awaited(chat, matches, f"{wanted!r} did not come within {timeout:g} s", timeout)
        return seen(self._world, found)

    def messages(self, chat_id: int | None = None) -> list[Seen]:
        """The chat as it stands, oldest first."""
        return [seen(self._world, message) for message in self._chat(chat_id).messages.values()]

    @property
    def last(self) -> Seen:
        """The bot's newest message in the private chat; raises NotSeen when there is none."""
        chat = self._chat(None)
        found = _in_view(chat, lambda _: True)
        if found is None:
            raise self._not_seen("the bot has written nothing", chat)
        return seen(self._world, found)

    def commands(self, chat_id: int | None = None) -> dict[str, str]:
        """The command menu of a chat: descriptions by command."""
        found = visible_commands(self._world, self._chat(chat_id), self.account)
        return {entry["command"]: entry["description"] for entry in found}

    def transcript(self, chat_id: int | None = None) -> str:
        """The chat as text, oldest message first."""
        return transcript(self._chat(chat_id), self._world)

    def _chat(self, chat_id: int | None) -> Chat:
        return self._world.chats[self.chat_id if chat_id is None else chat_id]

    def _current(self, message: Message | Seen) -> Message:
        return self._world.chats[message.chat_id].messages[message.id]

    async def _awaited(self, chat: Chat, matches: Callable[[Message], bool], complaint: str, timeout: float) -> Message:
        waiter = chat.watch(matches)
        try:
            async with asyncio.timeout(timeout):
                return await waiter.found
        except TimeoutError:
            raise self._not_seen(complaint, chat) from None
        finally:
            chat.waiters.discard(waiter)

    async def _answer(self, query: Query, label: str, timeout: float) -> Toast:
        try:
            async with asyncio.timeout(timeout):
                return await query.answer
        except TimeoutError:
            chat = self._world.chats[query.chat_id]
            raise self._not_seen(f"the tap on {label!r} was not answered within {timeout:g} s", chat) from None

    def _not_seen(self, complaint: str, chat: Chat) -> NotSeen:
        shown = transcript(chat, self._world, _SHOWN_ON_FAILURE)
        return NotSeen(f"{self.account.first_name}: {complaint}. The chat:\n{shown}")


def _only(number: int, matches: Callable[[Message], bool]) -> Callable[[Message], bool]:
    return lambda message: message.id == number and matches(message)


def _in_view(chat: Chat, matches: Callable[[Message], bool]) -> Message | None:
    return next((message for message in chat.newest() if message.from_bot and matches(message)), None)


def _first_since(chat: Chat, moment: Seen | Message | int, matches: Callable[[Message], bool]) -> Message | None:
    seq = moment if isinstance(moment, int) else moment.seq
    found = None
    for version in reversed(chat.journal):
        if version.seq <= seq:
            break
        if matches(version):
            found = version
    return found
