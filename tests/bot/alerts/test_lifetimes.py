"""Models that end are an alert, told again as the end comes nearer, and over once another model is set."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from bot.alerts.lifetimes import Lifetimes
from bot.models.ports import Models
from tests.alerting import open_alerts
from tests.clock import SimulatedClock
from tests.desk import desk
from tests.house import Providers

TODAY = date(2026, 11, 10)


class Listed:
    """A provider's list of models, with the day on which each ends."""

    def __init__(self, ends: dict[str, date | None]) -> None:
        self.ends = ends

    async def shutdowns(self) -> dict[str, date | None]:
        return self.ends


async def test_told_as_the_end_comes_nearer(stand_ins: Providers, database_url: str) -> None:
    """From 60 days before the end admins are told at each rung; once it is gone it is another, louder alert."""
    clock = SimulatedClock(datetime(2026, 11, 10, 6, 20, tzinfo=UTC))
    end = TODAY + timedelta(days=62)
    async with desk(stand_ins, database_url, clock) as here:
        database = here.app.services.database
        listed = Listed({"x": end, "y": None})
        lifetimes = Lifetimes(database, cast(Models, listed), {"x": ["DRAFT_MODEL", "JUDGE_MODEL"], "y": ["A"]})
        told: dict[int, int] = {}
        for days in (61, 60, 59, 31, 30, 14, 7, 3, 2, 1, 0):
            clock.passes(days=(end - timedelta(days=days) - clock.now().date()).days)
            await lifetimes.look()
            told[days] = sum([one.nags for one in await open_alerts(here.app)])
        assert list(told.values()) == [0, 1, 1, 1, 2, 3, 4, 5, 5, 6, 6]
        card = (await here.told(here.carol.id))[0]
        assert "Notice · Models · x is shut down on 11 January 2027" in card.text
        assert "DRAFT_MODEL, JUDGE_MODEL uses it, and then every call to it fails. Time left: 60 days." in card.text
        clock.passes(days=1)
        await lifetimes.look()
        assert [one.rule for one in await open_alerts(here.app)] == ["model_ended"]
        other: Any = Lifetimes(database, cast(Models, listed), {"y": ["DRAFT_MODEL"]})
        await other.look()
        assert await open_alerts(here.app) == []
