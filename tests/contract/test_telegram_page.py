"""The people's side over HTTP, as a chat page uses it."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.ogg import words_in
from tests.contract.telegram_desk import Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


@pytest.fixture
async def page(desk: Desk) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"{desk.url}/telegram/") as session:
        yield session


async def got(page: aiohttp.ClientSession, path: str) -> Any:
    async with page.get(path) as answer:
        assert answer.status == 200
        return await answer.json()


async def posted(page: aiohttp.ClientSession, path: str, data: object) -> Any:
    async with page.post(path, json=data) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def next_event(stream: aiohttp.ClientResponse) -> tuple[str, Any]:
    """The next event of a stream: its name and data; comments are passed over."""
    name = ""
    async with asyncio.timeout(20):
        async for raw in stream.content:
            field, _, value = raw.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                return name, json.loads(value)
    raise AssertionError("the stream ended")


async def test_people_arrive_and_are_listed(desk: Desk, page: aiohttp.ClientSession) -> None:
    """A person is made once per id, everyone is listed, and the bot introduces itself."""
    bob = {"first_name": "Bob", "id": 77, "username": "bob"}
    assert await posted(page, "people", bob) == {"id": 77, "is_bot": False, "first_name": "Bob", "username": "bob"}
    await posted(page, "people", bob)
    assert [person["id"] for person in (await got(page, "people"))["people"]] == [desk.alice.id, 77]
    assert await got(page, "bot") == {"username": "echopilot_bot", "first_name": "EchoPilot"}


async def test_a_conversation_over_the_page(desk: Desk, page: aiohttp.ClientSession) -> None:
    """A written message reaches the bot, its answer shows with HTML, and a tap reaches the bot."""
    base = f"people/{desk.alice.id}"
    mine = await posted(page, f"{base}/messages", {"text": "hello <b>"})
    assert (mine["mine"], mine["html"], mine["edited"]) == (True, "hello &lt;b&gt;", False)
    await desk.update()
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    sent = await desk.bot.send_message(desk.alice.id, "<i>hi</i>", "HTML", reply_markup=markup)
    shown = (await got(page, f"{base}/messages"))["messages"][-1]
    assert (shown["mine"], shown["html"], shown["message_id"]) == (False, "<i>hi</i>", sent.message_id)
    assert shown["reply_markup"]["inline_keyboard"][0][0]["text"] == "Go"
    assert await posted(page, f"{base}/taps", {"message_id": sent.message_id, "data": "go"}) == {"ok": True}
    query = (await desk.update()).callback_query
    assert query is not None
    assert query.data == "go"


async def test_files_go_both_ways(desk: Desk, page: aiohttp.ClientSession) -> None:
    """An uploaded file of 2 MB reaches the bot with its caption, and any file can be fetched by its id."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", io.BytesIO(b"x" * 2_000_000), filename="Übersicht.csv", content_type="text/csv")
    form.add_field("caption", "the numbers")
    async with page.post(f"people/{desk.alice.id}/messages", data=form) as answer:
        view = await answer.json()
    message = (await desk.update()).message
    assert message is not None
    assert message.document is not None
    assert (message.document.file_name, message.caption) == ("Übersicht.csv", "the numbers")
    async with page.get(f"people/{desk.alice.id}/files/{view['document']['file_id']}") as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C3%9Cbersicht.csv"
        assert len(await answer.read()) == 2_000_000


async def test_a_sent_message_is_edited(desk: Desk, page: aiohttp.ClientSession) -> None:
    """A person changes what they wrote, and the bot hears of it; nobody changes the bot's words, or leaves none."""
    base = f"people/{desk.alice.id}/messages"
    mine = await posted(page, base, {"text": "one lamp"})
    await desk.update()
    changed = await posted(page, f"{base}/{mine['message_id']}", {"text": "two lamps"})
    assert (changed["text"], changed["edited"]) == ("two lamps", True)
    edited = (await desk.update()).edited_message
    assert edited is not None
    assert edited.text == "two lamps"
    theirs = await desk.bot.send_message(desk.alice.id, "hi")
    for number, text, status in (
        (theirs.message_id, "x", 409),
        (mine["message_id"], " ", 409),
        (mine["message_id"], "x" * 4097, 409),
        (1, "x", 404),
    ):
        async with page.post(f"{base}/{number}", json={"text": text}) as answer:
            assert answer.status == status


