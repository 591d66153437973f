"""Who gets in, and what each role may do and is shown."""

import pytest

from bot.access.buttons import Tap
from bot.access.model import Role
from bot.people.cards import seen_as
from handlers.catalog import menu
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from tests.eventually import eventually
from tests.house import OPEN_BRIEF, House, Providers, house
from tests.reviewing import decides


async def test_a_stranger_is_told_how_to_get_in(home: House) -> None:
    """A stranger reads how one gets in, sees only the public commands, and can hand nothing in."""
    await home.eve.says("/start")
    await home.eve.sees("It works by invitation")
    public = {"start", "help", "support", "prices", "terms", "whoami"}
    assert await eventually(lambda: set(home.eve.commands())) == public
    mark = home.eve.mark()
    await home.eve.says("Write me a page about lamps.")
    await home.eve.sees("I do not know you yet", after=mark)


@pytest.mark.parametrize("command", ["/brief", "/briefs", "/queue", "/invoices", "/status", "/report day", "/jobs",
                                     "/invite client", "/brief_1001", "/job_heartbeat", "/stop"])  # fmt: skip
async def test_a_stranger_is_refused(home: House, command: str) -> None:
    """Every command but the public ones is refused to a stranger, kindly."""
    await home.eve.says(command)
    await home.eve.sees("I do not know you yet")


@pytest.mark.both_databases
async def test_an_invitation_is_for_one_person(home: House) -> None:
    """The first who opens a link has it, may open it again, and a second person is refused with the remedy."""
    await home.carol.says("/invite client")
    code = (await home.carol.sees("Invitation for")).text.partition("?start=")[2].split()[0]
    await home.alice.says(f"/start {code}")
    welcome = await home.alice.sees("You are here as a client")
    await home.alice.says(f"/start {code}")
    await home.alice.sees("You are here as a client", after=welcome)
    await home.eve.says(f"/start {code}")
    await home.eve.sees("Ask whoever sent it for a new one")


async def test_an_invitation_takes_no_rights_away(home: House) -> None:
    """An operator who opens a client's link stays an operator; a client who opens an operator's link becomes one."""
    await home.staff()
    for person, role, words in (
        (home.bob, "client", "still unused"),
        (home.alice, "operator", "You are here as an op"),
    ):
        mark = home.carol.mark()
        await home.carol.says(f"/invite {role}")
        code = (await home.carol.sees("Invitation for", after=mark)).text.partition("?start=")[2].split()[0]
        mark = person.mark()
        await person.says(f"/start {code}")
        await person.sees(words, after=mark)
    await home.bob.says("/whoami")
    await home.bob.sees("Bob · operator")


async def test_roles(home: House) -> None:
    """Each role's menu has what it may use, and no more."""
    await home.staff()
    assert set(home.alice.commands()) == {name for name, _ in menu(Role.CLIENT)}
    assert {"brief", "invoices", "support"} <= set(home.alice.commands())
    assert not {"queue", "jobs", "report", "invite"} & set(home.alice.commands())
    assert {"queue", "jobs", "report"} <= set(home.bob.commands())
    assert "invite" not in home.bob.commands()
    assert "report" in home.dan.commands()
    assert "queue" not in home.dan.commands()
    assert "invite" in home.carol.commands()


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        ("/queue", "decide on drafts"),
        ("/jobs", "run jobs"),
        ("/report day", "read reports"),
        ("/invite client", "invite people"),
    ],
)
async def test_a_client_is_refused(home: House, command: str, rule: str) -> None:
    """A client who tries what the team does reads which rule says no, and who can change it."""
    await home.invite(home.alice, "client")
    await home.alice.says(command)
    seen = await home.alice.sees(f"may {rule}")
    assert "An admin can change your role" in seen.text


