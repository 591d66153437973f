"""The database Forecast: a row for each day to come, with its ranges; of a day that is over with what it had."""

from datetime import timedelta

import pytest

from bot.access.model import TENANT
from bot.forecast.mirror import FORECAST
from bot.mirror.model import Batch, RowId
from tests.bot.forecast.test_forecasts import EVENING, studio
from tests.clock import SimulatedClock
from tests.house import Providers


@pytest.mark.both_databases
async def test_days(stand_ins: Providers, database_url: str) -> None:
    """Thirty days of revenue and of briefs are told; once one is over its row says what it had."""
    clock = SimulatedClock(EVENING)
    async with studio(stand_ins, database_url, 300, clock) as (here, ahead):
        await ahead.make(TENANT)
        async with here.app.services.database.reading() as connection:
            names = await FORECAST.names(connection, Batch(TENANT, "", 1_000, clock.now()))
            cells = await FORECAST.row(connection, RowId(TENANT, f"USD {EVENING.date()}", clock.now()))
        assert {name.split()[0] for name in names} == {"USD", "load"}
        assert len(names) == 60
        assert cells is not None
        assert cells["Actual"] is None
        assert cells["95 % from"] <= cells["80 % from"] <= cells["Expected"] <= cells["80 % to"] <= cells["95 % to"]
        clock.passes(days=1)
        await ahead.make(TENANT)
        async with here.app.services.database.reading() as connection:
            over = await FORECAST.row(connection, RowId(TENANT, f"load {EVENING.date()}", clock.now()))
            later = EVENING.date() + timedelta(days=3)
            ahead_of = await FORECAST.row(connection, RowId(TENANT, f"load {later}", clock.now()))
        assert over is not None
        assert over["Actual"] is not None
        assert (ahead_of or {})["Told on"] == (EVENING.date() + timedelta(days=1)).isoformat()
