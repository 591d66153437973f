"""The next update of a chat does not wait until the answer before it found company for its commit."""

import pytest

import handlers.inbox
from tests.house import BRIEF, Providers, house

FOR_LONG = 30.0
SOON = 10.0


async def test_yes_straight_after_the_quote(
    stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who says yes as soon as the quote is there is answered at once, and so is who writes once more before that."""
    monkeypatch.setattr(handlers.inbox, "GATHER_SECONDS", FOR_LONG)
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome", timeout=SOON)
        await home.staff()
        await home.alice.says("/help")
        await home.alice.says(BRIEF)
        quote = await home.alice.sees("Nothing is spent until you say yes", timeout=SOON)
        await home.alice.taps("Yes, start", quote, timeout=SOON)
        await home.alice.sees("How is it?", timeout=SOON)
