"""What the Telegram stand-in does when the real SDK sends, forwards and copies."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest, EndPointNotFound, InvalidToken, NetworkError

from sandbox.faults import Fault
from sandbox.telegram.entities import parse_html
from sandbox.telegram.state import ChatEvent
from tests.contract.telegram_desk import PNG, Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


async def test_formatted_text_arrives_as_entities_and_safe_html(desk: Desk) -> None:
    """HTML becomes entities with UTF-16 offsets for the bot, and escaped HTML for the person."""
    sent = await desk.bot.send_message(
        desk.alice.id, '😀 <b>a <i>b</i></b> <a href="https://x.y">&lt;l&gt;</a>', "HTML"
    )
    assert sent.text == "😀 a b <l>"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [
        ("bold", 3, 3),
        ("italic", 5, 1),
        ("text_link", 7, 3),
    ]
    link = '<a href="https://x.y" target="_blank" rel="noopener noreferrer">&lt;l&gt;</a>'
    assert desk.alice.last.html == f"😀 <b>a <i>b</i></b> {link}"


async def test_a_dangerous_link_is_not_rendered(desk: Desk) -> None:
    """A javascript: address stays text on the page."""
    await desk.bot.send_message(desk.alice.id, '<a href="javascript:alert(1)">here</a>', "HTML")
    assert desk.alice.last.html == "here"


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é<q>x</q>", 'Unsupported start tag "q" at byte offset 2'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href='x'", 'Unclosed start tag "a" at byte offset 0'),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>x</b ", "Unclosed end tag at byte offset 4"),
    ],
)
async def test_bad_html_is_refused_with_its_place(desk: Desk, markup: str, reason: str) -> None:
    """Broken markup is refused and nothing arrives; the SDK lowers the reason's first letter."""
    with pytest.raises(BadRequest) as refused:
        await desk.bot.send_message(desk.alice.id, markup, "HTML")
    assert refused.value.message.lower() == f"can't parse entities: {reason}".lower()
    assert len(desk.alice.messages()) == 1


def test_code_blocks_keep_their_language() -> None:
    """`<pre><code class="language-...">` is one entity, and a lone `<code>` has no language."""
    assert parse_html('<pre><code class="language-python">x</code></pre>') == (
        "x",
        [{"type": "pre", "offset": 0, "length": 1, "language": "python"}],
    )
    assert parse_html('<code class="language-python">x</code>')[1] == [{"type": "code", "offset": 0, "length": 1}]


async def test_given_entities_are_kept_and_commands_found(desk: Desk) -> None:
    """Entities can be given instead of markup; commands and addresses are detected as Telegram does."""
    given = [MessageEntity(MessageEntity.BOLD, 0, 2)]
    sent = await desk.bot.send_message(desk.alice.id, "ab /brief_12 a@b.io", entities=given)
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [
        ("bold", 0, 2),
        ("bot_command", 3, 9),
        ("email", 13, 6),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [(" \n", "Message text is empty"), ("<b> </b>", "Message text is empty"), ("x" * 4097, "Message is too long")],
)
async def test_empty_and_overlong_texts_are_refused(desk: Desk, text: str, reason: str) -> None:
    """A text has 1 to 4096 characters once its markup is parsed."""
    with pytest.raises(BadRequest, match=reason):
        await desk.bot.send_message(desk.alice.id, text, "HTML")


async def test_markup_does_not_count_towards_the_length(desk: Desk) -> None:
    """4096 characters in tags are not too long."""
    await desk.bot.send_message(desk.alice.id, f"<b>{'x' * 4096}</b>", "HTML")
    assert len(desk.alice.last.text) == 4096


@pytest.mark.parametrize("data", ["x" * 65, "é" * 33])
async def test_callback_data_over_64_bytes_is_refused(desk: Desk, data: str) -> None:
    """Callback data is measured in bytes."""
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await desk.bot.send_message(
            desk.alice.id, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data=data)]])
        )


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        (InlineKeyboardButton("x"), "text buttons are unallowed"),
        (InlineKeyboardButton("x", url="ftp://x.example"), "Unsupported URL protocol"),
        (InlineKeyboardButton("x", url="https://"), "Wrong HTTP URL"),
        (InlineKeyboardButton("x", url="http://localhost:8080/pay"), "Wrong HTTP URL"),
        (InlineKeyboardButton("x", url="https://studio/pay"), "Wrong HTTP URL"),
    ],
)
async def test_impossible_buttons_are_refused(desk: Desk, button: InlineKeyboardButton, reason: str) -> None:
    """A button must do something, and an address must be one."""
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await desk.bot.send_message(desk.alice.id, "x", reply_markup=InlineKeyboardMarkup([[button]]))


