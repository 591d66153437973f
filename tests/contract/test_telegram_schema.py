"""The check that every bot call fits the Bot API's own description."""

import pytest

from sandbox.telegram.params import Upload
from tests.contract.bot_api_schema import BotApiSchema


@pytest.fixture(scope="module")
def schema() -> BotApiSchema:
    return BotApiSchema()


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": "1", "text": "[x"}),
        ("sendMessage", {"chat_id": 1, "text": "x", "disable_notification": "true"}),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": '{"inline_keyboard": [[{"text": "x", "url": "y"}]]}'},
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": "b"}], "scope": {"type": "chat", "chat_id": 1}},
        ),
        ("sendDocument", {"chat_id": 1, "document": Upload("a", "text/plain", b"x")}),
        (
            "sendMediaGroup",
            {"chat_id": 1, "media": [{"type": "photo", "media": "attach://p"}], "p": Upload("p", "image/png", b"x")},
        ),
    ],
)
def test_right_calls_pass(schema: BotApiSchema, method: str, params: dict[str, object]) -> None:
    """Calls as forms or JSON, with nested objects and uploads, have no violations."""
    assert schema.violations(method, params) == []


@pytest.mark.parametrize(
    ("method", "params", "complaint"),
    [
        ("sendMesage", {}, "sendMesage: unknown method"),
        ("sendMessage", {"chat_id": 1}, "sendMessage: text is missing"),
        ("sendMessage", {"chat_id": 1, "text": "x", "txt": "x"}, "sendMessage: txt is unknown"),
        ("sendMessage", {"chat_id": 1, "text": 5}, "sendMessage.text: 5 is not a String"),
        ("getUpdates", {"timeout": "soon"}, "getUpdates.timeout: 'soon' is not a Integer"),
        ("sendMessage", {"chat_id": 1, "text": "x", "protect_content": 1}, "protect_content: 1 is not a Boolean"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback": "y"}]]}},
            "sendMessage.reply_markup.inline_keyboard[0][0]: callback is unknown",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "a"}]},
            "setMyCommands.commands[0]: description is missing",
        ),
        ("deleteMessages", {"chat_id": 1, "message_ids": ["1"]}, "message_ids[0]: '1' is not a Integer"),
        ("sendDocument", {"chat_id": 1, "document": 5}, "5 is not a"),
    ],
)
def test_wrong_calls_are_found(schema: BotApiSchema, method: str, params: dict[str, object], complaint: str) -> None:
    """Unknown methods and parameters, missing and mistyped ones are named, nested ones with their place."""
    (found,) = schema.violations(method, params)
    assert complaint in found


def test_it_collects_as_an_observer() -> None:
    """Used as an observer it keeps what it found."""
    schema = BotApiSchema()
    schema("getMe", {})
    schema("getMe", {"x": 1})
    assert schema.found == ["getMe: x is unknown"]
