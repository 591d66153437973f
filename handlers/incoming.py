"""What came from a chat, read from Telegram's raw update: https://core.telegram.org/bots/api#update."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["message", "tap", "blocked", "unblocked", "other"]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a message; `size` in bytes as Telegram says, 0 where it does not."""

    file_id: str
    name: str
    size: int
    mime_type: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update. `text` is a message's text or caption, `data` a tapped button's data."""

    kind: Kind
    chat_id: int = 0
    private: bool = True
    user_id: int = 0
    user_name: str = ""
    language: str = "en"
    message_id: int = 0
    text: str = ""
    callback_id: str = ""
    data: str = ""
    file: SentFile | None = None


def read(update: Mapping[str, Any]) -> Incoming:
    """Read an update; what EchoPilot has no use for (channel posts, bots' own messages) is of kind "other"."""
    if "callback_query" in update:
        return _tap(update["callback_query"])
    if "my_chat_member" in update:
        return _membership(update["my_chat_member"])
    message = update.get("message") or update.get("edited_message")
    if message is None or "edited_message" in update or message.get("from", {}).get("is_bot", True):
        return Incoming("other")
    return Incoming(
        kind="message",
        text=message.get("text") or message.get("caption") or "",
        file=_file(message),
        message_id=message["message_id"],
        **_where(message["chat"]),
        **_who(message["from"]),
    )


def _tap(query: Mapping[str, Any]) -> Incoming:
    message = query.get("message")
    if message is None or "data" not in query:
        return Incoming("other")
    return Incoming(
        kind="tap",
        callback_id=query["id"],
        data=query["data"],
        message_id=message["message_id"],
        **_where(message["chat"]),
        **_who(query["from"]),
    )


def _membership(change: Mapping[str, Any]) -> Incoming:
    gone = change["new_chat_member"]["status"] in {"kicked", "left"}
    return Incoming(kind="blocked" if gone else "unblocked", **_where(change["chat"]), **_who(change["from"]))


def _where(chat: Mapping[str, Any]) -> dict[str, Any]:
    return {"chat_id": chat["id"], "private": chat["type"] == "private"}


def _who(user: Mapping[str, Any]) -> dict[str, Any]:
    name = " ".join(part for part in (user.get("first_name"), user.get("last_name")) if part)
    return {"user_id": user["id"], "user_name": name or str(user["id"]), "language": user.get("language_code", "en")}


def _file(message: Mapping[str, Any]) -> SentFile | None:
    for kind in ("document", "audio", "voice", "video"):
        if kind in message:
            file = message[kind]
            name = file.get("file_name") or kind
            return SentFile(file["file_id"], name, file.get("file_size") or 0, file.get("mime_type") or "")
    if message.get("photo"):
        largest = message["photo"][-1]
        return SentFile(largest["file_id"], "photo.jpg", largest.get("file_size") or 0, "image/jpeg")
    return None
