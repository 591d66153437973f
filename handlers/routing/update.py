"""What came from a chat, read from Telegram's raw update: https://core.telegram.org/bots/api#update."""

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bot.briefs.material import FileKind, SentFile, kind_of
from bot.kernel.text.storable import is_blank
from bot.models.sounds import is_sound, sound_name
from handlers.routing.soundness import NotAnUpdate, check_kind, checked
from handlers.routing.typed import command_in
from handlers.routing.wording import has_media, parts_of_poll, words_of

UpdateKind = Literal[
    "message", "edit", "tap", "blocked", "unblocked", "left", "joined", "moved", "anonymous", "other", "unreadable"
]
NEVER = datetime.fromtimestamp(0, UTC)
# What people put into a chat: https://core.telegram.org/bots/api#message. A message with none of it was written by an
# app itself: somebody pinned, joined, paid, changed a title.
KINDS_OF_CONTENT = """
text caption photo document audio voice video video_note animation sticker live_photo paid_media story rich_message
checklist contact dice game poll venue location
"""
CONTENT = frozenset(KINDS_OF_CONTENT.split())
GONE = frozenset({"kicked", "left"})
PAID = frozenset({"photo", "video", "live_photo"})
# Of a message in another chat that is answered: https://core.telegram.org/bots/api#externalreplyinfo.
MEDIA = PAID | {"animation", "audio", "document", "paid_media", "story", "video_note", "voice", "checklist", "poll"}
OTHERS = ("video", "video_note", "animation", "sticker")
TYPES = {"voice": "audio/ogg", "video_note": "video/mp4"}  # where Telegram tells none
# Where the type of a file without a name is none of `mimetypes`, or that has an ending that nobody uses.
ENDINGS = {"text/plain": ".txt", "text/markdown": ".md", "application/rtf": ".rtf", "text/rtf": ".rtf"}


@dataclass(frozen=True, slots=True)
class Update:
    """One update. `text` is a message's text or caption, `data` a tapped button's data.

    album: names the album that the message is a part of; album_keys: of its messages that are here, in their order;
    words_before: its words before this edit, None where that is not known.
    forwarded_from: whose words they are, where Telegram tells.
    shown: the text of the message whose button was tapped.
    replied_data: the data of the first button under the message that this one answers; quote: the part it points at;
    replied_id: that message's number, where it is a bot's. quoted_from: whose words the quote is, in another chat.
    topic: of a forum, in which the answer belongs.
    chat_title, public: of a group; anybody can read along in a public one.
    moved: the id that a group had, and the one that it has since it became a supergroup.
    sent_at: by Telegram's clock, in whole seconds.
    location: latitude and longitude of where the sender is, where they shared that.
    unread: what came with it and is not read, by the names that `handlers.routing.waiting` has words for.
    followed: the rest of its text is in the next message of the chat, which waits already.
    fault: what keeps an unreadable update from being read; no word of anybody's.
    """

    kind: UpdateKind
    chat_id: int = 0
    private: bool = True
    user_id: int = 0
    user_name: str = ""
    language: str = ""
    message_id: int = 0
    text: str = ""
    callback_id: str = ""
    data: str = ""
    file: SentFile | None = None
    album: str = ""
    album_keys: tuple[str, ...] = ()
    words_before: str | None = None
    forwarded_from: str = ""
    shown: str = ""
    replied_data: str = ""
    replied_id: int = 0
    quote: str = ""
    quoted_from: str = ""
    unread: tuple[str, ...] = ()
    topic: int = 0
    chat_title: str = ""
    public: bool = False
    moved: tuple[int, int] = (0, 0)
    sent_at: datetime = NEVER
    followed: bool = False
    location: tuple[float, float] | None = None
    fault: str = ""

    @property
    def source_key(self) -> str:
        """Names the message once and for ever."""
        return f"telegram:{self.chat_id}:{self.message_id}"

    @property
    def key(self) -> str:
        """Names a message or a tap once and for ever; "" for everything else, which may be dealt with twice."""
        if self.kind == "tap":
            return f"tap:{self.callback_id}" if self.callback_id else ""
        return self.source_key if self.kind == "message" else ""


def message_of(source_key: str) -> tuple[int, int]:
    """The chat and the number of the message that the key names."""
    _telegram, chat_id, message_id = source_key.split(":")
    return int(chat_id), int(message_id)


