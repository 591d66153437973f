"""Where answers are shown: every command and button, in a private chat, a group, and a team room."""

from typing import Any

from bot.access.buttons import Tap
from bot.access.model import GRANTS, Role
from handlers.catalog import ACTIONS, COMMANDS, WITH_SUBJECT, place_of_action
from handlers.dispatch import Dispatcher
from handlers.routing.places import Place, Spot
from handlers.routing.update import Update, read
from sandbox.telegram.methods.chats import member
from sandbox.telegram.state import Chat
from storage.core import conversations
from tests.house import BRIEF, OPEN_BRIEF, House

TOPIC = 3
HERE, ALONE = "where it was asked", "the private chat"
# Where the answer goes in a group, and in a team room. What is private never is answered in a group that is no room.
EVERYWHERE, TEAM, PRIVATE = (HERE, HERE), (ALONE, HERE), (ALONE, ALONE)
# A command that is not named here is for team rooms.
SHOWN = {
    **{f"/{command.name}": TEAM for command in COMMANDS},
    **dict.fromkeys(["/start", "/help", "/brief", "/whoami", "/stop", "/here"], EVERYWHERE),
    **{f"/{name}_{'heartbeat' if name == 'job' else 1001}": TEAM for name in WITH_SUBJECT},
    **dict.fromkeys(["/billing", "/flags", "/prompt", "/support", "/timezone", "/language", "/format"], PRIVATE),
    **dict.fromkeys(["/prices", "/terms", "/ledger", "/invoice", "/reconcile", "/refund", "/approvals"], PRIVATE),
    **dict.fromkeys(["/backups", "/drill"], PRIVATE),
    **dict.fromkeys(
        ["/security", "/audit", "/dashboard", "/sessions", "/partners", "/referrals", "/export", "/mirror"], PRIVATE
    ),
    **dict.fromkeys(["/privacy", "/mirror", "/secrets", "/authenticator"], PRIVATE),
    **dict.fromkeys(["/decisions", "/kpis", "/policies", "/auditpack"], PRIVATE),
    "/unknown": EVERYWHERE,
}


def written(home: House, text: str, chat: Chat | None = None) -> Update:
    """Carol, an admin, writes."""
    where: dict[str, Any] = {"chat_id": home.carol.id}
    if chat is not None:
        where = {"chat_id": chat.id, "private": False, "topic": TOPIC, "chat_title": "Studio"}
    return Update("message", user_id=home.carol.id, user_name="Carol", message_id=1, text=text, **where)


def test_the_table_is_whole() -> None:
    """The table above names every command there is, and none that there is not."""
    named = {f"/{command.name}" for command in COMMANDS}
    assert {command for command in SHOWN if "_" not in command} == named | {"/unknown"}


async def test_every_command(home: House) -> None:
    """Each command's answer, a refusal too, goes where the table says; and so does the question that it may ask."""
    dispatcher = Dispatcher(home.running.app.services, home.running.app.signer)
    group = home.telegram.group("Studio", [home.carol, home.bob])
    found: dict[str, list[str]] = {command: [] for command in SHOWN}
    for room in (False, True):
        if room:
            await home.carol.says("/here", chat_id=group.id)
            await home.carol.sees("Team room", chat_id=group.id)
        for command in SHOWN:
            text = "/target nobody" if command == "/target" else command
            if command == "/here":  # would end the room
                text = "/here@another_bot"
            answer = await dispatcher.answer(written(home, text, group))
            assert answer is not None
            alone = answer.spot == Spot(home.carol.id, moved=True)
            assert alone or answer.spot == Spot(group.id, TOPIC)
            found[command].append(ALONE if alone else HERE)
            private = await dispatcher.answer(written(home, text))
            assert private is not None
            assert private.spot == Spot(home.carol.id)
    assert {command: tuple(places) for command, places in found.items()} == SHOWN
    services = home.running.app.services
    carol = await services.people.joining.identify(home.carol.id, "Carol", "en")
    async with services.database.reading() as connection:
        assert await conversations.current(connection, carol, group.id) is None


