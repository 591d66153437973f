"""Checks on `reply_markup` (https://core.telegram.org/bots/api#inlinekeyboardmarkup)."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.errors import BadRequest
from sandbox.telegram.params import Params
from sandbox.telegram.state import Json

_CALLBACK_BYTES = 64
_MOST_BUTTONS = 100
_ACTIONS = frozenset(
    {
        "callback_data",
        "url",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
        "disabled",
    }
)


def inline_markup(params: Params) -> Json | None:
    """The call's inline keyboard, or None when it has none or it is empty; raises BadRequest for a bad one."""
    markup = params.table("reply_markup")
    rows = markup.get("inline_keyboard")
    if not rows:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequest("can't parse reply keyboard markup JSON object")
    checked = [[_button(button) for button in row] for row in rows if row]
    if params.integer("chat_id") < 0 and any("web_app" in button for row in checked for button in row):
        raise BadRequest("BUTTON_TYPE_INVALID")
    if sum(map(len, checked)) > _MOST_BUTTONS:
        raise BadRequest("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": checked} if checked else None


def reply_keyboard(params: Params) -> Json | None:
    """A reply keyboard, its removal or a forced reply: what the chat shows below the input."""
    markup = params.table("reply_markup")
    return markup if markup and "inline_keyboard" not in markup else None


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise BadRequest("can't parse inline keyboard button: expected an Object")
    if not str(button.get("text", "")).strip():
        raise BadRequest('can\'t parse inline keyboard button: Field "text" must be of type String and non-empty')
    if not _ACTIONS & button.keys():
        raise BadRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= _CALLBACK_BYTES:
        raise BadRequest("BUTTON_DATA_INVALID")
    if "url" in button:
        _check_url(str(button["url"]))
    if "web_app" in button:
        _check_web_app(button["web_app"])
    return button


def _check_web_app(info: Any) -> None:
    url = str(info.get("url", "")) if isinstance(info, dict) else ""
    if urlsplit(url).scheme != "https":
        raise BadRequest(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def _check_url(url: str) -> None:
    """As tdlib does (LinkManager.cpp): http, https or tg, and a host with a dot in it, or an IPv6 address."""
    parts = urlsplit(url if ":" in url.partition("/")[0] else f"http://{url}")
    if parts.scheme == "tg":
        return
    if parts.scheme not in {"http", "https"}:
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if not parts.hostname or not set(".:") & set(parts.hostname):
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
