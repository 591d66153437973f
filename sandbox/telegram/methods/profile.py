"""Methods about the bot itself: who it is, its name, descriptions and menu button."""

from sandbox.telegram.errors import BadRequest
from sandbox.telegram.methods.targets import Method, known_chat
from sandbox.telegram.params import Params
from sandbox.telegram.state import Json, World

_TEXTS = {"name": 64, "description": 512, "short_description": 120}
_BUTTONS = frozenset({"commands", "web_app", "default"})


def get_me(world: World, _: Params) -> Json:
    """https://core.telegram.org/bots/api#getme"""
    return world.bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
    }


def setter(name: str) -> Method:
    """The method that sets one of the bot's own texts, by language."""

    def set_text(world: World, params: Params) -> bool:
        text = params.text(name)
        if len(text) > _TEXTS[name]:
            raise BadRequest(f"BOT_{'ABOUT' if name == 'short_description' else name.upper()}_TOO_LONG")
        world.profile[(name, params.text("language_code"))] = text
        return True

    return set_text


def getter(name: str) -> Method:
    """The method that reads one of the bot's own texts, by language."""

    def get_text(world: World, params: Params) -> Json:
        default = world.profile.get((name, ""), world.bot.first_name if name == "name" else "")
        return {name: world.profile.get((name, params.text("language_code")), default)}

    return get_text


def set_chat_menu_button(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setchatmenubutton"""
    button = params.table("menu_button") or {"type": "default"}
    if button.get("type") not in _BUTTONS:
        raise BadRequest("can't parse menu button: unsupported type")
    world.menu_buttons[_place(world, params)] = button
    return True


def get_chat_menu_button(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchatmenubutton"""
    default: Json = world.menu_buttons.get(0, {"type": "commands"})
    return world.menu_buttons.get(_place(world, params), default)


def _place(world: World, params: Params) -> int:
    return known_chat(world, params).id if "chat_id" in params else 0


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "setMyName": setter("name"),
    "getMyName": getter("name"),
    "setMyDescription": setter("description"),
    "getMyDescription": getter("description"),
    "setMyShortDescription": setter("short_description"),
    "getMyShortDescription": getter("short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