def test_every_button() -> None:
    """Only a person's own brief, and the steps to one, are answered in any group; whatever is new is not."""
    places = {action: place_of_action(action) for action in ACTIONS}
    anywhere = {action for action, place in places.items() if place is Place.ANYWHERE}
    own = {action for action, place in places.items() if place is Place.OWN}
    private = {action for action, place in places.items() if place is Place.PRIVATE}
    assert anywhere == {
        "btype", "bdue", "gtarget", "glang", "gskip", "gskipall", "gback", "bstop", "unstop", "gon", "gnew", "ganew",
        "example",
    }  # fmt: skip
    assert own == {
        "start", "cancel", "undo", "again", "quote", "more", "types", "type", "qdue", "due", "qlang", "lang", "qtarget",
        "target", "rate", "rateagain", "ratestop", "revise", "rnew", "factskip", "factnew", "economy", "atonce",
        "fileas", "fileask", "fileset",
    }  # fmt: skip
    assert private == {
        "qtext", "ask", "sendback", "edit", "reject", "vcorrect", "fon", "foff", "tz", "tzset", "tzown", "language",
        "speak", "speakapp", "format", "formatset", "setuphide", "write", "tell", "answer", "unwritten",
        "askclient", "remark",
        "note", "handover", "handto", "rejecting", "terms", "termsall",
        "change", "changestop", "changego", "changenew", "letter", "ledger", "lentries", "lcsv", "lfix",
        "hclient", "hpop", "hback", "hdueask", "hdue", "hcurask", "hcur", "hsend", "hcancel", "hchange",
        "reconcile", "mismatches", "mrepair", "mleave", "hear", "hearset", "quietset", "inote",
        "apshow", "apyes", "apno", "apstop",
        "backups", "bnow", "dnow", "restore", "rsend", "rrest", "rdrop", "rdropyes",
        "refunds", "refundof", "rfall", "rfamount", "rfask", "rfdrop", "rfagain", "sbom", "security",
        "audit", "averify", "aexport", "mirror", "nresync", "nrepair",
        "decisions", "decisioncsv", "propyes", "propno", "propwhy", "kpis", "policies", "auditpack",
        "secrets", "secretshow", "secretturn", "secretask", "secretend",
        "authenticator", "suask", "sunever", "suyes", "suno", "sunew", "sucodes", "susaved", "suoff", "suoffyes",
        "sulost", "sulostyes",
        "sessions", "sessionend", "sessionsend", "keyend",
        "partners", "partner", "pnew", "pclient", "pkeyask", "pkey", "pendask", "pend", "pswitch", "ptiers", "ptier",
        "pquota", "paddress", "pnowhere", "psecret", "pnewsecret", "ptold", "psend",
        "pshare", "pstatement", "pstatementcsv", "ppayask", "ppay",
        "referrals", "nps", "npsskip", "npsagain", "priv", "privdata", "privask", "privyes", "privstop",
        "consent", "consents", "region", "regionask", "regions", "regrule", "regrules",
    }  # fmt: skip
    assert place_of_action("a new one") is Place.TEAM


async def test_in_a_group_nothing_private_is_answered(home: House) -> None:
    """The answer comes in the private chat, and the group reads one line with the way there."""
    group = home.telegram.group("Studio", [home.carol, home.eve])
    for command in ("/invite client", "/report day", "/people", "/failed", "/status", "/jobs", "/prompts"):
        mark = home.carol.mark()
        await home.carol.says(command, chat_id=group.id)
        line = await home.carol.sees(f"The answer to {command.split()[0]} is in our private chat", chat_id=group.id)
        assert [button.target for row in line.buttons for button in row] == ["https://t.me/echopilot_bot"]
        private = await home.carol.sees("", after=mark)
        assert private.text.partition("\n")[0] not in home.eve.transcript(group.id)
    assert len([seen for seen in home.eve.messages(group.id) if seen.from_bot]) == 7


async def test_who_never_wrote_to_the_bot(home: House) -> None:
    """Where the private chat cannot be reached the group reads what to do first, and nobody is told of a failure."""
    group = home.telegram.group("Studio", [home.carol, home.eve])
    await home.eve.says("/queue", chat_id=group.id)
    line = await home.eve.sees("write /start to me first", chat_id=group.id)
    assert "I do not know you" not in line.text
    await home.eve.says("/start")
    await home.eve.says("/queue", chat_id=group.id)
    await home.eve.sees("I do not know you yet")
    assert not any("Not delivered" in seen.text for seen in home.carol.messages())


