"""Where people write from: what an app writes by itself, groups that take the bot out."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from handlers.routing.update import CONTENT, read
from sandbox.telegram.methods.chats import member
from storage.people import people
from tests.eventually import eventually
from tests.house import House

pytestmark = pytest.mark.wire

SCHEMA = Path(__file__).parents[2] / "data" / "telegram_bot_api_schema.json"
# Of a message: who, where, when, and what goes with its content.
AROUND = """
message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot
sender_tag receiver_user ephemeral_message_id date guest_query_id business_connection_id chat forward_origin
is_topic_message is_automatic_forward reply_to_message external_reply quote reply_to_story
reply_to_checklist_task_id reply_to_poll_option_id via_bot guest_bot_caller_user guest_bot_caller_chat edit_date
has_protected_content is_from_offline is_paid_post media_group_id author_signature paid_star_count entities
link_preview_options suggested_post_info effect_id caption_entities show_caption_above_media has_media_spoiler
reply_markup
"""
# What an app, or Telegram, writes by itself.
SERVICE = """
new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo
delete_chat_photo group_chat_created supergroup_chat_created channel_chat_created
message_auto_delete_timer_changed migrate_to_chat_id migrate_from_chat_id pinned_message invoice
successful_payment refunded_payment users_shared chat_shared gift unique_gift gift_upgrade_sent
connected_website write_access_allowed passport_data proximity_alert_triggered boost_added chat_background_set
checklist_tasks_done checklist_tasks_added community_chat_added community_chat_joined community_chat_removed
direct_message_price_changed forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened
general_forum_topic_hidden general_forum_topic_unhidden giveaway_created giveaway giveaway_winners
giveaway_completed managed_bot_created paid_message_price_changed poll_option_added poll_option_deleted
suggested_post_approved suggested_post_approval_failed suggested_post_declined suggested_post_paid
suggested_post_refunded video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited
web_app_data
"""


def message(content: dict[str, Any]) -> dict[str, Any]:
    eve = {"id": 5, "is_bot": False, "first_name": "Eve"}
    return {"message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": eve} | content}


async def test_pinning_is_no_message(home: House) -> None:
    """Who pins one of the bot's messages is not answered: the next thing that the bot says answers their next words."""
    await home.invite(home.alice, "client")
    mark = home.alice.mark()
    pinned = {"message_id": 1, "date": 1, "chat": {"id": home.alice.id, "type": "private"}}
    home.alice.app.send({"pinned_message": pinned}, home.telegram.world.chats[home.alice.id])
    await home.alice.says("/help")
    assert "What you can do here" in (await home.alice.sees("", after=mark)).text


@pytest.mark.parametrize("field", SERVICE.split())
def test_service_messages_ask_for_nothing(field: str) -> None:
    """A message that an app or Telegram wrote by itself is nobody's words."""
    assert read(message({field: {}})).kind == "other"


@pytest.mark.parametrize("field", sorted(CONTENT - {"photo"}))
def test_what_people_send_is_heard(field: str) -> None:
    """Whatever a person puts into a chat is a message."""
    content: Any = "words" if field in {"text", "caption"} else {"file_id": "f", "file_unique_id": "u"}
    assert read(message({field: content})).kind == "message"


def test_who_writes_as_a_chat_is_nobody() -> None:
    """Whoever `from` names then: a command as the group is answered to nobody, and all else is silent."""
    group = {"chat": {"id": -5, "type": "supergroup"}, "text": "/queue"}
    assert read(message({**group, "sender_chat": {"id": -5, "type": "supergroup"}})).kind == "anonymous"
    assert read(message({**group, "sender_chat": {"id": -5, "type": "supergroup"}, "text": "hello"})).kind == "other"
    assert read(message({**group, "sender_chat": {"id": -6, "type": "channel"}})).kind == "other"
    assert read({"channel_post": message(group)["message"]}).kind == "other"


def test_every_field_of_a_message_is_known() -> None:
    """Each field that the Bot API's own description names is content, a service message, or what goes with them."""
    fields = json.loads(SCHEMA.read_text(encoding="utf-8"))["types"]["Message"]
    assert set(fields) == CONTENT | {*SERVICE.split()} | {*AROUND.split()}


@pytest.mark.parametrize("gone", ["left", "kicked"])
async def test_removed_from_a_group(home: House, gone: str) -> None:
    """Who takes the bot out of a group has not blocked it: they stay reachable, and are answered in private."""
    await home.staff()
    group = home.telegram.group("Studio", [home.carol, home.bob])
    bot = home.telegram.world.bot
    change = {"chat": group.json(), "from": home.bob.account.user(), "date": int(time.time())}
    change |= {"old_chat_member": member(bot, "member"), "new_chat_member": member(bot, gone)}
    home.telegram.updates.push("my_chat_member", change)
    mark = home.carol.mark()
    await home.carol.says("/whoami", chat_id=group.id)  # the group's next update, so the one before is done
    await home.carol.sees("Carol · admin", chat_id=group.id, after=mark)
    assert await reach(home) == "open"


async def test_silenced_in_a_group(home: House) -> None:
    """A command in a group that the bot may not write to any more does not count as a block by who wrote it."""
    await home.staff()
    group = home.telegram.group("Studio", [home.carol, home.bob])
    await home.bob.says("/whoami", chat_id=group.id)
    await home.bob.sees("Bob · operator", chat_id=group.id)
    refused = home.telegram.calls["sendMessage"]
    await home.bob.says("/whoami", chat_id=group.id)
    group.members[home.telegram.world.bot.id] = "kicked"
    await eventually(lambda: home.telegram.calls["sendMessage"], lambda count: count != refused)
    await home.bob.says("/whoami")
    await home.bob.sees("Bob · operator")
    assert await reach(home) == "open"


async def test_blocked_and_in_a_group(home: House) -> None:
    """Who blocked the bot and writes in a group can still not be written to; the group reads the way."""
    await home.staff()
    group = home.telegram.group("Studio", [home.carol, home.bob])
    home.bob.blocks()
    await eventually(lambda: reach(home), lambda how: how != "open")
    await home.bob.says("/queue", chat_id=group.id)
    await home.bob.sees("write /start to me first", chat_id=group.id)
    assert await reach(home) == "blocked"


async def reach(home: House) -> str:
    async with home.running.app.services.database.reading() as connection:
        person = await people.by_telegram_id(connection, home.bob.id)
    assert person is not None
    return person.reach
