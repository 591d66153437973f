"""Rules that Telegram states nowhere, or in passing: how much markup, which edits, how long things are kept."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import BotCommand, BotCommandScopeChat, ForceReply, MessageEntity
from telegram.error import BadRequest, Forbidden, RetryAfter

from sandbox.telegram.limits import Limits
from sandbox.telegram.server import TelegramStandIn
from tests.contract.telegram_desk import Desk, open_desk
from tests.contract.test_telegram_updates import Receiver, served


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


async def test_markup_counts_before_parsing(desk: Desk) -> None:
    """A text of few letters with over 32,768 bytes of markup is refused; one byte less passes."""
    empty = "<b></b>" * 4680  # 32,760 bytes and not one letter
    await desk.bot.send_message(desk.alice.id, f"{empty}{'x' * 8}", "HTML")
    with pytest.raises(BadRequest, match="Text is too long"):
        await desk.bot.send_message(desk.alice.id, f"{empty}{'x' * 9}", "HTML")


async def test_entities_are_limited_together(desk: Desk) -> None:
    """Many long links are ENTITIES_TOO_LONG, although the text is short."""
    links = "".join(f'<a href="https://example.org/{"x" * 150}{number}">x</a> ' for number in range(60))
    with pytest.raises(BadRequest, match="Entities_too_long"):
        await desk.bot.send_message(desk.alice.id, links, "HTML")


async def test_formatting_after_the_hundredth_is_dropped(desk: Desk) -> None:
    """Of 101 bold words 100 are bold, and nobody is told."""
    sent = await desk.bot.send_message(desk.alice.id, "<b>x</b> " * 101, "HTML")
    assert len(sent.entities) == 100
    assert sent.text == " ".join("x" * 101)


async def test_code_holds_nothing(desk: Desk) -> None:
    """What is formatted within code vanishes, and bold around code ends where the code begins."""
    sent = await desk.bot.send_message(desk.alice.id, "<b>a <code>b <i>c</i></code> d</b>", "HTML")
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [
        (MessageEntity.BOLD, 0, 2),
        (MessageEntity.CODE, 2, 3),
        (MessageEntity.BOLD, 5, 2),
    ]


async def test_quotes_do_not_nest(desk: Desk) -> None:
    """A quote in a quote is only its words."""
    html = "<blockquote>a <blockquote>b</blockquote></blockquote>"
    sent = await desk.bot.send_message(desk.alice.id, html, "HTML")
    assert [(entity.type, entity.length) for entity in sent.entities] == [(MessageEntity.BLOCKQUOTE, 3)]


async def test_messages_that_cannot_be_edited(desk: Desk) -> None:
    """A forwarded message, and one that came with a reply keyboard, stay as they are."""
    asked = await desk.bot.send_message(desk.alice.id, "Which?", reply_markup=ForceReply())
    forwarded = await asked.forward(desk.alice.id)
    for message in (asked, forwarded):
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await desk.bot.edit_message_text("x", desk.alice.id, message.message_id)


async def test_no_right_to_send(desk: Desk) -> None:
    """A bot that is silenced in a group is 400 there, one that was kicked 403."""
    group = desk.stand_in.group("Team", [desk.alice], supergroup=True)
    group.members[desk.bot.id] = "restricted"
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await desk.bot.send_message(group.id, "x")
    group.members[desk.bot.id] = "kicked"
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await desk.bot.send_message(group.id, "x")


@pytest.mark.parametrize(("code", "fine"), [("en", True), ("en-GB", False), ("eng", False), ("EN", False)])
async def test_command_languages(desk: Desk, code: str, fine: bool) -> None:
    """A menu's language is two small letters."""
    menu = desk.bot.set_my_commands([BotCommand("help", "Help")], language_code=code)
    if fine:
        await menu
    else:
        with pytest.raises(BadRequest, match="Invalid language code specified"):
            await menu


