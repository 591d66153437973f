"""What is played says so wherever figures go, so that nobody takes a demo's for real ones."""

from datetime import date

import pytest

from bot.access.model import Person
from bot.finance import cost_cards
from bot.messages.mails import mail_of
from bot.reports.periods import cards as period_cards
from bot.reports.periods.model import Kind
from bot.services import Services
from bot.shares import cards as share_cards
from handlers.growth.growth import churn, growth
from handlers.growth.referrals import referrals
from handlers.money.finance import finance, months, owed
from handlers.people.start import start
from handlers.reports.quality import disagreements, drift, quality
from handlers.routing.request import Request
from storage.core.pages import Page
from tests.house import Providers
from tests.pages import window

pytestmark = pytest.mark.wire
GROWTH = (growth, churn, referrals)
SAID = "Played for a demo. No person, brief or amount is real."


async def figures_in_chat(services: Services, who: Person) -> list[str]:
    """What /finance, /quality, /growth, /churn, /referrals and the day's costs say, and the cards that they lead to."""
    asked = Request(who.telegram_id, 1, source_key="test:1")
    cards = [
        await handler(who, asked, services)
        for handler in (finance, months, owed, quality, drift, disagreements, *GROWTH)
    ]
    costs = cost_cards.day(await services.finance.costs.of_day(who.tenant, date(2026, 11, 26)))
    (partner, *_others) = await services.partners.partners.page(who, Page())
    statement = share_cards.statement(await services.shares.statement(who, partner.id, None))
    return [card.text for card in (*cards, costs, statement)]


@pytest.mark.parametrize("played", [True, False])
async def test_played_everywhere(stand_ins: Providers, sqlite_url: str, played: bool) -> None:
    """The greeting, the pages, those for strangers too, the daily report and its mail, figures in the chat, and every
    file say it of a demo, and of nothing else.
    """
    async with window(stand_ins, sqlite_url, briefs=100, played=played) as shown:
        services, carol = shown.home.app.services, await shown.home.person(shown.home.carol)
        signed_in = await shown.signed_in(carol)
        greeting = await start(carol, Request(carol.telegram_id, 1), services)
        report = mail_of("Report", period_cards.report(await services.reports.periods.look(carol, Kind.DAY))).text
        texts = [greeting.text, report, *(await figures_in_chat(services, carol))]
        texts += [(await signed_in.opens(path)).text for path in ("/overview", "/money", "/about")]
        assert [SAID in text for text in texts] == [played] * len(texts)
        file = (await signed_in.opens("/briefs?file=csv")).text.splitlines()
        assert file[0].endswith(",played") == played
        assert {line.endswith(",yes") for line in file[1:]} == {played}
