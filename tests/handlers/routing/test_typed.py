"""Commands are told apart without their case, and without what cannot be seen before them."""

from collections.abc import AsyncIterator

import pytest

from handlers.routing.typed import command_in
from handlers.routing.update import brief_words
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers

BEFORE = ("", " ", "\n", "\u00a0", "\u200b", "\ufeff", "\u200e", "\u2060", "\u2067", "\ufe0f", "\u200f \u200b")
WRITTEN = ("brief", "Brief", "BRIEF", "bRiEf")


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


@pytest.mark.parametrize("before", BEFORE, ids=ascii)
def test_a_command_however_it_is_written(before: str) -> None:
    """In any case, with any name of the bot, behind anything that cannot be seen: the command, and the text behind it
    as it was written.
    """
    for name in WRITTEN:
        for address in ("", "@EchoPilot_Bot", "@ECHOPILOT_BOT"):
            typed = command_in(f"{before}/{name}{address}{before or ' '} Write ABOUT\nLamps. ")
            assert typed == ("brief", "", address[1:].lower(), "Write ABOUT\nLamps.")
        assert command_in(f"{before}/{name}_1001") == ("brief", "1001", "", "")
        assert brief_words(f"{before}/{name} Write ABOUT Lamps.") == "Write ABOUT Lamps."


@pytest.mark.parametrize("text", ["", "/", "/ brief", "brief", "a /brief", "/1001", "x\n/brief", "/brief.md"])
def test_what_is_no_command(text: str) -> None:
    """A slash elsewhere is a part of the words."""
    assert command_in(text) is None
    assert brief_words(text) == text


@pytest.mark.parametrize("command", ["/Brief ", "/BRIEF@EchoPilot_Bot ", "\u200b/Brief\n"])
async def test_the_text_behind_it_is_the_brief(here: Desk, command: str) -> None:
    """A client's phone writes a capital: what stands behind the command is quoted, and the command is not."""
    name = here.app.services.bot_name
    quote = await here.says(here.alice, f"{command.replace('EchoPilot_Bot', name.upper())}{BRIEF}")
    assert "Nothing is spent until you say yes" in quote.text
    assert "/brief" not in quote.text.lower()
    listed = await here.says(here.alice, "/BRIEFS")
    shown = (await here.taps(here.alice, "Write a landing page", listed)).card
    assert shown is not None
    assert shown.text == quote.text
