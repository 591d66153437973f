"""Acting as a person: what tests and the demo rely on."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from sandbox.telegram.seen import Button, NotSeen
from sandbox.telegram.state import ChatEvent, Toast
from tests.contract.telegram_desk import Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    buttons = [InlineKeyboardButton(label, callback_data=f"data:{label}") for label in labels]
    return InlineKeyboardMarkup([buttons])


async def answered(desk: Desk, text: str, *, alert: bool = False) -> str | None:
    """Answer the tap that is due; returns its data."""
    query = (await desk.update()).callback_query
    assert query is not None
    await query.answer(text, show_alert=alert)
    return query.data


async def test_a_shared_location_reaches_the_bot(desk: Desk) -> None:
    """A location arrives as the SDK's object, and what is no place on Earth cannot be shared."""
    await desk.alice.sends_location(31.55, 74.34)
    message = (await desk.update()).message
    assert message is not None
    assert message.location is not None
    assert (message.location.latitude, message.location.longitude) == (31.55, 74.34)
    with pytest.raises(ValueError, match="at most 90 degrees"):
        await desk.alice.sends_location(90.5, 0)


async def test_the_same_id_is_the_same_person(desk: Desk) -> None:
    """A person is known by id; without one a new person comes."""
    bob = desk.stand_in.person("Bob", id=5)
    assert desk.stand_in.person("Bob", id=5) is bob
    assert (bob.id, bob.chat_id) == (5, 5)
    assert desk.stand_in.person("Bob").id != 5


async def test_what_a_person_sends_reaches_the_bot(desk: Desk) -> None:
    """Text, file, photo, voice note, forward, reply and edit arrive as the SDK's objects."""
    alice = desk.alice
    said = await alice.says("my brief")
    await alice.says("about that", reply_to=said)
    await alice.sends_file("a.pdf", b"%PDF", "the file", "application/pdf")
    await alice.sends_photo(b"\xff\xd8\xff")
    await alice.sends_voice(b"OggS", 3)
    await alice.forwards(said)
    await alice.edits(said, "my /better brief")
    text, reply, file, photo, voice, forward, edit = await desk.updates()
    assert (text.message and text.message.text) == "my brief"
    assert reply.message is not None
    assert reply.message.reply_to_message is not None
    assert reply.message.reply_to_message.message_id == said.id
    assert file.message is not None
    assert file.message.document is not None
    assert (file.message.document.file_name, file.message.document.mime_type) == ("a.pdf", "application/pdf")
    assert file.message.caption == "the file"
    assert photo.message is not None
    assert len(photo.message.photo) == 1
    assert voice.message is not None
    assert voice.message.voice is not None
    fetched = await (await voice.message.voice.get_file()).download_as_bytearray()
    assert bytes(fetched) == b"OggS"
    assert forward.message is not None
    assert forward.message.forward_origin is not None
    assert edit.edited_message is not None
    assert edit.edited_message.parse_entities() == {edit.edited_message.entities[0]: "/better"}


async def test_a_long_text_goes_as_several_messages(desk: Desk) -> None:
    """What is over 4096 characters is split, as apps do."""
    await desk.alice.says("x" * 5000)
    assert [len(str(update.message and update.message.text)) for update in await desk.updates()] == [4096, 904]


async def test_a_long_text_is_cut_between_words(desk: Desk) -> None:
    """Apps cut at a line break or between words where one is near, and take the white space there away."""
    words, lines = "word " * 1_000, "line\n" + "x" * 4_200
    await desk.alice.says(words)
    await desk.alice.says("y" * 3_990 + lines)
    texts = [str(update.message and update.message.text) for update in await desk.updates()]
    assert texts == [("word " * 819).strip(), ("word " * 181).strip(), "y" * 3_990 + "line", "x" * 4_096, "x" * 104]


async def test_a_tap_brings_the_bots_answer(desk: Desk) -> None:
    """A tap carries the button's data, and the bot's answer comes back as toast or alert."""
    await desk.bot.send_message(desk.alice.id, "Draft", reply_markup=keyboard("✅ Approve", "Reject"))
    assert desk.alice.last.buttons == [[Button("✅ Approve", "data:✅ Approve"), Button("Reject", "data:Reject")]]
    data, toast = await asyncio.gather(answered(desk, "Approved"), desk.alice.taps("Approve"))
    assert (data, toast) == ("data:✅ Approve", Toast("Approved", alert=False))
    _, alert = await asyncio.gather(answered(desk, "No", alert=True), desk.alice.taps("Reject"))
    assert alert == Toast("No", alert=True)


async def test_the_newest_exact_label_is_tapped(desk: Desk) -> None:
    """Of several messages the newest with exactly this label counts, and after an edit its new buttons."""
    first = await desk.bot.send_message(desk.alice.id, "old", reply_markup=keyboard("Go"))
    await desk.bot.send_message(desk.alice.id, "new", reply_markup=keyboard("Go on"))
    data, _ = await asyncio.gather(answered(desk, ""), desk.alice.taps("Go"))
    assert data == "data:Go"
    await first.edit_text("old", reply_markup=keyboard("Stop"))
    data, _ = await asyncio.gather(answered(desk, ""), desk.alice.taps("Go"))
    assert data == "data:Go on"


