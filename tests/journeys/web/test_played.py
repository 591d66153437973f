"""What is played says so wherever figures go, so that nobody takes a demo's for real ones."""

import pytest

from bot.reports.cards import as_mail
from handlers.people.start import start
from handlers.routing.request import Request
from tests.house import Providers
from tests.pages import window

pytestmark = pytest.mark.wire
SAID = "Played for a demo. No person, brief or amount is real."


@pytest.mark.parametrize("played", [True, False])
async def test_played_everywhere(stand_ins: Providers, sqlite_url: str, played: bool) -> None:
    """The greeting, the pages, those for strangers too, the daily report and its mail, and every file say it of a demo,
    and of nothing else.
    """
    async with window(stand_ins, sqlite_url, briefs=100, played=played) as shown:
        services, carol = shown.home.app.services, await shown.home.person(shown.home.carol)
        signed_in = await shown.signed_in(carol)
        greeting = await start(carol, Request(carol.telegram_id, 1), services)
        report = as_mail(await services.reports.days.today(carol))
        texts = [greeting.text, report]
        texts += [(await signed_in.opens(path)).text for path in ("/overview", "/money", "/about")]
        assert [SAID in text for text in texts] == [played] * len(texts)
        file = (await signed_in.opens("/briefs?file=csv")).text.splitlines()
        assert file[0].endswith(",played") == played
        assert {line.endswith(",yes") for line in file[1:]} == {played}