async def test_menu_of_somebody_unseen(desk: Desk) -> None:
    """A chat can have a menu once its person has written."""
    eve, menu = desk.stand_in.person("Eve"), [BotCommand("help", "Help")]
    with pytest.raises(BadRequest, match="Chat not found"):
        await desk.bot.set_my_commands(menu, BotCommandScopeChat(eve.id))
    await eve.says("/start")
    await desk.bot.set_my_commands(menu, BotCommandScopeChat(eve.id))


async def test_a_tap_is_kept_150_seconds(desk: Desk) -> None:
    """After an outage messages of the last day come, and taps of the last two and a half minutes."""
    card = await desk.bot.send_message(desk.alice.id, "x")
    await desk.alice.says("first")
    desk.alice.app.tap(desk.stand_in.world.chats[desk.alice.id].messages[card.message_id], "go", "Go")
    desk.stand_in.updates.let_pass(149)
    assert desk.stand_in.updates.pending == 2
    desk.stand_in.updates.let_pass(2)
    (update,) = await desk.updates()
    assert update.message is not None
    await desk.alice.says("second")
    desk.stand_in.updates.let_pass(24 * 3600)
    assert desk.stand_in.updates.pending == 0


async def test_a_text_may_come_before_its_tap() -> None:
    """A webhook is called many times at once: while a person's tap is not taken, their text comes."""
    async with open_desk(TelegramStandIn(webhook_retry=(0.01, 0.05))) as desk:
        held, receiver = asyncio.Event(), Receiver()
        card = await desk.bot.send_message(desk.alice.id, "x")

        async def hold_taps(update: dict[str, Any]) -> None:
            if "callback_query" in update:
                await held.wait()

        receiver.before = hold_taps
        async with served(receiver) as url:
            await desk.bot.set_webhook(url)
            desk.alice.app.tap(desk.stand_in.world.chats[desk.alice.id].messages[card.message_id], "go", "Go")
            await desk.alice.says("after the tap")
            async with asyncio.timeout(20):
                assert "message" in await receiver.arrived.get()
                held.set()
                assert "callback_query" in await receiver.arrived.get()
            assert (await desk.bot.get_webhook_info()).max_connections == 40
            await desk.bot.delete_webhook()


async def test_drafts(desk: Desk) -> None:
    """A draft has an id, up to 4,096 characters and a private chat; a message takes its place, and so does time."""
    world, group = desk.stand_in.world, desk.stand_in.group("Team", [desk.alice])
    await desk.bot.send_message_draft(desk.alice.id, 1, "so far")
    assert world.draft_in(desk.alice.id) == "so far"
    for chat_id, draft_id, text in ((desk.alice.id, 0, "x"), (desk.alice.id, 1, "x" * 4097), (group.id, 1, "x")):
        with pytest.raises(BadRequest):
            await desk.bot.send_message_draft(chat_id, draft_id, text)
    await desk.bot.send_message(desk.alice.id, "all of it")
    assert world.draft_in(desk.alice.id) is None
    await desk.bot.send_message_draft(desk.alice.id, 1, "once more")
    world.draft_seconds = 0
    assert world.draft_in(desk.alice.id) is None


async def test_too_many_drafts() -> None:
    """With limits on, drafts in a row are 429; messages to the chat are not held up by them."""
    async with open_desk(TelegramStandIn(Limits())) as desk:
        await desk.bot.send_message_draft(desk.alice.id, 1, "a")
        with pytest.raises(RetryAfter):
            await desk.bot.send_message_draft(desk.alice.id, 1, "ab")
        await desk.bot.send_message(desk.alice.id, "all of it")


async def test_a_burst(desk: Desk) -> None:
    """Where a burst is borne, so many messages may come at once, and then one a second."""
    async with open_desk(TelegramStandIn(Limits(burst=3))) as generous:
        for _ in range(3):
            await generous.bot.send_message(generous.alice.id, "x")
        with pytest.raises(RetryAfter):
            await generous.bot.send_message(generous.alice.id, "x")


async def test_a_size_that_is_not_told(desk: Desk) -> None:
    """An update may leave the size of a file out."""
    desk.stand_in.world.tells_sizes = False
    await desk.alice.sends_file("a.txt", b"words")
    message = (await desk.update()).message
    assert message is not None
    assert message.document is not None
    assert message.document.file_size is None
