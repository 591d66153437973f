"""Who asks too much of the chat, over the wire."""

import pytest

from bot.access.model import Role
from tests.house import House, Providers, house


@pytest.mark.both_databases
async def test_a_flood(stand_ins: Providers, database_url: str) -> None:
    """Who writes too fast is told so once; what comes after it gets no answer, and somebody else's does."""
    async with house(stand_ins, database_url, chat_most_per_minute=3) as home:
        await home.staff()
        for _ in range(3):
            mark = home.alice.mark()
            await home.alice.says("/whoami")
            await home.alice.sees("Alice", after=mark)
        mark = home.alice.mark()
        for _ in range(3):
            await home.alice.says("/help")
        await home.alice.sees("You write faster than I can read", after=mark)
        await home.bob.says("/whoami")
        await home.bob.sees("Bob")
        assert home.alice.transcript().count("faster than I can read") == 1
        assert "What you can do here" not in home.alice.transcript()


@pytest.mark.both_databases
async def test_invitations_are_not_guessed(home: House) -> None:
    """After five links that do not work none is looked up, and the admins hear of it."""
    for number in range(5):
        mark = home.eve.mark()
        await home.eve.says(f"/start nothing-{number}")
        await home.eve.sees("This invitation no longer works", after=mark)
    mark = home.eve.mark()
    await home.eve.says("/start nothing-6")
    await home.eve.sees("Too many links that do not work", after=mark)
    await home.carol.sees("tried 5 invitation links that do not work")


async def test_a_removed_person_is_told_once(home: House) -> None:
    """Who was let out reads so once, and after that nothing."""
    await home.invite(home.alice, "client")
    people = home.running.app.services.people
    carol, alice = [await people.joining.identify(one.id, "", "en") for one in (home.carol, home.alice)]
    await people.roles.change_role(carol, alice.id, Role.CLIENT, Role.REMOVED)
    for _ in range(3):
        await home.alice.says("Hello?")
    await home.alice.sees("Your access here has ended")
    await home.alice.sees("Your access here has ended; your briefs")
    await home.eve.says("/whoami")
    await home.eve.sees("Eve")
    assert len([one for one in home.alice.messages() if "Your access here has ended; your briefs" in one.text]) == 1