async def test_forged_data_reaches_the_bot(desk: Desk) -> None:
    """A forged client can send any data with a message's tap."""
    await desk.bot.send_message(desk.alice.id, "Draft", reply_markup=keyboard("Approve"))
    data, toast = await asyncio.gather(answered(desk, "no"), desk.alice.taps_raw("evil", desk.alice.last))
    assert (data, toast.text) == ("evil", "no")


async def test_a_missing_button_shows_the_chat(desk: Desk) -> None:
    """A tap on nothing fails with the readable chat; so does a link and an unanswered tap."""
    link = InlineKeyboardMarkup([[InlineKeyboardButton("Pay", url="https://x.y")]])
    await desk.bot.send_message(desk.alice.id, "Invoice", reply_markup=link)
    await desk.bot.send_document(desk.alice.id, b"123", filename="a.txt", caption="File", reply_markup=keyboard("Go"))
    with pytest.raises(NotSeen) as missing:
        await desk.alice.taps("Refund")
    assert str(missing.value) == (
        "Alice: there is no button 'Refund'. The chat:\n"
        "Alice: /start\nEchoPilot: Invoice\n    [Pay]\nEchoPilot: File\n    <a.txt, 3 bytes>\n    [Go]"
    )
    with pytest.raises(NotSeen, match=r"the button 'Pay' is not answered by the bot: .*https://x\.y"):
        await desk.alice.taps("Pay")
    with pytest.raises(NotSeen, match=r"the tap on 'Go' was not answered within 0\.05 s"):
        await desk.alice.taps("Go", timeout=0.05)


async def test_a_tap_can_be_answered_once_and_in_time(desk: Desk) -> None:
    """A second answer, a late one and one to an unknown tap are `query is too old`."""
    await desk.bot.send_message(desk.alice.id, "Draft", reply_markup=keyboard("Go"))
    message = desk.stand_in.world.chats[desk.alice.id].messages[desk.alice.last.id]
    query = desk.alice.app.tap(message, "data:Go", "Go")
    await desk.bot.answer_callback_query(query.id, "yes")
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await desk.bot.answer_callback_query(query.id, "yes")
    late = desk.alice.app.tap(message, "data:Go", "Go")
    desk.stand_in.world.query_seconds = 0.0
    with pytest.raises(BadRequest, match="Query is too old"):
        await desk.bot.answer_callback_query(late.id, "too late")
    assert not late.answer.done()


async def test_sees_waits_for_new_and_edited_messages(desk: Desk) -> None:
    """`sees` finds what is in view, waits for what is not yet, and takes a string or a pattern."""
    sent = await desk.bot.send_message(desk.alice.id, "Working 1 %")
    assert (await desk.alice.sees("Working")).id == sent.message_id
    waiting = asyncio.create_task(desk.alice.sees(re.compile(r"Working \d\d %")))
    await sent.edit_text("Working 42 %")
    seen = await waiting
    assert (seen.text, seen.edited) == ("Working 42 %", True)
    await desk.bot.send_document(desk.alice.id, b"x", filename="result.md")
    assert (await desk.alice.sees("result.md")).document is not None


async def test_after_a_mark_only_changes_count(desk: Desk) -> None:
    """`after` leaves out what was there before, and finds a version that has been edited away since."""
    sent = await desk.bot.send_message(desk.alice.id, "Ready")
    mark = desk.alice.mark()
    with pytest.raises(NotSeen, match=r"'Ready' did not come within 0\.05 s"):
        await desk.alice.sees("Ready", after=mark, timeout=0.05)
    await sent.edit_text("Working")
    await sent.edit_text("Done")
    working = await desk.alice.sees("Working", after=mark)
    assert (await desk.alice.sees("Done", after=working)).seq > working.seq
    with pytest.raises(NotSeen):
        await desk.alice.sees("Working", timeout=0.05)


async def test_own_words_are_not_seen(desk: Desk) -> None:
    """What a person wrote is in the chat, but `sees` is about the bot's messages."""
    mark = desk.alice.mark()
    await desk.alice.says("hello")
    for after in (None, mark):
        with pytest.raises(NotSeen):
            await desk.alice.sees("hello", after=after, timeout=0.05)
    with pytest.raises(NotSeen, match="the bot has written nothing"):
        _ = desk.alice.last


async def test_observers_see_what_happens(desk: Desk) -> None:
    """`on_change` reports messages, files, edits, taps, toasts and deletions, and who saw them."""
    events: list[ChatEvent] = []
    desk.stand_in.on_change.append(events.append)
    sent = await desk.bot.send_message(desk.alice.id, "Draft", reply_markup=keyboard("Go"))
    await asyncio.gather(answered(desk, "ok"), desk.alice.taps("Go"))
    await sent.edit_text("Done")
    await desk.bot.send_document(desk.alice.id, b"x")
    await sent.delete()
    assert [event.kind for event in events] == ["new", "tap", "toast", "edit", "file", "delete"]
    assert {event.audience for event in events} == {(desk.alice.id,)}
    assert events[1].detail["label"] == "Go"
