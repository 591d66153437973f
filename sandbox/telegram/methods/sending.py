"""Methods that put text into a chat: send, forward, copy, drafts and chat actions."""

import time

from sandbox.telegram.entities import formatted, utf16_length
from sandbox.telegram.errors import BadRequest
from sandbox.telegram.keyboards import inline_markup, reply_keyboard
from sandbox.telegram.methods.targets import (
    Method,
    found_message,
    known_chat,
    open_chat,
    placement,
    without_reply,
)
from sandbox.telegram.params import Params
from sandbox.telegram.rendering import safe_html
from sandbox.telegram.state import Json, Message, World

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_NOT_FORWARDED = frozenset({"message_id", "from", "chat", "date", "reply_to_message", "reply_markup", "edit_date"})
_CAPTIONED = frozenset({"photo", "video", "animation", "audio", "document", "voice"})
_TOPIC_FIELDS = frozenset({"message_thread_id", "is_topic_message", "media_group_id"})


def text_content(params: Params) -> Json:
    """Text and entities of a message; raises BadRequest when empty or over 4096 UTF-16 code units after parsing."""
    text, entities = formatted(params, "text", "entities")
    if not text:
        raise BadRequest("message text is empty")
    if utf16_length(text) > LONGEST_TEXT:
        raise BadRequest("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_content(params: Params) -> Json:
    """Caption and entities; empty without a caption, BadRequest when over 1024 UTF-16 code units after parsing."""
    caption, entities = formatted(params, "caption", "caption_entities")
    if utf16_length(caption) > LONGEST_CAPTION:
        raise BadRequest("message caption is too long")
    content: Json = {"caption": caption} if caption else {}
    return content | ({"caption_entities": entities} if entities else {})


def dressed(content: Json, params: Params) -> Json:
    """The content with its inline keyboard."""
    markup = inline_markup(params)
    return content if markup is None else {**content, "reply_markup": markup}


def send_message(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#sendmessage"""
    chat = open_chat(world, params)
    content = dressed(text_content(params), params) | placement(world, chat, params)
    return world.post(chat, world.bot, content, reply_keyboard(params)).body


def forward_message(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#forwardmessage"""
    chat = open_chat(world, params)
    source = _source(world, params, "forward")
    content = forwarded_content(source) | placement(world, chat, params)
    return world.post(chat, world.bot, content).body


def copy_message(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#copymessage"""
    chat = open_chat(world, params)
    source = _source(world, params, "copy")
    content = _portable(source)
    if "caption" in params and not _CAPTIONED.isdisjoint(content):
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content |= caption_content(params)
    content = dressed(content, params) | placement(world, chat, params)
    return {"message_id": world.post(chat, world.bot, content, reply_keyboard(params)).id}


def send_chat_action(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#sendchataction"""
    chat = open_chat(world, params)
    action = params.text("action")
    if action not in _ACTIONS:
        raise BadRequest("wrong parameter action in request")
    world.tell("action", chat, action=action)
    return True


def send_message_draft(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#sendmessagedraft"""
    chat = open_chat(world, params)
    if chat.type != "private":
        raise BadRequest("TEXTDRAFT_PEER_INVALID")
    if not params.integer("draft_id"):
        raise BadRequest("RANDOM_ID_INVALID")
    text, entities = formatted(params, "text", "entities")
    if utf16_length(text) > LONGEST_TEXT:
        raise BadRequest("message is too long")
    world.drafts[chat.id] = (time.monotonic(), text)
    world.tell("draft", chat, draft_id=params.integer("draft_id"), text=text, html=safe_html(text, entities))
    return True


def forwarded_content(source: Message) -> Json:
    """What a forward of the message carries."""
    origin = source.body.get(
        "forward_origin", {"type": "user", "sender_user": source.body["from"], "date": source.body["date"]}
    )
    return _portable(source) | {"forward_origin": origin}


def _portable(source: Message) -> Json:
    body = without_reply(source.body)
    dropped = _NOT_FORWARDED | _TOPIC_FIELDS
    return {name: value for name, value in body.items() if name not in dropped}


def _source(world: World, params: Params, purpose: str) -> Message:
    chat = known_chat(world, params, "from_chat_id")
    message = found_message(chat, params.integer("message_id"), purpose)
    if message.body.get("has_protected_content"):
        raise BadRequest("message has protected content and can't be forwarded")
    return message


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
    "sendChatAction": send_chat_action,
    "sendMessageDraft": send_message_draft,
}
