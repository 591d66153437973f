"""Methods about chats: who is in them, forum topics, leaving, and answering taps."""

import time

from sandbox.telegram.entities import utf16_length
from sandbox.telegram.errors import BadRequest
from sandbox.telegram.methods.targets import Method, known_chat, open_chat
from sandbox.telegram.params import Params
from sandbox.telegram.state import Account, Chat, Json, Toast, World

_LONGEST_TOAST = 200
_LONGEST_TOPIC = 128
_ADMIN_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def answer_callback_query(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery"""
    query = world.queries.get(params.text("callback_query_id"))
    if query is None or time.monotonic() - query.asked > world.query_seconds:
        raise BadRequest("query is too old and response timeout expired or query ID is invalid")
    toast = Toast(params.text("text"), params.flag("show_alert"))
    if utf16_length(toast.text) > _LONGEST_TOAST:
        raise BadRequest("MESSAGE_TOO_LONG")
    del world.queries[query.id]
    if not query.answer.done():
        query.answer.set_result(toast)
    world.tell("toast", world.chats[query.chat_id], only=query.person_id, text=toast.text, alert=toast.alert)
    return True


def get_chat(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchat"""
    chat = known_chat(world, params)
    full: Json = chat.json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].body
    return full


def get_chat_member(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchatmember"""
    chat = known_chat(world, params)
    account = world.accounts.get(params.integer("user_id"))
    if account is None:
        raise BadRequest("PARTICIPANT_ID_INVALID")
    return member(account, chat.members.get(account.id, "left"))


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#getchatadministrators"""
    chat = known_chat(world, params)
    if chat.type == "private":
        raise BadRequest("there are no administrators in the private chat")
    return [
        member(world.accounts[number], status)
        for number, status in chat.members.items()
        if status in {"creator", "administrator"}
    ]


def get_chat_member_count(world: World, params: Params) -> int:
    """https://core.telegram.org/bots/api#getchatmembercount"""
    return len(known_chat(world, params).members)


def leave_chat(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#leavechat"""
    chat = open_chat(world, params)
    if chat.type == "private":
        raise BadRequest("chat is not a group, supergroup or channel")
    chat.members[world.bot.id] = "left"
    return True


def create_forum_topic(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#createforumtopic"""
    chat = _forum(world, params)
    name = _topic_name(params)
    number = world.fresh_id()
    colour = params.integer("icon_color", 0x6FB9F0)
    chat.topics[number] = {"name": name, "closed": False}
    return {"message_thread_id": number, "name": name, "icon_color": colour}


def edit_forum_topic(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#editforumtopic"""
    _topic(_forum(world, params), params)["name"] = _topic_name(params)
    return True


def close_forum_topic(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#closeforumtopic"""
    _topic(_forum(world, params), params)["closed"] = True
    return True


def reopen_forum_topic(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#reopenforumtopic"""
    _topic(_forum(world, params), params)["closed"] = False
    return True


def delete_forum_topic(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deleteforumtopic"""
    chat = _forum(world, params)
    _topic(chat, params)
    thread = params.integer("message_thread_id")
    del chat.topics[thread]
    for message in [m for m in chat.messages.values() if m.body.get("message_thread_id") == thread]:
        world.remove(chat, message.id)
    return True


def member(account: Account, status: str) -> Json:
    """Telegram's ChatMember object for this status."""
    found: Json = {"user": account.user(), "status": status}
    if status == "creator":
        found["is_anonymous"] = False
    elif status == "administrator":
        found |= dict.fromkeys(_ADMIN_RIGHTS, False) | {"can_manage_chat": True, "can_delete_messages": True}
    elif status == "kicked":
        found["until_date"] = 0
    return found


def _forum(world: World, params: Params) -> Chat:
    chat = open_chat(world, params)
    if not chat.is_forum:
        raise BadRequest("the chat is not a forum")
    if chat.members[world.bot.id] != "administrator":
        raise BadRequest("not enough rights to create a topic")
    return chat


def _topic(chat: Chat, params: Params) -> Json:
    found = chat.topics.get(params.integer("message_thread_id"))
    if found is None:
        raise BadRequest("TOPIC_ID_INVALID")
    return found


def _topic_name(params: Params) -> str:
    name = params.text("name").strip()
    if not 1 <= len(name) <= _LONGEST_TOPIC:
        raise BadRequest("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    return name


METHODS: dict[str, Method] = {
    "answerCallbackQuery": answer_callback_query,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
