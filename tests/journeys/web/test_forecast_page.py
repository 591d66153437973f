"""What the next days bring, on the page with figures of money."""

import re
from datetime import UTC, datetime

import pytest

from bot.access.model import TENANT
from sandbox.history.studio import ADMIN
from tests.clock import SimulatedClock
from tests.house import Providers
from tests.journeys.web.test_same_figures import said
from tests.pages import window

pytestmark = pytest.mark.wire
EVENING = datetime(2026, 10, 15, 18, 30, tzinfo=UTC)
EXPECTED = re.compile(r"([\d,.]+ USD) expected")


@pytest.mark.both_databases
async def test_as_in_chat(stand_ins: Providers, database_url: str) -> None:
    """The page draws revenue and briefs of 30 days, with the sum of /forecast; before, it says what is missing."""
    async with window(stand_ins, database_url, SimulatedClock(EVENING), briefs=600) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        assert "No forecast yet" in (await carol.opens("/money/figures")).text
        await shown.home.app.services.forecast.ahead.make(TENANT)
        page = (await carol.opens("/money/figures")).text
        (total,) = EXPECTED.findall(await said(shown, "forecast"))
        assert "Forecast · 30 days · USD" in page
        assert "Forecast · 30 days · briefs a day" in page
        assert total in page


async def test_not_enough_history(stand_ins: Providers, database_url: str) -> None:
    """A business that has just begun reads how many days are missing."""
    async with window(stand_ins, database_url, SimulatedClock(EVENING), briefs=0) as shown:
        carol = await shown.signed_in(await shown.home.person(shown.home.carol))
        assert "Not enough history: 0 of 28 days." in (await carol.opens("/money/figures")).text
