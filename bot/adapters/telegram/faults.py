"""What Telegram's errors mean for who asked."""

from datetime import timedelta

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

from bot.kernel.errors import ProviderError
from bot.messages.ports import Blocked, ChatMoved, MessageGone, OtherPoller, TokenRefused

GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",  # a file stays one
)
UNREACHABLE = (  # what a chat answers with 400 where others answer 403
    "chat not found",
    "not enough rights to send",
    "have no rights to send",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "peer_id_invalid",
    "user_is_blocked",
    "group chat was deactivated",
    "topic_closed",
)
NO_TOPIC = ("message thread not found", "topic_deleted", "topic_id_invalid", "the chat is not a forum")
NO_COPY = ("message to copy not found", "message can't be copied", "has protected content")
TOO_MUCH = ("is too long", "entities_too_long", "message_too_long", "can't parse entities", "media_caption_too_long")


class TopicGone(ProviderError):
    """The forum has no such topic any more."""


class CopyGone(ProviderError):
    """The message whose file is to be shown is there no more, or may not be copied."""


class TooMuch(ProviderError):
    """The text, or its formatting, is more than one message holds."""


def decided(error: TelegramError) -> ProviderError:
    """The error that carries the decision."""
    match error:
        case BadRequest():
            return _refused(str(error))
        case Forbidden():
            return Blocked(str(error))
        case ChatMigrated():
            return ChatMoved(error.new_chat_id)
        case RetryAfter():
            return ProviderError("Telegram", "too many messages", retry_after=_seconds(error.retry_after))
        case Conflict():
            return OtherPoller(str(error))
        case InvalidToken():  # its own text holds the token
            return TokenRefused()
        case NetworkError():
            return ProviderError("Telegram", f"no answer ({type(error).__name__})", unknown=True)
    return ProviderError("Telegram", str(error))


def _refused(reason: str) -> ProviderError:
    """A 400 says only in words what is wrong."""
    words = reason.lower()
    if any(gone in words for gone in GONE):
        return MessageGone(reason)
    if any(closed in words for closed in UNREACHABLE):
        return Blocked(reason)
    for kind, known in ((TopicGone, NO_TOPIC), (CopyGone, NO_COPY), (TooMuch, TOO_MUCH)):
        if any(part in words for part in known):
            return kind("Telegram", reason, permanent=True)
    return ProviderError("Telegram", reason, permanent=True)


def _seconds(value: int | timedelta) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
