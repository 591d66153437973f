"""What Telegram refuses of each call that the bot makes, as its description says it."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest
from telegram.error import BadRequest

from tests.contract.telegram_desk import PNG, Desk, open_desk

FILE = {"type": "document", "media": "attach://a"}
PICTURE = {"type": "photo", "media": "attach://a"}
BUTTON = {"text": "Go", "callback_data": "go"}
# The method, what it is given beside Alice's chat, and the refusal.
REFUSED: tuple[tuple[str, Mapping[str, Any], str], ...] = (
    ("sendMessage", {"text": "x", "parse_mode": "Marks"}, "unsupported parse_mode"),
    ("sendMessage", {"text": "x", "chat_id": ""}, "chat_id is empty"),
    ("sendMessage", {"text": "x", "chat_id": 404}, "chat not found"),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": "x"}}, "can't parse reply keyboard markup"),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [["x"]]}}, "can't parse inline keyboard button"),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"url": "a.org"}]]}}, 'Field "text" must be'),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[BUTTON] * 101]}}, "REPLY_MARKUP_TOO_LONG"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "web_app": {"url": "http://a.org"}}]]}},
        "Only HTTPS links are allowed",
    ),
    ("sendChatAction", {"action": "sing"}, "wrong parameter action in request"),
    ("sendDocument", {}, "there is no document in the request"),
    ("sendDocument", {"document": "attach://a"}, 'attached file "a" not found'),
    ("sendDocument", {"document": "https://studio.org/a.pdf"}, "failed to get HTTP URL content"),
    ("sendMediaGroup", {"media": []}, "there are no messages to send"),
    ("sendMediaGroup", {"media": [FILE] * 11}, "too many messages to send as an album"),
    ("sendMediaGroup", {"media": [FILE, PICTURE]}, "document can't be mixed with other media types"),
    ("sendMediaGroup", {"media": [PICTURE, {**FILE, "type": "audio"}]}, "audio can't be mixed with other media types"),
    ("sendMediaGroup", {"media": [{**FILE, "type": "poem"}]}, "can't parse InputMedia: unsupported type"),
    ("getFile", {"file_id": "none"}, "invalid file_id"),
    ("getUserProfilePhotos", {"user_id": 404}, "user not found"),
    ("getChatMember", {"user_id": 404}, "PARTICIPANT_ID_INVALID"),
    ("getChatAdministrators", {}, "there are no administrators in the private chat"),
    ("leaveChat", {}, "chat is not a group, supergroup or channel"),
    ("createForumTopic", {"name": "Briefs"}, "the chat is not a forum"),
    ("editMessageText", {"text": "x"}, "message identifier is not specified"),
    ("editMessageText", {"text": "x", "inline_message_id": "AAE"}, "MESSAGE_ID_INVALID"),
    ("deleteMessages", {"message_ids": [*range(101)]}, "too many message identifiers specified"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "b"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [], "scope": {"type": "planet"}}, "can't parse BotCommandScope"),
    ("setChatMenuButton", {"menu_button": {"type": "door"}}, "can't parse menu button: unsupported type"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "BOT_ABOUT_TOO_LONG"),
    ("setMyDescription", {"description": "x" * 513}, "BOT_DESCRIPTION_TOO_LONG"),
)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


async def call(desk: Desk, session: aiohttp.ClientSession, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a client that asks anything is told."""
    address = f"{desk.url}/telegram/bot{desk.stand_in.token}/{method}"
    async with session.post(address, json={"chat_id": desk.alice.id, **params}) as answer:
        told: dict[str, Any] = await answer.json()
        return told | {"status": answer.status}


async def test_each_call(desk: Desk) -> None:
    """Every refusal of a call's parameters is 400 and says why; nothing is sent by it."""
    desk.stand_in.on_call.clear()
    async with aiohttp.ClientSession() as session:
        told = [(method, await call(desk, session, method, params), words) for method, params, words in REFUSED]
    assert [(method, one) for method, one, words in told if words not in str(one.get("description"))] == []
    assert {(one["status"], one["error_code"]) for _, one, _ in told} == {(400, 400)}
    assert len(desk.alice.messages()) == 1


async def test_a_toast_has_200_characters(desk: Desk) -> None:
    """A tap's answer of 200 characters is shown, one of 201 is refused, and the tap waits on for another."""
    await desk.bot.send_message(desk.alice.id, "Draft")
    message = desk.stand_in.world.chats[desk.alice.id].messages[desk.alice.last.id]
    query = desk.alice.app.tap(message, "go", "Go")
    with pytest.raises(BadRequest, match="Message_too_long"):
        await desk.bot.answer_callback_query(query.id, "x" * 201)
    assert not query.answer.done()
    await desk.bot.answer_callback_query(query.id, "x" * 200)
    assert query.answer.result().text == "x" * 200


async def test_a_picture_has_10_megabytes(desk: Desk) -> None:
    """As a picture one of more is refused; as a document it goes."""
    large = PNG + bytes(10 * 1024 * 1024)
    with pytest.raises(BadRequest, match="limited to 10 mb"):
        await desk.bot.send_photo(desk.alice.id, large)
    assert (await desk.bot.send_document(desk.alice.id, large)).document is not None


async def test_topics(desk: Desk) -> None:
    """A topic needs a name of up to 128 characters, a bot that is an admin, and to be there."""
    group = desk.stand_in.group("Team", [desk.alice], forum=True, bot_admin=False)
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await desk.bot.create_forum_topic(group.id, "Briefs")
    group.members[desk.bot.id] = "administrator"
    with pytest.raises(BadRequest, match="Topic_title_too_long"):
        await desk.bot.create_forum_topic(group.id, "x" * 129)
    with pytest.raises(BadRequest, match="Topic_title_empty"):
        await desk.bot.create_forum_topic(group.id, " ")
    with pytest.raises(BadRequest, match="Topic_id_invalid"):
        await desk.bot.close_forum_topic(group.id, 404)