def brief_words(text: str) -> str | None:
    """The words of a message that may be a brief: all of it, or what stands behind /brief; None for other commands."""
    typed = command_in(text)
    if typed is None:
        return text
    return typed.rest if typed.name == "brief" and not typed.subject else None


def read(update: Any) -> Update:
    """Read an update; what EchoPilot has no use for (channel posts, bots' own messages) is of kind "other".

    Whatever it is: what is no update, or has other values than Telegram's, is of kind "unreadable".
    """
    try:
        check_kind(update)
        return checked(_read(update))
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, OSError) as error:
        why = str(error) if isinstance(error, NotAnUpdate) else f"not as Telegram writes it ({type(error).__name__})"
        return Update("unreadable", fault=why)


def _read(update: Mapping[str, Any]) -> Update:
    if "callback_query" in update:
        return _tap(update["callback_query"])
    if "my_chat_member" in update:
        return _membership(update["my_chat_member"])
    message = update.get("message") or update.get("edited_message")
    if message is None:
        return Update("other")
    if _moves(message):
        return _moved(message)
    if "sender_chat" in message:
        return _unnamed(message)
    if message.get("from", {}).get("is_bot", True) or CONTENT.isdisjoint(message):
        return Update("other")
    return Update(
        kind="edit" if "edited_message" in update else "message",
        text=words_of(message),
        file=_file(message),
        message_id=message["message_id"],
        album=message.get("media_group_id", ""),
        forwarded_from=_origin(message.get("forward_origin", {})),
        replied_data=_first_data(message.get("reply_to_message", {})),
        replied_id=_of_a_bot(message.get("reply_to_message", {})),
        quote=message.get("quote", {}).get("text", ""),
        quoted_from=_origin(message.get("external_reply", {}).get("origin", {})),
        unread=tuple(_unread(message)),
        topic=_topic(message),
        sent_at=datetime.fromtimestamp(message.get("date", 0), UTC),
        location=_location(message),
        **_where(message["chat"]),
        **_who(message["from"]),
    )


def _tap(query: Mapping[str, Any]) -> Update:
    message = query.get("message")
    if message is None or "data" not in query:
        return Update("other")
    return Update(
        kind="tap",
        callback_id=query["id"],
        data=query["data"],
        shown=message.get("text", ""),
        message_id=message["message_id"],
        topic=_topic(message),
        **_where(message["chat"]),
        **_who(query["from"]),
    )


def _membership(change: Mapping[str, Any]) -> Update:
    """Who takes the bot out of a group has not blocked it; a group that takes it in again may have missed something."""
    was = change.get("old_chat_member", {}).get("status")
    gone = change["new_chat_member"]["status"] in GONE
    kind: UpdateKind = "blocked" if gone else "unblocked"
    if change["chat"]["type"] != "private":
        kind = "left" if gone else "joined" if was in GONE else "other"
    return Update(kind=kind, **_where(change["chat"]), **_who(change["from"]))


def _moves(message: Mapping[str, Any]) -> bool:
    return any(isinstance(message.get(f"migrate_{way}_chat_id"), int) for way in ("to", "from"))


def _moved(message: Mapping[str, Any]) -> Update:
    """The old group says where to, the new one where from, before anything else that comes from it."""
    here = message["chat"]["id"]
    old, new = message.get("migrate_from_chat_id", here), message.get("migrate_to_chat_id", here)
    return Update(kind="moved", chat_id=here, private=False, moved=(old, new))


def _unnamed(message: Mapping[str, Any]) -> Update:
    """What somebody wrote as a chat: whoever `from` names then, it is not them, and nobody has a role by it.

    https://core.telegram.org/bots/api#message (sender_chat). An anonymous admin of the group reads how to be heard.
    """
    text = message.get("text") or message.get("caption") or ""
    if message["sender_chat"].get("id") != message["chat"]["id"] or command_in(text) is None:
        return Update("other")
    return Update(kind="anonymous", text=text, topic=_topic(message), **_where(message["chat"]))


def _where(chat: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "chat_id": chat["id"],
        "private": chat["type"] == "private",
        "chat_title": chat.get("title", ""),
        "public": chat["type"] != "private" and bool(chat.get("username") or chat.get("active_usernames")),
    }


