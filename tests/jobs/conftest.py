"""An installation at midday whose jobs run when a test says so."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

MIDDAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(MIDDAY)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock, job_times="") as made:
        yield made