async def test_a_reply_shows_what_it_answers(desk: Desk) -> None:
    """A reply carries the answered message; answering nothing is refused unless allowed."""
    first = await desk.bot.send_message(desk.alice.id, "one")
    second = await desk.bot.send_message(desk.alice.id, "two", reply_parameters=ReplyParameters(first.message_id))
    assert second.reply_to_message == first
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await desk.bot.send_message(desk.alice.id, "three", reply_parameters=ReplyParameters(1))
    lenient = ReplyParameters(1, allow_sending_without_reply=True)
    assert (await desk.bot.send_message(desk.alice.id, "four", reply_parameters=lenient)).reply_to_message is None


async def test_files_go_both_ways(desk: Desk) -> None:
    """A document of 3 MB arrives with name and bytes, can be fetched back, and sent again by its id."""
    content = bytes(range(256)) * 12_000
    sent = await desk.bot.send_document(
        desk.alice.id, content, caption="<b>Yours</b>", parse_mode="HTML", filename="Übersicht.md"
    )
    seen = desk.alice.last
    assert seen.document is not None
    assert (seen.document.name, seen.document.data, seen.text) == ("Übersicht.md", content, "Yours")
    assert sent.document is not None
    fetched = await desk.bot.get_file(sent.document.file_id)
    assert bytes(await fetched.download_as_bytearray()) == content
    again = await desk.bot.send_document(desk.alice.id, sent.document.file_id)
    assert again.document == sent.document


async def test_photos_voice_and_albums_arrive(desk: Desk) -> None:
    """A photo has its pixel size, a voice note its duration, an album one id and all its files."""
    photo = await desk.bot.send_photo(desk.alice.id, PNG, caption="chart")
    assert [(size.width, size.height) for size in photo.photo] == [(3, 2)]
    assert desk.alice.last.photo == PNG
    voice = await desk.bot.send_voice(desk.alice.id, b"OggS", duration=7)
    assert voice.to_dict()["voice"]["duration"] == 7
    album = await desk.bot.send_media_group(
        desk.alice.id,
        [InputMediaDocument(b"1", filename="1.txt", caption="both"), InputMediaDocument(b"2", filename="2.txt")],
    )
    assert len({message.media_group_id for message in album}) == 1
    names = [seen.document.name for seen in desk.alice.messages()[-2:] if seen.document]
    assert names == ["1.txt", "2.txt"]


async def test_impossible_files_are_refused(desk: Desk) -> None:
    """An unknown id, a photo that is none, an overlong caption and an empty file are refused."""
    with pytest.raises(BadRequest, match="Wrong remote file identifier"):
        await desk.bot.send_document(desk.alice.id, "no-such-id")
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await desk.bot.send_photo(desk.alice.id, b"not an image")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await desk.bot.send_document(desk.alice.id, b"x", caption="x" * 1025)
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await desk.bot.send_document(desk.alice.id, b"")


async def test_the_bot_can_fetch_20_and_send_50_megabytes(desk: Desk) -> None:
    """A bigger file of a person cannot be fetched, and a bigger one of the bot is not taken."""
    await desk.alice.sends_file("big.bin", bytes(20 * 1024 * 1024 + 1))
    message = (await desk.update()).message
    assert message is not None
    assert message.document is not None
    with pytest.raises(BadRequest, match="File is too big"):
        await desk.bot.get_file(message.document.file_id)
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await desk.bot.send_document(desk.alice.id, bytes(51 * 1024 * 1024))


async def test_forward_and_copy(desk: Desk) -> None:
    """A forward names its origin, a copy does not; a missing or protected source is refused."""
    written = await desk.alice.says("my brief")
    forwarded = await desk.bot.forward_message(desk.alice.id, desk.alice.id, written.id)
    assert forwarded.forward_origin is not None
    assert forwarded.forward_origin.to_dict()["sender_user"]["id"] == desk.alice.id
    copied = await desk.bot.copy_message(desk.alice.id, desk.alice.id, written.id)
    assert (desk.alice.last.id, desk.alice.last.text) == (copied.message_id, "my brief")
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await desk.bot.copy_message(desk.alice.id, desk.alice.id, 1)
    protected = await desk.bot.send_message(desk.alice.id, "secret", protect_content=True)
    with pytest.raises(BadRequest, match="protected content"):
        await desk.bot.forward_message(desk.alice.id, desk.alice.id, protected.message_id)