async def test_a_client_sees_only_their_own(home: House) -> None:
    """Another client's brief cannot be seen by its number, nor in the lists."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    await home.invite(home.eve, "client")
    mark = home.eve.mark()
    await home.eve.says(f"/brief_{number}")
    await home.eve.sees(f"There is no brief {number} of yours", after=mark)
    await home.eve.says("/briefs")
    await home.eve.sees("No briefs yet", after=mark)
    await home.eve.says("/invoices")
    await home.eve.sees("No invoices yet", after=mark)


async def test_whoami(home: House) -> None:
    """/whoami tells role and Telegram id, also to a stranger, who can hand the id to the admin."""
    await home.eve.says("/whoami")
    seen = await home.eve.sees("Eve · stranger")
    assert str(home.eve.id) in seen.text


async def test_an_analyst_reads_and_changes_nothing(home: House) -> None:
    """An analyst reads reports and every brief, and is refused a decision."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    await home.dan.says("/report day")
    await home.dan.sees("1 brief handed in: 1 delivered")
    await home.dan.says(f"/brief_{number}")
    seen = await home.dan.sees("For Alice")
    assert seen.labels == ["Text as file", "Replay"]
    mark = home.dan.mark()
    await home.dan.says("Write me something.")
    await home.dan.sees("may submit briefs", after=mark)


async def card_of(home: House, name: str, by: Person | None = None) -> Seen:
    """Somebody's card in /people, as an admin opens it."""
    admin = by or home.carol
    mark = admin.mark()
    await admin.says("/people")
    listed = await admin.sees("People · ", after=mark)
    number = next(line.split()[0] for line in listed.text.splitlines() if f" {name} ·" in line)
    mark = admin.mark()
    await admin.says(number)
    return await admin.sees(f"{name} · ", after=mark)


async def test_an_operator_is_lowered(home: House) -> None:
    """From the next tap on: the open review card is refused with words, the menu is a client's, all concerned know."""
    await home.staff()
    await home.invite(home.eve, "admin")
    await home.carol.sees("Eve is an admin now")
    number = await home.brief(OPEN_BRIEF)
    review = await home.bob.sees("Needs your decision")
    await decides(home.bob, "Take it", review)
    carols = await home.carol.sees("Bob has it")
    services = home.running.app.services
    version = (
        await services.intake.briefs.get(await services.people.joining.identify(home.carol.id, "", "en"), number)
    ).version
    await home.bob.taps("Send back", review)
    await home.bob.sees("What should change?")
    await home.carol.taps("Make client", await card_of(home, "Bob"))
    toast = await home.bob.taps("Approve", review)
    assert "Only operators and admins may decide on drafts; you are a client" in toast.text
    await home.bob.sees("Changed by Carol; you were an operator")
    await home.eve.sees("Bob is a client now")
    assert "queue" not in home.bob.commands()
    await home.bob.says("Write a page about lamps that run 12 hours.")
    await home.bob.sees("Nothing is spent until you say yes")
    approve = home.running.app.signer.pack(Tap("approve", number, version), chat_id=home.carol.id)
    assert "is approved" in (await home.carol.taps_raw(approve, carols)).text


