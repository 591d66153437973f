"""Telegram's Bot API through python-telegram-bot's `Bot`: Cards out, raw updates in, errors that carry the decision."""

import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
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
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.access.buttons import ButtonSigner, Tap
from bot.adapters.telegram_http import AiohttpRequest
from bot.adapters.telegram_pace import Pace
from bot.kernel.card import Card
from bot.kernel.errors import ProviderError
from bot.kernel.telegram import Blocked, ChatMoved, MessageGone, OtherPoller

LONG_POLL_SECONDS = 25
TRIES = 5
UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


NEEDED = ("message_id", "date", "chat")  # of a message that we sent: the id, and what the library cannot do without


class _Receipts(AiohttpRequest):
    """Takes of a sent message what is needed; the library makes objects of all that an answer repeats to us."""

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]
        """The answer, shortened where it is a message."""
        answer = super().parse_json_payload(payload)
        result = answer.get("result")
        if isinstance(result, dict) and "message_id" in result:
            answer["result"] = {name: result[name] for name in NEEDED}
        return answer


class _RawUpdates(AiohttpRequest):
    """Keeps updates as Telegram wrote them; the library would make objects of them, and we plain values of those."""

    def __init__(self, api_url: str, connections: int, read_timeout: float) -> None:
        super().__init__(api_url, connections, read_timeout)
        self._updates: list[dict[str, Any]] = []

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]
        """The answer, without the updates where these were asked for."""
        answer = super().parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            self._updates, answer["result"] = answer["result"], []
        return answer

    def take(self) -> list[dict[str, Any]]:
        """The updates of the last poll, once."""
        updates, self._updates = self._updates, []
        return updates


class Telegram:
    """One bot. Use as an async context manager; every send waits for its turn in `pace`."""

    def __init__(self, token: str, api_url: str, signer: ButtonSigner, pace: Pace) -> None:
        self._raw = _RawUpdates(api_url, 2, read_timeout=LONG_POLL_SECONDS + 10)
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=_Receipts(api_url, 64, read_timeout=20),
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

    @property
    def username(self) -> str:
        """The bot's user name, for invitation links."""
        return str(self._bot.username)

    async def get_updates(self, offset: int) -> list[dict[str, Any]]:
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

    async def send(self, chat_id: int, card: Card, *, user_id: int | None = None) -> int:
        """Show a Card as a new message and return the message's id.

        user_id: who may tap its buttons (in a private chat, the chat itself). Raises Blocked, ChatMoved, ProviderError.
        """
        markup = self._markup(card, chat_id, user_id or chat_id)
        options: dict[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": markup,
            "disable_notification": card.silent,
        }
        async with self._pace.turn(chat_id):
            if card.document is None:
                message = await self.call(
                    self._bot.send_message(chat_id, card.text, link_preview_options=NO_PREVIEW, **options)
                )
            else:
                file = InputFile(card.document.data, filename=card.document.name)
                message = await self.call(self._bot.send_document(chat_id, file, caption=card.text, **options))
        assert isinstance(message, Message)
        return message.message_id

    async def edit(self, chat_id: int, message_id: int, card: Card, *, user_id: int | None = None) -> None:
        """Show a Card in place of a message. Raises MessageGone, Blocked, ChatMoved, ProviderError."""
        async with self._pace.turn(chat_id):
            await self.call(
                self._bot.edit_message_text(
                    card.text,
                    chat_id=chat_id,
                    message_id=message_id,
                    parse_mode=ParseMode.HTML,
                    reply_markup=self._markup(card, chat_id, user_id or chat_id),
                    link_preview_options=NO_PREVIEW,
                )
            )

    async def preview(self, chat_id: int, preview_id: int, html: str) -> None:
        """Show a text that is being written, unless messages wait for their turn. Raises ProviderError."""
        if self._pace.has_room(chat_id):
            await self.call(self._bot.send_message_draft(chat_id, preview_id, html, parse_mode=ParseMode.HTML))

    async def answer(self, callback_id: str, text: str, *, alert: bool = False) -> None:
        """Answer a tap, with a popup where there is a text."""
        await self.call(self._bot.answer_callback_query(callback_id, text=text[:200] or None, show_alert=alert or None))

    async def typing(self, chat_id: int) -> None:
        """Show for some seconds that an answer is being made; it is no matter if that does not come through."""
        with suppress(ProviderError):
            await self.call(self._bot.send_chat_action(chat_id, ChatAction.TYPING))

    async def download(self, file_id: str) -> bytes:
        """A file that somebody sent; Telegram hands out up to 20 MB."""
        file = await self.call(self._bot.get_file(file_id))
        return bytes(await self.call(file.download_as_bytearray()))

    async def set_menu(self, commands: Sequence[tuple[str, str]], chat_id: int | None = None) -> None:
        """Set the command menu of everybody, or of one chat."""
        scope: BotCommandScope = BotCommandScopeDefault() if chat_id is None else BotCommandScopeChat(chat_id)
        await self._repeat(lambda: self._bot.set_my_commands([BotCommand(*command) for command in commands], scope))

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to the chat for so long."""
        self._pace.hold(chat_id, seconds)

    def _markup(self, card: Card, chat_id: int, user_id: int) -> InlineKeyboardMarkup | None:
        if not card.rows:
            return None
        rows = [
            [
                InlineKeyboardButton(button.label, url=button.url)
                if button.url
                else InlineKeyboardButton(
                    button.label,
                    callback_data=self._signer.pack(
                        Tap(button.action, button.subject, button.version), user_id=user_id, chat_id=chat_id
                    ),
                )
                for button in row
            ]
            for row in card.rows
        ]
        return InlineKeyboardMarkup(rows)

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
            raise _decided(error) from None


def _unanswered(error: Exception) -> bool:
    return isinstance(error, ProviderError) and error.unknown


def _decided(error: TelegramError) -> ProviderError:
    words = str(error).lower()
    match error:
        case BadRequest() if any(gone in words for gone in GONE):
            return MessageGone(str(error))
        case BadRequest() if "chat not found" in words:
            return Blocked(str(error))
        case Forbidden():
            return Blocked(str(error))
        case ChatMigrated():
            return ChatMoved(error.new_chat_id)
        case RetryAfter():
            return ProviderError("Telegram", "too many messages", retry_after=_seconds(error.retry_after))
        case Conflict():
            return OtherPoller(str(error))
        case InvalidToken():  # its own text holds the token
            return ProviderError("Telegram", "the bot token is refused", permanent=True)
        case BadRequest():
            return ProviderError("Telegram", str(error), permanent=True)
        case NetworkError():
            return ProviderError("Telegram", f"no answer ({type(error).__name__})", unknown=True)
    return ProviderError("Telegram", str(error))


def _seconds(value: int | timedelta) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
