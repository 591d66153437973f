"""What the Telegram stand-in does when the real SDK edits, deletes, pins and reacts."""

from collections.abc import AsyncIterator

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument
from telegram.error import BadRequest

from tests.contract.telegram_desk import Desk, open_desk

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


async def test_an_edit_replaces_text_and_drops_the_keyboard(desk: Desk) -> None:
    """An edit without a keyboard removes the old one, and the message is marked as edited."""
    sent = await desk.bot.send_message(desk.alice.id, "1 %", reply_markup=KEYBOARD)
    await desk.bot.edit_message_text("<b>2 %</b>", desk.alice.id, sent.message_id, parse_mode="HTML")
    seen = desk.alice.last
    assert (seen.id, seen.html, seen.buttons, seen.edited) == (sent.message_id, "<b>2 %</b>", [], True)


async def test_an_edit_that_changes_nothing_is_refused(desk: Desk) -> None:
    """The same text, formatting and keyboard are `message is not modified`; another keyboard alone is an edit."""
    sent = await desk.bot.send_message(desk.alice.id, "<b>x</b>", "HTML")
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await desk.bot.edit_message_text("<b>x</b>", desk.alice.id, sent.message_id, parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await desk.bot.edit_message_reply_markup(desk.alice.id, sent.message_id)
    await desk.bot.edit_message_reply_markup(desk.alice.id, sent.message_id, reply_markup=KEYBOARD)
    assert desk.alice.last.labels == ["Go"]
    await desk.bot.edit_message_text("x", desk.alice.id, sent.message_id, reply_markup=KEYBOARD)
    assert desk.alice.last.html == "x"


async def test_only_the_bots_own_texts_can_be_edited(desk: Desk) -> None:
    """A missing message, a person's message, and a text edit of a file are refused, each with its reason."""
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await desk.bot.edit_message_text("x", desk.alice.id, 1)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await desk.bot.edit_message_text("x", desk.alice.id, desk.alice.messages()[0].id)
    document = await desk.bot.send_document(desk.alice.id, b"x")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await desk.bot.edit_message_text("x", desk.alice.id, document.message_id)
    text = await desk.bot.send_message(desk.alice.id, "x")
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await desk.bot.edit_message_caption(desk.alice.id, text.message_id, caption="x")


async def test_captions_and_files_can_be_edited(desk: Desk) -> None:
    """A caption changes alone, and a file is replaced together with its caption."""
    sent = await desk.bot.send_document(desk.alice.id, b"1", filename="a.txt", caption="old")
    await desk.bot.edit_message_caption(desk.alice.id, sent.message_id, caption="new")
    assert desk.alice.last.text == "new"
    media = InputMediaDocument(b"2", filename="b.txt", caption="newer")
    await desk.bot.edit_message_media(media, desk.alice.id, sent.message_id)
    seen = desk.alice.last
    assert seen.document is not None
    assert (seen.document.name, seen.document.data, seen.text) == ("b.txt", b"2", "newer")


async def test_messages_can_be_deleted(desk: Desk) -> None:
    """One or many messages go; one that is gone already is refused alone and skipped among many."""
    sent = [(await desk.bot.send_message(desk.alice.id, str(number))).message_id for number in range(3)]
    await desk.bot.delete_message(desk.alice.id, sent[0])
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await desk.bot.delete_message(desk.alice.id, sent[0])
    await desk.bot.delete_messages(desk.alice.id, sent)
    assert [seen.text for seen in desk.alice.messages()] == ["/start"]


async def test_pins_are_kept_until_removed(desk: Desk) -> None:
    """A pinned message shows in getChat, with a service message in the chat; unpinning removes it."""
    sent = await desk.bot.send_message(desk.alice.id, "rules")
    await desk.bot.pin_chat_message(desk.alice.id, sent.message_id)
    pinned = (await desk.bot.get_chat(desk.alice.id)).pinned_message
    assert pinned is not None
    assert pinned.message_id == sent.message_id
    await desk.bot.unpin_chat_message(desk.alice.id, sent.message_id)
    assert (await desk.bot.get_chat(desk.alice.id)).pinned_message is None
    with pytest.raises(BadRequest, match="Message to unpin not found"):
        await desk.bot.unpin_chat_message(desk.alice.id)


async def test_reactions_are_limited_to_telegrams(desk: Desk) -> None:
    """A bot reacts with one of Telegram's emoji, to a message that exists."""
    number = desk.alice.messages()[0].id
    await desk.bot.set_message_reaction(desk.alice.id, number, "👍")
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await desk.bot.set_message_reaction(desk.alice.id, number, "🦖")
    with pytest.raises(BadRequest, match="Message to react not found"):
        await desk.bot.set_message_reaction(desk.alice.id, 1, "👍")