async def test_somebody_is_removed_and_let_in_again(home: House) -> None:
    """Removal is confirmed; then they hear one sentence, once, nothing happens, the brief stays; they can return."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    await home.carol.taps("Remove", await card_of(home, "Alice"))
    asked = await home.carol.sees("Remove Alice?")
    await home.carol.taps("Yes, remove Alice", asked)
    await home.alice.sees("Your access here has ended")
    mark = home.alice.mark()
    for text in ("Write a page about lamps that run 12 hours.", "/briefs", "/status", f"/brief_{number}", "/start"):
        await home.alice.says(text)
    said = await home.alice.sees("an admin can let you in again", after=mark)
    assert said.text.count(".") == 1
    mark = home.dan.mark()
    await home.dan.says(f"/brief_{number}")
    await home.dan.sees("For Alice", after=mark)
    mark = home.carol.mark()
    await home.carol.says("/people")
    listed = await home.carol.sees("People · 3", after=mark)
    await home.carol.taps("Removed 1", listed)
    removed = await home.carol.sees("Removed · 1", after=listed)
    await home.carol.says(next(word for word in removed.text.split() if word.startswith("/person_")))
    card = await home.carol.sees("No access any more", after=removed)
    await home.carol.taps("Let in as client", card)
    await home.alice.sees("You are a client now")
    assert home.alice.transcript().count("an admin can let you in again") == 1
    mark = home.alice.mark()
    await home.alice.says("/briefs")
    await home.alice.sees(f"/brief_{number}", after=mark)


async def test_open_invitations(home: House) -> None:
    """They are listed with by whom, when and until when; a revoked one lets nobody in."""
    await home.carol.says("/invite operator")
    code = (await home.carol.sees("Invitation for")).text.partition("?start=")[2].split()[0]
    await home.carol.says("/people")
    listed = await home.carol.sees("People · 1")
    await home.carol.taps("Invitations 1", listed)
    invitations = await home.carol.sees("operator, by Carol", after=listed)
    assert ", until " in invitations.text
    await home.carol.taps("Revoke 1001", invitations)
    await home.carol.sees("No invitation is open", after=invitations)
    await home.eve.says(f"/start {code}")
    await home.eve.sees("This invitation no longer works")
    await home.eve.says("/whoami")
    await home.eve.sees("Eve · stranger")


async def test_nobody_raises_themself(home: House) -> None:
    """A forged tap is no button, and a genuine one of an admin's card does nothing for who may not tap it."""
    await home.invite(home.alice, "client")
    mine = await home.alice.sees("Welcome")
    for data in ("prole.rt.2.admin.aaaaaaaaaaaaaaaa", "prole.rt.2.admin"):
        assert "not for you" in (await home.alice.taps_raw(data, mine)).text
    signer = home.running.app.signer
    for action in ("prole", "premoveyes", "padmin", "irevoke", "roomend", "people", "invites", "rooms", "person"):
        choice = "admin" if action == "prole" else ""
        data = signer.pack(Tap(action, 1001, seen_as(Role.CLIENT), choice), chat_id=home.alice.id)
        toast = await home.alice.taps_raw(data, mine)
        assert "Only admins may" in toast.text, action
    await home.alice.says("/whoami")
    await home.alice.sees("Alice · client")


async def test_the_last_admin(home: House) -> None:
    """Carol alone can be neither lowered nor removed; the setting's admin shows no such button."""
    card = await card_of(home, "Carol")
    assert card.labels == ["Back"]
    assert "ADMIN_TELEGRAM_IDS" in card.text
    data = home.running.app.signer.pack(Tap("premoveyes", 1001, seen_as(Role.ADMIN)), chat_id=home.carol.id)
    assert "the last admin" in (await home.carol.taps_raw(data, card)).text


async def test_who_leaves_the_setting(stand_ins: Providers, database_url: str) -> None:
    """Whose id left ADMIN_TELEGRAM_IDS is a client at the next start, and the admins who are left are told."""
    both = f"{stand_ins.people()['carol'].id},{stand_ins.people()['dan'].id}"
    async with house(stand_ins, database_url, admin_telegram_ids=both) as home:
        for person in (home.carol, home.dan):
            await person.says("/start")
            await person.sees("You are here as an admin")
        await home.carol.sees("Dan is an admin now")
    async with house(stand_ins, database_url) as home:
        await home.carol.sees("Dan is a client now")
        await home.dan.sees("Changed by the setting ADMIN_TELEGRAM_IDS; you were an admin")
        await home.dan.says("/invite admin")
        await home.dan.sees("Only admins may invite people")
        assert "people" not in home.dan.commands()


async def test_many_people(home: House) -> None:
    """Ten a page, and how many of each role there are."""
    services = home.running.app.services
    carol = await services.people.joining.identify(home.carol.id, "Carol", "en")
    codes = [
        await services.people.joining.invite(carol, role) for role in (Role.CLIENT, Role.OPERATOR) for _ in range(6)
    ]
    for number, code in enumerate(codes):
        stranger = await services.people.joining.identify(5000 + number, f"Person {number}", "en")
        await services.people.joining.redeem(stranger, code, "en")
    await home.carol.says("/people")
    listed = await home.carol.sees("People · 13")
    assert "1 admin · 6 operators · 6 clients" in listed.text
    assert listed.text.count("/person_") == 10
    await home.carol.taps("Older ▶", listed)
    older = await home.carol.sees("/person_1001", after=listed)
    assert older.text.count("/person_") == 3
