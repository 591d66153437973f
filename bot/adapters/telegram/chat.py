"""Telegram's Bot API through python-telegram-bot's `Bot`: Cards out, raw updates in, errors that carry the decision."""

import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

# Read by the library at import: without it every 429 raises a deprecation warning beside the error.
os.environ.setdefault("PTB_TIMEDELTA", "true")

import stamina
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    MessageId,
    WebAppInfo,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError

from bot.access.buttons import ButtonSigner, Tap
from bot.adapters.telegram.faults import CopyGone, TooMuch, TopicGone, decided
from bot.adapters.telegram.http import AiohttpRequest, Seen
from bot.adapters.telegram.pace import Pace
from bot.kernel.card import LONGEST_TOAST, Button, Card
from bot.kernel.errors import ProviderError, Refusal
from bot.kernel.text.fitting import BEGINNING, as_edit, cut, fitted, shortened
from bot.kernel.text.storable import read_json
from bot.kernel.translation import gettext as _
from bot.messages.ports import MessageGone

LONG_POLL_SECONDS = 25
TRIES = 5
UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


NEEDED = ("message_id", "date", "chat")  # of a message that we sent: the id, and what the library cannot do without


def read_answer(payload: bytes) -> dict[str, Any]:
    """An answer of the Bot API; raises TelegramError for what is none."""
    try:
        answer = read_json(payload.decode(errors="replace").encode())
    except ValueError:
        raise TelegramError("an answer that is no JSON") from None
    if not isinstance(answer, dict):
        raise TelegramError("an answer that is no object")
    return answer


class _Receipts(AiohttpRequest):
    """Takes of a sent message what is needed, and of a changed one nothing, as the Bot API itself answers at times; the
    library makes objects of all that an answer repeats to us.
    """

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]
        """The answer, shortened where it is a message."""
        answer = read_answer(payload)
        result = answer.get("result")
        if isinstance(result, dict) and "message_id" in result and len(result) > 1:  # that of a copy says no more
            answer["result"] = "edit_date" in result or {name: result[name] for name in NEEDED}
        return answer


class _RawUpdates(AiohttpRequest):
    """Keeps updates as Telegram wrote them; the library would make objects of them, and we plain values of those."""

    def __init__(self, api_url: str, connections: int, read_timeout: float) -> None:
        super().__init__(api_url, connections, read_timeout)
        self._updates: list[Any] = []

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]
        """The answer, without the updates where these were asked for."""
        answer = read_answer(payload)
        if answer.get("ok") is True and not isinstance(answer.get("result"), list):
            raise TelegramError("an answer without updates")
        if isinstance(answer.get("result"), list):
            self._updates, answer["result"] = answer["result"], []
        return answer

    def take(self) -> list[Any]:
        """The updates of the last poll, whatever they are, once."""
        updates, self._updates = self._updates, []
        return updates


