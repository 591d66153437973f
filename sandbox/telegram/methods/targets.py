"""Finding the chat and the message that a call is about, with the refusals that Telegram gives."""

from collections.abc import Callable
from typing import Any

from sandbox.telegram.errors import BadRequest, Forbidden
from sandbox.telegram.params import Params, as_integer
from sandbox.telegram.state import Account, Chat, Json, Message, World

Method = Callable[[World, Params], Any]


def known_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat that a parameter names; raises BadRequest when there is none."""
    if not params.text(name):
        raise BadRequest(f"{name} is empty")
    try:
        chat = world.chats.get(int(params.text(name)))
    except ValueError:
        chat = None
    if chat is None:
        raise BadRequest("chat not found")
    return chat


def open_chat(world: World, params: Params) -> Chat:
    """The chat to write to; raises BadRequest for an unknown or migrated one, Forbidden where the bot may not."""
    chat = known_chat(world, params)
    if chat.migrated_to is not None:
        raise BadRequest("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if chat.person is not None:
        if chat.person.blocked:
            raise Forbidden("bot was blocked by the user")
        if not chat.person.started:
            if not _met(world, chat.person):
                raise BadRequest("chat not found")
            raise Forbidden("bot can't initiate conversation with a user")
    else:
        _check_membership(chat, chat.members.get(world.bot.id))
    return chat


def _met(world: World, person: Account) -> bool:
    """Whether the bot ever saw the person: they wrote to it, or are in a group with it."""
    groups = (chat for chat in world.chats.values() if chat.type != "private" and world.bot.id in chat.members)
    return person.started or any(person.id in group.members for group in groups)


def _check_membership(chat: Chat, status: str | None) -> None:
    place = "group" if chat.type == "group" else "supergroup"
    if status == "restricted":
        raise BadRequest("not enough rights to send text messages to the chat")
    if status == "kicked":
        raise Forbidden(f"bot was kicked from the {place} chat")
    if status not in {"member", "administrator"}:
        raise Forbidden(f"bot is not a member of the {place} chat")


def found_message(chat: Chat, message_id: int, purpose: str) -> Message:
    """A message of the chat; raises BadRequest `message to <purpose> not found`."""
    message = chat.messages.get(message_id)
    if message is None:
        raise BadRequest(f"message to {purpose} not found")
    return message


def own_message(world: World, params: Params) -> Message:
    """The bot's own message that a call edits; raises BadRequest for a foreign or missing one."""
    if "inline_message_id" in params:
        raise BadRequest("MESSAGE_ID_INVALID")
    chat = open_chat(world, params)
    if not params.integer("message_id"):
        raise BadRequest("message identifier is not specified")
    message = found_message(chat, params.integer("message_id"), "edit")
    if not message.from_bot or "forward_origin" in message.body or message.keyboard is not None:
        raise BadRequest("message can't be edited")
    return message


def placement(world: World, chat: Chat, params: Params) -> Json:
    """The fields of Message that say where it stands: its topic and the message that it answers."""
    content: Json = {}
    if thread := params.integer("message_thread_id"):
        if thread not in chat.topics:
            raise BadRequest("message thread not found")
        if chat.topics[thread]["closed"]:
            raise BadRequest("TOPIC_CLOSED")
        content |= {"message_thread_id": thread, "is_topic_message": True}
    reply = params.table("reply_parameters")
    if "reply_to_message_id" in params:
        reply = {"message_id": params.integer("reply_to_message_id")}
    if reply:
        content |= _answered(world, chat, reply)
    if params.flag("protect_content"):
        content["has_protected_content"] = True
    return content


def without_reply(body: Json) -> Json:
    """A message as it stands inside of another one: replies are not nested."""
    return {name: value for name, value in body.items() if name != "reply_to_message"}


def _answered(world: World, chat: Chat, reply: Json) -> Json:
    source = world.chats.get(as_integer(reply.get("chat_id", chat.id), "chat_id"))
    number = as_integer(reply.get("message_id", 0), "message_id")
    message = source.messages.get(number) if source is not None else None
    if message is not None:
        return {"reply_to_message": without_reply(message.body)}
    if reply.get("allow_sending_without_reply"):
        return {}
    raise BadRequest("message to be replied not found")
