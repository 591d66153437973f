"""Who gets in, and what each role may do and is shown."""

import pytest

from tests.house import House


async def test_a_stranger_is_told_how_to_get_in(home: House) -> None:
    """A stranger reads how one gets in, sees only the public commands, and can hand nothing in."""
    await home.eve.says("/start")
    await home.eve.sees("It works by invitation")
    assert set(home.eve.commands()) == {"start", "help", "whoami"}
    mark = home.eve.mark()
    await home.eve.says("Write me a page about lamps.")
    await home.eve.sees("I do not know you yet", after=mark)


@pytest.mark.parametrize("command", ["/brief", "/briefs", "/queue", "/invoices", "/status", "/report day", "/jobs",
                                     "/invite client", "/brief_1001", "/job_heartbeat", "/stop"])  # fmt: skip
async def test_a_stranger_is_refused(home: House, command: str) -> None:
    """Every command but the public ones is refused to a stranger, kindly."""
    await home.eve.says(command)
    await home.eve.sees("I do not know you yet")


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
    assert set(home.alice.commands()) == {
        "start", "help", "brief", "briefs", "find", "invoices", "billing", "status", "whoami", "stop"
    }  # fmt: skip
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
    await home.dan.sees("1 brief, 1 delivered")
    await home.dan.says(f"/brief_{number}")
    seen = await home.dan.sees("For Alice")
    assert seen.labels == ["Text as file", "Replay"]
    mark = home.dan.mark()
    await home.dan.says("Write me something.")
    await home.dan.sees("may submit briefs", after=mark)