def _topic(message: Mapping[str, Any]) -> int:
    """Elsewhere than in forums the same number names a thread of answers, which nothing can be sent to."""
    return int(message["message_thread_id"]) if message.get("is_topic_message") else 0


def _who(user: Mapping[str, Any]) -> dict[str, Any]:
    name = " ".join(part for part in (user.get("first_name"), user.get("last_name")) if part)
    known = str(user["id"]) if is_blank(name) else name
    return {"user_id": user["id"], "user_name": known, "language": user.get("language_code", "")}


def _origin(origin: Mapping[str, Any]) -> str:
    """https://core.telegram.org/bots/api#messageorigin: a person, one who hides their account, a chat, a channel."""
    if "sender_user" in origin:
        return str(_who(origin["sender_user"])["user_name"])
    chat = origin.get("sender_chat") or origin.get("chat") or {}
    return str(origin.get("sender_user_name") or chat.get("title") or "")


def _location(message: Mapping[str, Any]) -> tuple[float, float] | None:
    """Where its sender is: no venue, which is a place that is spoken of, and nobody else's location."""
    if "location" not in message or "venue" in message or "forward_origin" in message:
        return None
    latitude, longitude = (message["location"].get(name) for name in ("latitude", "longitude"))
    if not all(isinstance(degrees, int | float) for degrees in (latitude, longitude)):
        return None
    return (float(latitude), float(longitude)) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _first_data(message: Mapping[str, Any]) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return next((button["callback_data"] for row in rows for button in row if "callback_data" in button), "")


def _of_a_bot(message: Mapping[str, Any]) -> int:
    return int(message["message_id"]) if message.get("from", {}).get("is_bot") else 0


def _file(message: Mapping[str, Any]) -> SentFile | None:
    message = {**message, **next(iter(_paid_for(message)), {}), **_still(message.get("live_photo", {}))}
    if message.get("photo"):
        largest = message["photo"][-1]
        return SentFile(largest["file_id"], "photo.jpg", largest.get("file_size") or 0, "image/jpeg", "image")
    for kind in ("document", "audio", "voice", *OTHERS):
        if kind in message:
            file = message[kind]
            mime_type = file.get("mime_type") or TYPES.get(kind, "")
            name = _named(kind, file.get("file_name") or "", mime_type)
            what = _what(kind, name, mime_type, silent="animation" in message)
            seconds = file.get("duration") or 0
            return SentFile(file["file_id"], name, file.get("file_size") or 0, mime_type, what, seconds)
    return None


def _paid_for(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What was paid for and can be fetched: https://core.telegram.org/bots/api#paidmedia; a preview cannot."""
    media = message.get("paid_media", {}).get("paid_media", ())
    return [_still(one["live_photo"]) if "live_photo" in one else one for one in media if not PAID.isdisjoint(one)]


def _still(live: Mapping[str, Any]) -> Mapping[str, Any]:
    """The picture of a live photo, in its sizes."""
    return {"photo": live["photo"]} if live.get("photo") else {}


def _unread(message: Mapping[str, Any]) -> Iterator[str]:
    """What a reader sees in the message or right beside it, and is neither its words nor its file."""
    paid = message.get("paid_media", {}).get("paid_media", ())
    if "paid_media" in message and (len(paid) > 1 or not _paid_for(message)):
        yield "paid media"
    if "story" in message or "reply_to_story" in message:
        yield "story"
    if "game" in message:
        yield "game"
    if has_media(message.get("rich_message", {})) or any("media" in part for part in parts_of_poll(message)):
        yield "inside"
    if not MEDIA.isdisjoint(message.get("external_reply", {})):
        yield "elsewhere"


def _named(kind: str, name: str, mime_type: str) -> str:
    """A name for what has none in Telegram, and for recordings one that says what they are."""
    if kind == "document" and not is_sound(name, mime_type):
        return name or f"document{ENDINGS.get(mime_type) or mimetypes.guess_extension(mime_type) or ''}"
    return sound_name(name or kind, mime_type)


def _what(kind: str, name: str, mime_type: str, *, silent: bool) -> FileKind:
    """silent: an animation, which is a film without sound, and comes as a document too."""
    if silent:
        return "document"
    return "voice" if kind == "voice" else "audio" if kind == "audio" else kind_of(name, mime_type)
