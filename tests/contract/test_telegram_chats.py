"""Who can be written to, groups and topics, command menus, and the bot's own profile."""

from collections.abc import AsyncIterator

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    MenuButtonCommands,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.contract.telegram_desk import Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


async def test_a_bot_cannot_write_first(desk: Desk) -> None:
    """A chat that the bot never saw is 400; who is in a group with it but never wrote is 403 until they do."""
    eve = desk.stand_in.person("Eve")
    for unseen in (42, eve.id):
        with pytest.raises(BadRequest, match="Chat not found"):
            await desk.bot.send_message(unseen, "hello")
    desk.stand_in.group("Team", [desk.alice, eve])
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await desk.bot.send_message(eve.id, "hello")
    await eve.says("/start")
    await desk.bot.send_message(eve.id, "hello")
    assert eve.last.text == "hello"


async def test_a_blocked_bot_is_refused_and_told(desk: Desk) -> None:
    """Blocking refuses sends and edits with 403 and tells the bot by `my_chat_member`; unblocking undoes it."""
    sent = await desk.bot.send_message(desk.alice.id, "one")
    desk.alice.blocks()
    for call in (desk.bot.send_message(desk.alice.id, "x"), sent.edit_text("x")):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await call
    change = (await desk.update()).my_chat_member
    assert change is not None
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    desk.alice.unblocks()
    await desk.bot.send_message(desk.alice.id, "two")
    assert desk.alice.last.text == "two"


async def test_in_a_group_the_bot_hears_what_is_meant_for_it(desk: Desk) -> None:
    """With privacy mode on, a group's commands, mentions and replies to the bot arrive, and small talk does not."""
    bob = desk.stand_in.person("Bob")
    group = desk.stand_in.group("Team", [desk.alice, bob])
    asked = await desk.bot.send_message(group.id, "Questions?")
    await bob.says("small talk", group.id)
    await bob.says("/help@other_bot", group.id)
    await bob.says("/help", group.id)
    await bob.says("hey @echopilot_bot", group.id)
    question = next(seen for seen in bob.messages(group.id) if seen.id == asked.message_id)
    await bob.says("yes", group.id, reply_to=question)
    heard = [update.message and update.message.text for update in await desk.updates()]
    assert heard == ["/help", "hey @echopilot_bot", "yes"]


async def test_members_have_their_statuses(desk: Desk) -> None:
    """Creator, member and stranger are told apart, and everybody in a group sees the bot's messages."""
    bob, eve = desk.stand_in.person("Bob"), desk.stand_in.person("Eve")
    group = desk.stand_in.group("Team", [desk.alice, bob], supergroup=True)
    statuses = [(await desk.bot.get_chat_member(group.id, person.id)).status for person in (desk.alice, bob, eve)]
    assert statuses == ["creator", "member", "left"]
    await desk.bot.send_message(group.id, "all")
    assert (await bob.sees("all", chat_id=group.id)).chat_id == group.id
    assert [admin.user.id for admin in await desk.bot.get_chat_administrators(group.id)] == [desk.alice.id]
    with pytest.raises(ValueError, match="Eve is not in this chat"):
        await eve.says("hello", group.id)


async def test_a_migrated_group_names_its_successor(desk: Desk) -> None:
    """Writing to an upgraded group raises ChatMigrated with the supergroup's id; the bot hears that it joined that."""
    group = desk.stand_in.group("Team", [desk.alice])
    upgraded = desk.stand_in.migrate(group)
    with pytest.raises(ChatMigrated) as moved:
        await desk.bot.send_message(group.id, "hello")
    assert moved.value.new_chat_id == upgraded.id
    await desk.bot.send_message(upgraded.id, "hello")
    *services, joined = await desk.updates()
    assert [one.message and one.message.migrate_to_chat_id for one in services] == [upgraded.id, None]
    assert joined.my_chat_member is not None
    assert joined.my_chat_member.chat.id == upgraded.id


