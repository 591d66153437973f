"""Deadlines as they are offered, where people work on some days only."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers

FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    """A studio in Berlin that works from Monday to Friday."""
    hours = {"office_hours": "Mon-Fri 09:00-18:00", "time_zone": "Europe/Berlin"}
    async with desk(stand_ins, database_url, SimulatedClock(FRIDAY), **hours) as made:
        yield made


async def test_before_a_weekend(here: Desk) -> None:
    """On a Friday the next working day is offered, which is Monday, to its end by the clocks of whoever asks."""
    quote = await here.says(here.alice, BRIEF)
    more = (await here.taps(here.alice, "More options", quote)).card
    assert more is not None
    when = (await here.taps(here.alice, "Deadline", more)).card
    assert when is not None
    labels = [button.label for row in when.rows for button in row]
    assert labels == ["No deadline", "Next working day", "In 3 days", "In a week", "Back"]
    due = (await here.taps(here.alice, "Next working day", when)).card
    assert due is not None
    assert "due in 3 days (Mon 30 Nov, 18:00 GMT+1)" in due.text


async def test_by_the_clocks_of_whoever_asks(here: Desk) -> None:
    """A client elsewhere means the end of their own day."""
    await here.says(here.alice, "/timezone Karachi")
    quote = await here.says(here.alice, BRIEF)
    more = (await here.taps(here.alice, "More options", quote)).card
    assert more is not None
    await here.taps(here.alice, "Deadline", more)
    assert "(Tue 1 Dec, 18:00 GMT+5)" in (await here.says(here.alice, "Tuesday")).text
    number = quote.rows[0][0].subject
    brief = await here.app.services.intake.briefs.get(await here.person(here.alice), number)
    assert brief.deadline == datetime(2026, 12, 1, 13, tzinfo=UTC)