async def test_what_takes_a_caption(desk: Desk) -> None:
    """A copy of a file bears the caption that is given; one of a sticker bears none."""
    file = await desk.alice.sends_file("logo.txt", b"A logo", "Mine")
    copied = await desk.bot.copy_message(desk.alice.id, desk.alice.id, file.id, caption="Hers")
    assert (desk.alice.last.id, desk.alice.last.text) == (copied.message_id, "Hers")
    sticker = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1}
    place = desk.stand_in.world.chats[desk.alice.id]
    sent = desk.alice.app.send({"sticker": sticker}, place)
    await desk.bot.copy_message(desk.alice.id, desk.alice.id, sent.id, caption="Hers")
    assert desk.alice.last.text == ""


async def test_drafts_and_chat_actions_are_seen_but_leave_no_message(desk: Desk) -> None:
    """Streaming a draft and typing are events of the chat, not messages, and a draft needs a private chat."""
    events: list[ChatEvent] = []
    desk.stand_in.on_change.append(events.append)
    await desk.bot.send_chat_action(desk.alice.id, "typing")
    await desk.bot.send_message_draft(desk.alice.id, 1, "<b>hal", parse_mode=None)
    assert [(event.kind, event.detail.get("action"), event.detail.get("text")) for event in events] == [
        ("action", "typing", None),
        ("draft", None, "<b>hal"),
    ]
    assert len(desk.alice.messages()) == 1
    group = desk.stand_in.group("Team", [desk.alice])
    with pytest.raises(BadRequest, match="Textdraft_peer_invalid"):
        await desk.bot.send_message_draft(group.id, 1, "x")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"text": "x", "entities": [{"type": "bold"}]}),
        ("sendMessage", {"text": "x", "reply_markup": "{"}),
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": "x"}}),
        ("sendMediaGroup", {"media": ["x"]}),
        ("deleteMessages", {"message_ids": ["x"]}),
        ("setMessageReaction", {"message_id": "x"}),
        ("setMyCommands", {"commands": ["x"]}),
    ],
)
async def test_nonsense_is_refused_not_crashed_on(desk: Desk, method: str, params: dict[str, Any]) -> None:
    """Mistyped parameters, sent as JSON by a client of one's own, are answered with 400 and a description."""
    desk.stand_in.on_call.clear()
    address = f"{desk.url}/telegram/bot{desk.stand_in.token}/{method}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, json={"chat_id": desk.alice.id, **params}) as answer,
    ):
        told = await answer.json()
    assert (answer.status, told["ok"], told["error_code"]) == (400, False, 400)
    assert told["description"].startswith("Bad Request: can't parse ")


async def test_a_reply_keyboard_reaches_the_chat(desk: Desk) -> None:
    """A reply keyboard is shown below the chat and is no part of the message."""
    sent = await desk.bot.send_message(desk.alice.id, "choose", reply_markup=ReplyKeyboardMarkup([["Yes", "No"]]))
    assert sent.reply_markup is None
    assert desk.alice.last.keyboard == [["Yes", "No"]]


async def test_a_wrong_token_or_method_is_refused(desk: Desk) -> None:
    """A well-formed foreign token is 401 (for files too), a malformed one and an unknown method are 404."""
    with pytest.raises(InvalidToken):
        async with Bot("1:other", base_url=f"{desk.url}/telegram/bot"):
            pass
    with pytest.raises(EndPointNotFound):
        await desk.bot.do_api_request("noSuchMethod")
    paths = {"bot1:other/getMe": 401, "botother/getMe": 404, "file/bot1:other/documents/file_1.txt": 401}
    async with aiohttp.ClientSession() as session:
        for path, status in paths.items():
            async with session.get(f"{desk.url}/telegram/{path}") as answer:
                assert (path, answer.status) == (path, status)


async def test_a_planned_fault_meets_the_bot_only(desk: Desk) -> None:
    """A lost reply leaves the message sent, counted once, and the SDK with a network error."""
    desk.stand_in.faults.add(Fault("sendMessage", "lose_reply"))
    with pytest.raises(NetworkError):
        await desk.bot.send_message(desk.alice.id, "once")
    assert desk.alice.last.text == "once"
    assert (desk.stand_in.sent("sendMessage"), desk.stand_in.calls["sendMessage"]) == (1, 1)
