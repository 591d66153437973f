"""Command menus with their scopes (https://core.telegram.org/bots/api#determining-list-of-commands)."""

import re
from collections.abc import Iterator

from sandbox.telegram.errors import BadRequest
from sandbox.telegram.methods.targets import Method
from sandbox.telegram.params import Params, as_integer
from sandbox.telegram.state import Account, Chat, Json, World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_MOST_COMMANDS = 100
_LONGEST_DESCRIPTION = 256
_WITH_CHAT = frozenset({"chat", "chat_administrators", "chat_member"})
_PLAIN = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})

Place = tuple[str, int, int]


def set_my_commands(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setmycommands"""
    commands = params.objects("commands")
    if len(commands) > _MOST_COMMANDS:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    checked = [_command(command) for command in commands]
    world.commands[(*_place(world, params), _language(params))] = checked
    _announce(world)
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands"""
    return world.commands.get((*_place(world, params), _language(params)), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands"""
    world.commands.pop((*_place(world, params), _language(params)), None)
    _announce(world)
    return True


def visible_commands(world: World, chat: Chat, person: Account) -> list[Json]:
    """The menu that a person sees in a chat: the narrowest scope wins, and in it the person's language."""
    language = (person.language_code or "").split("-")[0]
    for place in _places(chat, person):
        for code in (language, "") if language else ("",):
            if (*place, code) in world.commands:
                return world.commands[(*place, code)]
    return []


def _places(chat: Chat, person: Account) -> Iterator[Place]:
    if chat.type == "private":
        yield from (("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0))
        return
    leads = chat.members.get(person.id) in {"creator", "administrator"}
    yield ("chat_member", chat.id, person.id)
    if leads:
        yield ("chat_administrators", chat.id, 0)
    yield ("chat", chat.id, 0)
    if leads:
        yield ("all_chat_administrators", 0, 0)
    yield from (("all_group_chats", 0, 0), ("default", 0, 0))


def _place(world: World, params: Params) -> Place:
    scope = params.table("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind in _PLAIN:
        return (kind, 0, 0)
    if kind not in _WITH_CHAT:
        raise BadRequest("can't parse BotCommandScope: unsupported type specified")
    chat = world.chats.get(as_integer(scope.get("chat_id"), "chat_id"))
    if chat is None or (chat.person is not None and not chat.person.started):
        raise BadRequest("chat not found")
    if kind != "chat" and chat.type == "private":
        raise BadRequest("can't use specified scope in private chats")
    if kind != "chat_member":
        return (kind, chat.id, 0)
    person = as_integer(scope.get("user_id"), "user_id")
    if person not in chat.members:
        raise BadRequest("PARTICIPANT_ID_INVALID")
    return (kind, chat.id, person)


def _language(params: Params) -> str:
    code = params.text("language_code")
    if code and not _LANGUAGE.fullmatch(code):
        raise BadRequest("invalid language code specified")
    return code


def _command(given: Json) -> Json:
    command, description = str(given.get("command", "")).removeprefix("/"), str(given.get("description", ""))
    if not _COMMAND.fullmatch(command):
        raise BadRequest("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= _LONGEST_DESCRIPTION:
        raise BadRequest("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


def _announce(world: World) -> None:
    for chat in world.chats.values():
        if chat.person is not None and chat.person.started:
            world.tell("commands", chat)


METHODS: dict[str, Method] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
}