async def test_a_voice_note_says_what_was_written(desk: Desk, page: aiohttp.ClientSession) -> None:
    """What is written on the page goes as a voice note of a fitting length, in which the sandbox hears those words."""
    words = "Un texto para la lámpara solar, por favor, de doscientas palabras."
    view = await posted(page, f"people/{desk.alice.id}/messages", {"voice": words})
    message = (await desk.update()).message
    assert message is not None
    assert message.voice is not None
    assert (message.voice.mime_type, message.voice.duration) == ("audio/ogg", timedelta(seconds=4))
    async with page.get(f"people/{desk.alice.id}/files/{view['voice']['file_id']}") as answer:
        assert words_in(await answer.read()) == words
    async with page.post(f"people/{desk.alice.id}/messages", json={"voice": "x" * 4097}) as answer:
        assert answer.status == 409


async def test_the_stream_tells_everything(desk: Desk, page: aiohttp.ClientSession) -> None:
    """New and edited messages, typing, drafts, toasts, menus and deletions arrive as they happen, and the end too."""
    alice = desk.alice
    async with page.get(f"people/{alice.id}/stream") as stream:
        assert (await stream.content.readline()) == b": open\n"
        sent = await desk.bot.send_message(alice.id, "<b>1</b>", "HTML")
        name, data = await next_event(stream)
        assert (name, data["html"], data["message_id"]) == ("message", "<b>1</b>", sent.message_id)
        await sent.edit_text("2")
        name, data = await next_event(stream)
        assert (name, data["html"], data["edited"]) == ("message", "2", True)
        await desk.bot.send_chat_action(alice.id, "typing")
        assert await next_event(stream) == ("action", {"chat_id": alice.id, "action": "typing"})
        await desk.bot.send_message_draft(alice.id, 7, "<b>so</b>", parse_mode="HTML")
        draft = {"chat_id": alice.id, "draft_id": 7, "text": "so", "html": "<b>so</b>"}
        assert await next_event(stream) == ("draft", draft)
        query = alice.app.tap(desk.stand_in.world.chats[alice.id].messages[sent.message_id], "x", "x")
        await desk.bot.answer_callback_query(query.id, "done")
        assert await next_event(stream) == ("toast", {"chat_id": alice.id, "text": "done", "alert": False})
        await desk.bot.set_my_commands([BotCommand("start", "Begin")])
        menu = [{"command": "start", "description": "Begin"}]
        assert await next_event(stream) == ("commands", {"chat_id": alice.id, "commands": menu})
        assert await got(page, f"people/{alice.id}/commands") == {"commands": menu}
        await sent.delete()
        assert await next_event(stream) == ("deleted", {"chat_id": alice.id, "message_id": sent.message_id})
        await desk.stand_in.close()
        assert await next_event(stream) == ("ended", {})
        async with asyncio.timeout(20):
            assert (await stream.content.read()).strip() == b""


async def test_impossible_requests_are_refused(desk: Desk, page: aiohttp.ClientSession) -> None:
    """Unknown people and chats are 404, writing to a blocked bot is 409, nonsense is 400."""
    await posted(page, f"people/{desk.alice.id}/block", {})
    refusals = [
        ("people/1/messages", {"text": "x"}, 404),
        (f"people/{desk.alice.id}/messages", {"text": "x", "chat_id": 1}, 404),
        (f"people/{desk.alice.id}/messages", {"text": "x"}, 409),
        (f"people/{desk.alice.id}/taps", {"message_id": 1, "data": "x"}, 400),
        (f"people/{desk.alice.id}/taps", {"message_id": "x", "data": "x"}, 400),
        ("people", {}, 400),
    ]
    for path, data, status in refusals:
        async with page.post(path, json=data) as answer:
            assert (path, answer.status) == (path, status)
    await posted(page, f"people/{desk.alice.id}/unblock", {})
    await posted(page, f"people/{desk.alice.id}/messages", {"text": "back"})