async def test_topics_take_messages_until_closed(desk: Desk) -> None:
    """A forum's topics can be made, written to and closed; an unknown topic is refused."""
    forum = desk.stand_in.group("Office", [desk.alice], forum=True)
    topic = await desk.bot.create_forum_topic(forum.id, "Briefs")
    sent = await desk.bot.send_message(forum.id, "first", message_thread_id=topic.message_thread_id)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.message_thread_id, True)
    await desk.alice.says("second", forum.id, thread=topic.message_thread_id)
    heard = (await desk.update()).message
    assert heard is not None
    assert heard.message_thread_id == topic.message_thread_id
    with pytest.raises(BadRequest, match="Message thread not found"):
        await desk.bot.send_message(forum.id, "x", message_thread_id=1)
    await desk.bot.close_forum_topic(forum.id, topic.message_thread_id)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await desk.bot.send_message(forum.id, "x", message_thread_id=topic.message_thread_id)


async def test_a_bot_that_left_cannot_write(desk: Desk) -> None:
    """After leaveChat a group refuses the bot with 403."""
    group = desk.stand_in.group("Team", [desk.alice], supergroup=True)
    await desk.bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await desk.bot.send_message(group.id, "hello")


async def test_the_narrowest_command_scope_wins(desk: Desk) -> None:
    """A person sees the menu of the narrowest scope that has one, and in it their language."""
    bob = desk.stand_in.person("Bob", language_code="de")
    bot, group = desk.bot, desk.stand_in.group("Team", [desk.alice, bob])
    await bot.set_my_commands([BotCommand("start", "Begin")])
    assert (desk.alice.commands(), desk.alice.commands(group.id)) == ({"start": "Begin"}, {"start": "Begin"})
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("brief", "New brief")], private)
    await bot.set_my_commands([BotCommand("brief", "Neuer Auftrag")], private, language_code="de")
    assert (desk.alice.commands(), bob.commands()) == ({"brief": "New brief"}, {"brief": "Neuer Auftrag"})
    await bot.set_my_commands([BotCommand("jobs", "Jobs")], BotCommandScopeChat(desk.alice.id))
    assert desk.alice.commands() == {"jobs": "Jobs"}
    await bot.set_my_commands([BotCommand("admin", "Admin")], BotCommandScopeChatAdministrators(group.id))
    await bot.set_my_commands([BotCommand("bob", "Bob")], BotCommandScopeChatMember(group.id, bob.id))
    assert (desk.alice.commands(group.id), bob.commands(group.id)) == ({"admin": "Admin"}, {"bob": "Bob"})
    await bot.delete_my_commands(BotCommandScopeChat(desk.alice.id))
    assert desk.alice.commands() == {"brief": "New brief"}
    assert [command.command for command in await bot.get_my_commands(private)] == ["brief"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [("Brief", "Bot_command_invalid"), ("x" * 33, "Bot_command_invalid"), ("a-b", "Bot_command_invalid")],
)
async def test_impossible_commands_are_refused(desk: Desk, command: str, reason: str) -> None:
    """A command has up to 32 lower-case letters, digits and underscores."""
    with pytest.raises(BadRequest, match=reason):
        await desk.bot.set_my_commands([BotCommand(command, "x")])


async def test_menus_of_unknown_chats_are_refused(desk: Desk) -> None:
    """A chat's menu needs the chat, and a member's menu a group."""
    with pytest.raises(BadRequest, match="Chat not found"):
        await desk.bot.set_my_commands([BotCommand("a", "x")], BotCommandScopeChat(42))
    with pytest.raises(BadRequest, match="Can't use specified scope in private chats"):
        await desk.bot.set_my_commands([BotCommand("a", "x")], BotCommandScopeChatMember(desk.alice.id, desk.alice.id))


async def test_the_profile_is_kept_by_language(desk: Desk) -> None:
    """Name and descriptions are read as they were set, the default where a language has none."""
    await desk.bot.set_my_description("Drafts for you")
    await desk.bot.set_my_short_description("Drafts")
    await desk.bot.set_my_name("EchoPilot DE", language_code="de")
    assert (await desk.bot.get_my_description("fr")).description == "Drafts for you"
    assert (await desk.bot.get_my_short_description()).short_description == "Drafts"
    assert [(await desk.bot.get_my_name(code)).name for code in ("de", "en")] == ["EchoPilot DE", "EchoPilot"]
    await desk.bot.set_chat_menu_button(desk.alice.id, MenuButtonCommands())
    assert (await desk.bot.get_chat_menu_button(desk.alice.id)).type == "commands"
    photos = await desk.bot.get_user_profile_photos(desk.alice.id)
    assert photos is not None
    assert photos.total_count == 0