async def test_a_team_room(home: House) -> None:
    """/here says what is shown and to whom; the queue is answered there then, and no more once it ended."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    await home.bob.sees("Needs your decision")
    group = home.telegram.group("Studio", [home.carol, home.bob, home.alice])
    await home.bob.says("/queue", chat_id=group.id)
    await home.bob.sees("The answer to /queue is in our private chat", chat_id=group.id)
    assert str(number) not in home.alice.transcript(group.id)
    await home.bob.says("/here", chat_id=group.id)
    await home.bob.sees("Only admins may bind team rooms", chat_id=group.id)
    await home.carol.says("/here", chat_id=group.id)
    bound = await home.carol.sees("Studio · Team room", chat_id=group.id)
    assert "Everybody in this group can read it" in bound.text
    assert "invoices" in bound.text
    await home.bob.says("/queue", chat_id=group.id)
    queue = await home.bob.sees(f"/brief_{number}", chat_id=group.id)
    await home.carol.says("/people")
    assert "Team rooms: Studio" in (await home.carol.sees("People · ")).text
    await home.carol.says("/here", chat_id=group.id)
    await home.carol.sees("No team room any more", chat_id=group.id)
    mark = home.bob.mark()
    toast = await home.bob.taps("Refresh", queue)
    assert "in our private chat" in toast.text
    await home.bob.sees(f"/brief_{number}", after=mark)
    assert (await home.bob.sees("to decide", chat_id=group.id)).seq == queue.seq


async def test_a_room_follows_and_ends(home: House) -> None:
    """The binding follows the group that becomes a supergroup, and ends when the bot is taken out."""
    await home.staff()
    group = home.telegram.group("Studio", [home.carol, home.bob])
    await home.carol.says("/here", chat_id=group.id)
    await home.carol.sees("Team room", chat_id=group.id)
    moved = home.telegram.migrate(group)
    await home.bob.says("/status", chat_id=moved.id)
    await home.bob.sees("All is well", chat_id=moved.id)
    bot = home.telegram.world.bot
    change: dict[str, Any] = {"chat": moved.json(), "from": home.bob.account.user(), "date": 1}
    change |= {"old_chat_member": member(bot, "member"), "new_chat_member": member(bot, "kicked")}
    home.telegram.updates.push("my_chat_member", change)
    await home.carol.sees("Ended, since I was taken out of the group")
    await home.bob.says("/status", chat_id=moved.id)
    await home.bob.sees("The answer to /status is in our private chat", chat_id=moved.id)


async def test_a_public_group_is_no_team_room(home: House) -> None:
    """Where anybody can read along nothing private is answered, bound or not."""
    dispatcher = Dispatcher(home.running.app.services, home.running.app.signer)
    chat = {"id": -100, "type": "supergroup", "title": "Studio", "username": "studio"}
    body = {"message_id": 5, "date": 1, "chat": chat, "from": home.carol.account.user(), "text": "/here"}
    answer = await dispatcher.answer(read({"message": body}))
    assert answer is not None
    assert answer.card is not None
    assert "public group" in answer.card.text
    private = {name: value for name, value in chat.items() if name != "username"}
    await dispatcher.answer(read({"message": body | {"chat": private}}))
    for where, moved in ((private, False), (chat, True)):
        answer = await dispatcher.answer(read({"message": body | {"chat": where, "text": "/queue"}}))
        assert answer is not None
        assert answer.spot.moved is moved


async def test_who_writes_as_a_chat_has_no_role(home: House) -> None:
    """An anonymous admin is told why nothing comes; channels and their posts are silent; none of them gets in."""
    dispatcher = Dispatcher(home.running.app.services, home.running.app.signer)
    await home.carol.says("/invite admin")
    code = (await home.carol.sees("Invitation for")).text.partition("?start=")[2].split()[0]
    group = {"id": -100, "type": "supergroup", "title": "Studio"}
    channel = {"id": -200, "type": "channel", "title": "News"}
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    forwarder = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    fields: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
        (anonymous, group, True),
        (forwarder, channel, False),
        (home.carol.account.user(), channel, False),
    ]
    for text in (f"/start {code}", "/queue", "/here"):
        for sender, sender_chat, heard in fields:
            body = {"message_id": 5, "date": 1, "chat": group, "from": sender, "sender_chat": sender_chat, "text": text}
            answer = await dispatcher.answer(read({"message": body}))
            assert (answer is not None) is heard
            if answer is not None:
                assert answer.card is not None
                assert "I cannot see who writes" in answer.card.text
        post = {"message_id": 5, "date": 1, "chat": channel, "sender_chat": channel, "text": text}
        assert await dispatcher.answer(read({"channel_post": post})) is None
    assert not await home.running.app.services.people.rooms.is_one("main", -100)
    await home.eve.says(f"/start {code}")
    await home.eve.sees("You are here as an admin")


async def test_another_clients_brief_in_a_group(home: House) -> None:
    """A brief's own client may have its card in the group; who else taps there gets what they may see in private."""
    await home.staff()
    services = home.running.app.services
    dispatcher = Dispatcher(services, home.running.app.signer)
    group = home.telegram.group("Studio", [home.alice, home.bob])
    await home.alice.says(f"/brief {BRIEF}", chat_id=group.id)
    number = home.named_by(await home.alice.sees("Nothing is spent", chat_id=group.id))
    for person, moved in ((home.alice, False), (home.bob, True)):
        data = home.running.app.signer.pack(Tap("quote", number, 0), chat_id=group.id)
        tap = Update("tap", chat_id=group.id, private=False, user_id=person.id, user_name="", data=data)
        answer = await dispatcher.answer(tap)
        assert answer is not None
        assert (answer.outcome, answer.spot.moved) == ("done", moved)


