"""Every field that the Bot API has in a message is read, goes with what is read, or is known to ask for nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.briefs.material import SentFile
from bot.kernel.card import Card
from handlers.routing.update import CONTENT, read
from handlers.routing.waiting import UNREAD, with_unread

SCHEMA = Path(__file__).parents[2] / "data" / "telegram_bot_api_schema.json"
WHERE = {
    "message_id": 7,
    "date": 1,
    "chat": {"id": 1001, "type": "private"},
    "from": {"id": 1001, "is_bot": False, "first_name": "Alice"},
}
# What says where content came from and how it is shown; there is no message of these alone.
BESIDE_FIELDS = """
message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot sender_tag
receiver_user ephemeral_message_id date guest_query_id business_connection_id chat forward_origin is_topic_message
is_automatic_forward reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id
reply_to_poll_option_id via_bot guest_bot_caller_user guest_bot_caller_chat edit_date has_protected_content
is_from_offline is_paid_post media_group_id author_signature paid_star_count entities link_preview_options
suggested_post_info effect_id caption_entities show_caption_above_media has_media_spoiler reply_markup
"""
BESIDE = frozenset(BESIDE_FIELDS.split())
# A group that moves is followed; all others are written by apps when something happens, and nobody waits for an answer.
MOVES = frozenset({"migrate_to_chat_id", "migrate_from_chat_id"})
SERVICE_FIELDS = """
new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo delete_chat_photo
group_chat_created supergroup_chat_created channel_chat_created message_auto_delete_timer_changed pinned_message
invoice successful_payment refunded_payment users_shared chat_shared gift unique_gift gift_upgrade_sent
connected_website write_access_allowed passport_data proximity_alert_triggered boost_added chat_background_set
checklist_tasks_done checklist_tasks_added community_chat_added community_chat_joined community_chat_removed
direct_message_price_changed forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened
general_forum_topic_hidden general_forum_topic_unhidden giveaway_created giveaway giveaway_winners giveaway_completed
managed_bot_created paid_message_price_changed poll_option_added poll_option_deleted suggested_post_approved
suggested_post_approval_failed suggested_post_declined suggested_post_paid suggested_post_refunded
video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited web_app_data
"""
SERVICE = MOVES | frozenset(SERVICE_FIELDS.split())
WORDS = {"text": "x", "caption": "x", "photo": [{"file_id": "p", "file_size": 1}]}


def _kind(name: str, value: Any) -> str:
    return read({"update_id": 1, "message": {**WHERE, name: value}}).kind


def test_every_field_is_known(measured: Callable[[str], None]) -> None:
    """No field of the schema is unknown, none is known twice, and none that we know is unknown to the schema."""
    fields = json.loads(SCHEMA.read_text())["types"]["Message"].keys()
    known = [*CONTENT, *BESIDE, *SERVICE]
    assert sorted(known) == sorted(fields)
    measured(f"{len(fields)} fields of a message: {len(CONTENT)} read, {len(BESIDE)} beside, {len(SERVICE)} silent")


def test_content_is_read() -> None:
    """A message with any content is one that is answered."""
    for name in CONTENT:
        assert _kind(name, WORDS.get(name, {"file_id": "x"})) == "message", name


def test_what_apps_write_is_silent() -> None:
    """A message with nothing that its sender put in asks for nothing; one that says where a group moved is followed."""
    for name in (SERVICE | BESIDE) - MOVES - WHERE.keys() - {"sender_chat"}:
        assert _kind(name, {}) == "other", name
    assert [_kind(name, -1001) for name in sorted(MOVES)] == ["moved", "moved"]


@pytest.mark.parametrize(
    ("beside", "location"),
    [
        ({"location": {"latitude": 31.55, "longitude": 74.34}}, (31.55, 74.34)),
        ({"location": {"latitude": 31, "longitude": 74, "live_period": 900, "heading": 10}}, (31.0, 74.0)),
        ({"location": {"latitude": 31.5, "longitude": 74.3}, "venue": {"title": "Anarkali"}}, None),
        ({"location": {"latitude": 31.5, "longitude": 74.3}, "forward_origin": {"sender_user_name": "Bob"}}, None),
        ({"text": "31.55, 74.34"}, None),
    ],
)
def test_where_the_sender_is(beside: dict[str, Any], location: tuple[float, float] | None) -> None:
    """A location is where its sender is: no venue, which is spoken of, and nobody else's that was passed on."""
    assert read({"update_id": 1, "message": {**WHERE, **beside}}).location == location