class Telegram:
    """One bot. Use as an async context manager; every send waits for its turn in `pace`."""

    def __init__(self, token: str, api_url: str, signer: ButtonSigner, pace: Pace) -> None:
        self._raw = _RawUpdates(api_url, 2, read_timeout=LONG_POLL_SECONDS + 10)
        self._requests = _Receipts(api_url, 64, read_timeout=20)
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._requests,
            get_updates_request=self._raw,
        )
        self._signer = signer
        self._pace = pace

    async def __aenter__(self) -> Self:
        try:
            await self._repeat(self._bot.initialize)
        except BaseException:
            await self._bot.shutdown()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._bot.shutdown()

    def heard_by(self, seen: Seen) -> None:
        """Have every request told, but for the questions for updates, which wait until there are any."""
        self._requests.seen = seen

    @property
    def username(self) -> str:
        """The bot's user name, for invitation links."""
        return str(self._bot.username)

    async def get_updates(self, offset: int) -> list[Any]:
        """Wait up to LONG_POLL_SECONDS for updates from `offset` on. Asking for the next ones confirms these.

        Raises OtherPoller where another process polls, ProviderError otherwise.
        """
        poll = self._bot.get_updates(offset=offset, timeout=LONG_POLL_SECONDS, allowed_updates=UPDATES, limit=100)
        await self.call(poll)
        return self._raw.take()

    async def receive_by_webhook(self, url: str, secret: str) -> None:
        """Have updates sent to `url`; nothing that waits is dropped."""
        options: dict[str, Any] = {"secret_token": secret, "allowed_updates": UPDATES, "max_connections": 40}
        await self._repeat(lambda: self._bot.set_webhook(url, **options))

    async def webhook(self) -> tuple[str, str]:
        """Where Telegram sends updates ("" where nowhere), and the last thing that went wrong with it."""
        info = await self.call(self._bot.get_webhook_info())
        return info.url, info.last_error_message or ""

    async def receive_by_polling(self) -> None:
        await self._repeat(self._bot.delete_webhook)

    async def send(self, chat_id: int, card: Card, *, topic: int = 0) -> int:
        """Show a Card as a new message and return the message's id.

        topic: of a forum; where that is gone, the Card goes to the chat itself. Raises Blocked, ChatMoved,
        ProviderError.
        """
        card = fitted(card)
        try:
            return await self._send(chat_id, card, topic)
        except TopicGone:
            return await self._send(chat_id, card, 0)
        except TooMuch:  # Telegram counts otherwise than we do
            return await self._send(chat_id, shortened(card), topic)
        except CopyGone:
            words = _("The file was deleted before I could pass it on.")
            return await self._send(chat_id, replace(card, text=f"{card.text}\n{words}", copied=None), topic)

    async def _send(self, chat_id: int, card: Card, topic: int) -> int:
        options: dict[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": self._markup(card, chat_id),
            "disable_notification": card.silent,
            "message_thread_id": topic or None,
        }
        async with self._pace.turn(chat_id, singly=card.singly):
            if card.copied is not None:
                chat, number = card.copied
                copied = await self.call(self._bot.copy_message(chat_id, chat, number, caption=card.text, **options))
                assert isinstance(copied, MessageId)
                return copied.message_id
            message = await self.call(self._sent(chat_id, card, options))
        assert isinstance(message, Message)
        return message.message_id

    def _sent(self, chat_id: int, card: Card, options: dict[str, Any]) -> Awaitable[Message]:
        if card.picture is not None:
            file = InputFile(card.picture.data, filename=card.picture.name)
            return self._bot.send_photo(chat_id, file, caption=card.text, **options)
        if card.document is not None:
            file = InputFile(card.document.data, filename=card.document.name)
            return self._bot.send_document(chat_id, file, caption=card.text, **options)
        return self._bot.send_message(chat_id, card.text, link_preview_options=NO_PREVIEW, **options)

    async def edit(self, chat_id: int, message_id: int, card: Card) -> None:
        """Show a Card in place of a message; a text may become a picture, and never the other way round.

        Raises MessageGone, Blocked, ChatMoved, ProviderError.
        """
        if card.document is not None or card.copied is not None:
            raise MessageGone("a text does not become a file")
        card = as_edit(card)
        if not card.text:
            async with self._pace.turn(chat_id):
                await self.call(
                    self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=self._markup(card, chat_id))
                )
            return
        try:
            await self._edit(chat_id, message_id, card)
        except TooMuch:
            await self._edit(chat_id, message_id, replace(card, text=cut(card.text, BEGINNING)))

    async def _edit(self, chat_id: int, message_id: int, card: Card) -> None:
        async with self._pace.turn(chat_id):
            if card.picture is not None:
                media = InputMediaPhoto(
                    card.picture.data, card.text, parse_mode=ParseMode.HTML, filename=card.picture.name
                )
                markup = self._markup(card, chat_id)
                await self.call(self._bot.edit_message_media(media, chat_id, message_id, reply_markup=markup))
                return
            await self.call(
                self._bot.edit_message_text(
                    card.text,
                    chat_id=chat_id,
                    message_id=message_id,
                    parse_mode=ParseMode.HTML,
                    reply_markup=self._markup(card, chat_id),
                    link_preview_options=NO_PREVIEW,
                )
            )

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete a message: ours, or in a private chat theirs, within two days. Raises ProviderError."""
        try:
            await self.call(self._bot.delete_message(chat_id, message_id))
        except ProviderError as error:
            if "not found" not in str(error).lower():
                raise

    async def preview(self, chat_id: int, preview_id: int, html: str, topic: int = 0) -> None:
        """Show a text that is being written, unless messages wait for their turn. Raises ProviderError."""
        if self._pace.has_room(chat_id):
            options: dict[str, Any] = {"parse_mode": ParseMode.HTML, "message_thread_id": topic or None}
            await self.call(self._bot.send_message_draft(chat_id, preview_id, html, **options))

    async def answer(self, callback_id: str, text: str, *, alert: bool = False) -> None:
        """Answer a tap, with a popup where there is a text."""
        words = text[:LONGEST_TOAST] or None
        await self.call(self._bot.answer_callback_query(callback_id, text=words, show_alert=alert or None))

    async def typing(self, chat_id: int, topic: int = 0) -> None:
        """Show for some seconds that an answer is being made; it is no matter if that does not come through."""
        with suppress(ProviderError):
            await self.call(self._bot.send_chat_action(chat_id, ChatAction.TYPING, message_thread_id=topic or None))

    async def download(self, file_id: str) -> bytes:
        """A file that somebody sent; Telegram hands out up to 20 MB."""
        file = await self.call(self._bot.get_file(file_id))
        return bytes(await self.call(file.download_as_bytearray()))

    async def file_size(self, file_id: str) -> int:
        """The size of a file, in bytes; raises Refusal where it is over the 20 MB that Telegram hands out."""
        try:
            file = await self.call(self._bot.get_file(file_id))
        except ProviderError as error:
            if "file is too big" not in str(error).lower():
                raise
            raise Refusal(
                _(
                    "That file is too large: Telegram hands me files of up to 20 MB. Send the part that matters, or "
                    "its text. Nothing was started and nothing is charged."
                )
            ) from None
        return file.file_size or 0

    async def set_menu(
        self, commands: Sequence[tuple[str, str]], chat_id: int | None = None, language: str = ""
    ) -> None:
        """Set the command menu of everybody, or of one chat.

        language: only for those whose apps speak it, of two letters; empty: for all for whom there is no other.
        """
        scope: BotCommandScope = BotCommandScopeDefault() if chat_id is None else BotCommandScopeChat(chat_id)
        shown = [BotCommand(*command) for command in commands]
        await self._repeat(lambda: self._bot.set_my_commands(shown, scope, language_code=language or None))

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to the chat for so long."""
        self._pace.hold(chat_id, seconds)

    def _markup(self, card: Card, chat_id: int) -> InlineKeyboardMarkup | None:
        if not card.rows:
            return None
        return InlineKeyboardMarkup([[self._button(button, chat_id) for button in row] for row in card.rows])

    def _button(self, button: Button, chat_id: int) -> InlineKeyboardButton:
        if button.url:
            return InlineKeyboardButton(button.label, url=button.url)
        if button.web_app:
            return InlineKeyboardButton(button.label, web_app=WebAppInfo(button.web_app))
        tap = Tap(button.action, button.subject, button.version, button.choice)
        return InlineKeyboardButton(button.label, callback_data=self._signer.pack(tap, chat_id=chat_id))

    async def _repeat(self, request: Callable[[], Awaitable[Any]]) -> Any:
        """Make a request that may be made twice, such as those of a start: again where no answer came."""
        async for attempt in stamina.retry_context(on=_unanswered, attempts=TRIES, wait_initial=0.1, wait_max=1.0):
            with attempt:
                return await self.call(request())
        raise AssertionError("stamina returns or raises")

    async def call(self, request: Awaitable[Any]) -> Any:
        """Await a request to Telegram and turn what goes wrong into errors that carry the decision."""
        try:
            return await request
        except TelegramError as error:
            if "message is not modified" in str(error).lower():
                return None
            raise decided(error) from None
        except (LookupError, TypeError, ValueError, AttributeError) as error:  # the library, on an odd answer
            odd = f"an answer that cannot be read ({type(error).__name__})"
            raise ProviderError("Telegram", odd, unknown=True) from None


def _unanswered(error: Exception) -> bool:
    return isinstance(error, ProviderError) and error.unknown