# What a client may tap, of their own briefs and questions; all else is the team's.
CLIENTS = {
    *(
        "start",
        "invoice",
        "cancel",
        "referrals",
        "nps",
        "npsskip",
        "npsagain",
        "undo",
        "sessions",
        "sessionend",
        "sessionsend",
        "keyend",
        "again",
        "quote",
        "more",
        "types",
        "economy",
        "atonce",
        "type",
        "qtext",
        "qdue",
        "due",
        "qlang",
        "lang",
        "ask",
    ),
    *("tz", "tzset", "tzown", "language", "speak", "speakapp", "example", "format", "formatset"),
    *("fileas", "fileask"),
    *("askskip", "askstop", "btype", "bdue", "glang", "gskip", "gskipall", "gback", "bstop", "gtarget", "unstop"),
    *("factskip", "factnew", "gon", "gnew", "ganew", "revise", "rnew"),
    *("vgo", "vmore", "vcorrect", "vfull", "vdrop", "vundo", "full", "order", "briefs", "invoices", "find", "status"),
    *("rate", "rateagain", "ratestop"),
    *("billshow", "billchange", "billkeep", "billland", "billskip", "billstop", "billmore", "billoff", "billremove"),
    *("billremoveyes", "undecided", "unread", "write", "tell", "unwritten", "remark", "vteam"),
    *("terms", "termsall", "change", "changestop", "changego", "changenew"),
    *("priv", "privdata", "privask", "privyes", "privstop", "consent", "consents", "region", "regionask"),
}


async def test_roles_and_doors(home: House) -> None:
    """Each role's commands, and each button of a card of a former role: what the role may not is refused in words."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    await home.bob.sees("Needs your decision")
    services, signer = home.running.app.services, home.running.app.signer
    dispatcher = Dispatcher(services, signer)
    carol = await services.people.joining.identify(home.carol.id, "Carol", "en")
    eve = await services.people.joining.redeem(
        await services.people.joining.identify(home.eve.id, "Eve", "en"),
        await services.people.joining.invite(carol, Role.CLIENT),
        "en",
    )
    for role in (Role.REMOVED, Role.ANALYST, Role.OPERATOR, Role.CLIENT):
        eve = await services.people.roles.change_role(carol, eve.id, eve.role, role)
        for command in COMMANDS:
            text = Update("message", chat_id=eve.telegram_id, user_id=eve.telegram_id, text=f"/{command.name}")
            answer = await dispatcher.answer(text)
            assert answer is not None
            may = role is not Role.REMOVED and (command.permission is None or command.permission in GRANTS[role])
            assert (answer.outcome == "forbidden") is not may, (role, command.name)
    refused = set()
    for action in ACTIONS:
        data = signer.pack(Tap(action, number, 1, [*ACTIONS[action].choices][-1]), chat_id=eve.telegram_id)
        tap = Update("tap", chat_id=eve.telegram_id, user_id=eve.telegram_id, data=data)
        answer = await dispatcher.answer(tap)
        assert answer is not None
        if answer.outcome == "forbidden":
            refused.add(action)
        elif answer.outcome == "done" and answer.card is not None:
            assert "bicycle courier" not in answer.card.text, action
    left = set(ACTIONS) - refused
    assert left <= CLIENTS, left - CLIENTS