@pytest.mark.parametrize(
    "place", [{"latitude": 91, "longitude": 0}, {"latitude": 0}, {"latitude": "x", "longitude": 0}]
)
def test_no_place_on_earth(place: dict[str, Any]) -> None:
    """A location that Telegram cannot have sent is a message, and not guessed at."""
    found = read({"update_id": 1, "message": {**WHERE, "location": place}})
    assert (found.kind, found.location) == ("message", None)


PICTURE = [{"file_id": "small", "file_size": 1}, {"file_id": "large", "file_size": 9}]
VIDEO = {"file_id": "film", "mime_type": "video/mp4", "file_size": 9, "duration": 3}
PAID = {"type": "photo", "photo": PICTURE}
PREVIEW = {"type": "preview", "width": 9, "height": 9}
CAPTION = {"caption": "Write a page about what you see here"}
READ_PICTURE = SentFile("large", "photo.jpg", 9, "image/jpeg", "image")


@pytest.mark.parametrize(
    ("content", "file", "unread"),
    [
        ({"paid_media": {"star_count": 5, "paid_media": [PAID]}}, READ_PICTURE, ()),
        ({"paid_media": {"paid_media": [{"type": "live_photo", "live_photo": {"photo": PICTURE}}]}}, READ_PICTURE, ()),
        (
            {"paid_media": {"paid_media": [{"type": "video", "video": VIDEO}]}},
            SentFile("film", "video.mp4", 9, "video/mp4", "audio", 3),
            (),
        ),
        ({"paid_media": {"paid_media": [PREVIEW, PAID]}}, READ_PICTURE, ("paid media",)),
        ({"paid_media": {"paid_media": [PREVIEW]}}, None, ("paid media",)),
        ({"paid_media": {"star_count": 5, "paid_media": []}}, None, ("paid media",)),
        ({"live_photo": {"file_id": "live", "photo": PICTURE}}, READ_PICTURE, ()),
        ({"story": {"chat": {"id": 1}, "id": 2}}, None, ("story",)),
        ({"text": "x", "reply_to_story": {"chat": {"id": 1}, "id": 2}}, None, ("story",)),
        ({"game": {"title": "Snake", "description": "Eat", "photo": PICTURE}}, None, ("game",)),
        ({"rich_message": {"blocks": [{"type": "photo", "photo": PICTURE}]}}, None, ("inside",)),
        (
            {"rich_message": {"blocks": [{"type": "list", "items": [{"blocks": [{"video": VIDEO}]}]}]}},
            None,
            ("inside",),
        ),
        ({"rich_message": {"blocks": [{"type": "paragraph", "text": "Lamps"}]}}, None, ()),
        ({"poll": {"question": "Which?", "options": [{"text": "A", "media": {"type": "photo"}}]}}, None, ("inside",)),
        ({"text": "x", "external_reply": {"origin": {}, "document": {"file_id": "x"}}}, None, ("elsewhere",)),
        ({"text": "x", "external_reply": {"origin": {}}, "quote": {"text": "y", "position": 0}}, None, ()),
    ],
)
def test_what_comes_beside_the_words(content: dict[str, Any], file: SentFile | None, unread: tuple[str, ...]) -> None:
    """What can be fetched is its message's file, with a caption or without; what is seen and not read is named."""
    words = {} if "text" in content or "paid_media" not in content else CAPTION
    found = read({"update_id": 1, "message": {**WHERE, **content, **words}})
    assert (found.kind, found.file, found.unread) == ("message", file, unread)


@pytest.mark.parametrize("what", UNREAD)
def test_what_was_not_read_is_said(what: str) -> None:
    """The answer says it below its own words; what is answered with nothing to see is left alone."""
    assert with_unread(Card("<b>Quote</b>"), (what,)).text.startswith("<b>Quote</b>\nNot read: ")
    assert with_unread(Card(), (what,)) == Card()
    assert with_unread(Card("<b>Quote</b>"), ()) == Card("<b>Quote</b>")
