"""Methods that change what stands in a chat: edits, deletions, pins, reactions."""

import time

from sandbox.telegram.errors import BadRequest
from sandbox.telegram.keyboards import inline_markup
from sandbox.telegram.methods.files import input_media
from sandbox.telegram.methods.sending import caption_content, text_content
from sandbox.telegram.methods.targets import Method, found_message, open_chat, own_message, without_reply
from sandbox.telegram.params import Params, as_integer
from sandbox.telegram.state import Chat, Json, Message, World

_CONTENT = ("text", "entities", "caption", "caption_entities", "document", "photo", "voice", "audio", "video")
_WORDS = ("caption", "caption_entities")
_MOST_DELETED = 100
_REACTIONS = """
👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚
🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍
🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
_VARIATION = "\ufe0f"


def edit_message_text(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#editmessagetext"""
    message = own_message(world, params)
    if "text" not in message.body:
        raise BadRequest("there is no text in the message to edit")
    return _edited(world, message, _without(message, _CONTENT) | text_content(params), params)


def edit_message_caption(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#editmessagecaption"""
    message = own_message(world, params)
    if "text" in message.body:
        raise BadRequest("there is no caption in the message to edit")
    return _edited(world, message, _without(message, _WORDS) | caption_content(params), params)


def edit_message_media(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#editmessagemedia"""
    message = own_message(world, params)
    content = input_media(world, params.table("media"), params)
    return _edited(world, message, _without(message, _CONTENT) | content, params)


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#editmessagereplymarkup"""
    message = own_message(world, params)
    return _edited(world, message, dict(message.body), params, stamp=False)


def delete_message(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemessage"""
    chat = open_chat(world, params)
    message = found_message(chat, params.integer("message_id"), "delete")
    if not _deletable(world, chat, message):
        raise BadRequest("message can't be deleted")
    world.remove(chat, message.id)
    return True


def delete_messages(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemessages"""
    chat = open_chat(world, params)
    numbers = params.array("message_ids")
    if len(numbers) > _MOST_DELETED:
        raise BadRequest("too many message identifiers specified")
    for number in numbers:
        message = chat.messages.get(as_integer(number, "message_ids"))
        if message is not None and _deletable(world, chat, message):
            world.remove(chat, message.id)
    return True


def pin_chat_message(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#pinchatmessage"""
    chat = open_chat(world, params)
    message = found_message(chat, params.integer("message_id"), "pin")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        world.post(chat, world.bot, {"pinned_message": without_reply(message.body)})
    return True


def unpin_chat_message(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#unpinchatmessage"""
    chat = open_chat(world, params)
    number = params.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise BadRequest("message to unpin not found")
    chat.pinned.remove(number)
    return True


def unpin_all_chat_messages(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#unpinallchatmessages"""
    open_chat(world, params).pinned.clear()
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setmessagereaction"""
    chat = open_chat(world, params)
    message = found_message(chat, params.integer("message_id"), "react")
    reactions = params.objects("reaction")
    if len(reactions) > 1:
        raise BadRequest("REACTIONS_TOO_MANY")
    emoji = [str(reaction.get("emoji", "")).replace(_VARIATION, "") for reaction in reactions]
    if not set(_REACTIONS.split()).issuperset(emoji):
        raise BadRequest("REACTION_INVALID")
    world.tell("reaction", chat, message, emoji="".join(emoji))
    return True


def _without(message: Message, names: tuple[str, ...]) -> Json:
    return {name: value for name, value in message.body.items() if name not in names}


def _deletable(world: World, chat: Chat, message: Message) -> bool:
    if message.from_bot or chat.type == "private":
        return True
    return chat.members.get(world.bot.id) == "administrator"


def _edited(world: World, message: Message, body: Json, params: Params, *, stamp: bool = True) -> Json:
    markup = inline_markup(params)
    body.pop("reply_markup", None)
    body.pop("edit_date", None)
    if markup is not None:
        body["reply_markup"] = markup
    before = {name: value for name, value in message.body.items() if name != "edit_date"}
    if body == before:
        raise BadRequest(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    if stamp:
        body["edit_date"] = int(time.time())
    elif "edit_date" in message.body:
        body["edit_date"] = message.body["edit_date"]
    return world.replace(message, body).body


METHODS: dict[str, Method] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
    "setMessageReaction": set_message_reaction,
}
