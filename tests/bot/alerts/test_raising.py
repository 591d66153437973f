"""One alert for one trouble: told once, kept up to date, over by itself, quieter where it comes and goes."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.alerts.model import AGAIN, OPENINGS, STEADY, STORM
from bot.alerts.raising import raise_
from bot.kernel.card import Card
from storage.engine.database import Transaction
from tests.alerting import alert_of, cleared, open_alerts, raised, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock) as made:
        yield made


async def told(here: Desk, words: str = "Stripe · Not answering") -> list[Card]:
    """The cards with these words that Carol was shown."""
    return [card for card in await here.told(here.carol.id) if words in card.text]


async def test_found_again(here: Desk, clock: SimulatedClock) -> None:
    """What is found again while it is open is the same alert, and nobody is told anew."""
    first = await raised(here.app)
    clock.passes(minutes=5)
    again = await raised(here.app)
    assert (again.id, again.times, again.opened_at) == (first.id, 2, first.opened_at)
    assert len(await told(here)) == 1


async def test_facts_that_changed(here: Desk) -> None:
    """Newer facts are shown in the card that is there, under buttons that still work."""
    await raised(here.app)
    await raised(here.app, provider="Stripe", reason="HTTP 500")
    before, after = await told(here)
    assert "HTTP 503" in before.text
    assert "HTTP 500" in after.text
    assert before.rows == after.rows


async def test_over_by_itself(here: Desk, clock: SimulatedClock) -> None:
    """Once it is gone the card says so, silently and without buttons, and it opens again under the same number."""
    first = await raised(here.app)
    clock.passes(minutes=18)
    assert await cleared(here.app)
    (card,) = await told(here, "Stripe · Answers again")
    assert "Resolved by itself" in card.text
    assert "after 18 min" in card.text
    assert (card.rows, card.silent) == ((), True)
    assert not await cleared(here.app)
    clock.passes(hours=3)
    again = await raised(here.app)
    assert (again.id, again.openings, again.open) == (first.id, 1, True)


async def test_what_comes_and_goes(here: Desk, clock: SimulatedClock) -> None:
    """The fourth time within an hour is told silently, and it is over only once it is gone for half an hour."""
    for _ in range(OPENINGS - 1):
        await raised(here.app)
        await cleared(here.app)
        clock.passes(minutes=1)
    assert (await raised(here.app)).nags == 0  # its card is changed, and nobody gets a new message
    await cleared(here.app)
    alert = await alert_of(here.app, "provider_down", "Stripe")
    assert alert is not None
    assert alert.open
    clock.passes(seconds=STEADY.total_seconds())
    await runs(here.app, "alerts")
    assert await open_alerts(here.app) == []


async def test_an_hour_is_any_hour(here: Desk, clock: SimulatedClock) -> None:
    """Openings count that lie within an hour of each other, whenever the first of all was."""
    await raised(here.app)
    await cleared(here.app)
    clock.passes(minutes=50)
    for _ in range(OPENINGS):
        await raised(here.app)
        await cleared(here.app)
        clock.passes(minutes=5)
    alert = await alert_of(here.app, "provider_down", "Stripe")
    assert alert is not None
    assert alert.open
    assert alert.openings == OPENINGS


async def test_it_counts_anew_after_an_hour(here: Desk, clock: SimulatedClock) -> None:
    """What opens once an hour comes and goes for nobody."""
    for _ in range(OPENINGS + 1):
        await raised(here.app)
        await cleared(here.app)
        clock.passes(seconds=(AGAIN + timedelta(seconds=1)).total_seconds())
    alert = await alert_of(here.app, "provider_down", "Stripe")
    assert alert is not None
    assert not alert.flaps(clock.now())


async def test_a_storm(here: Desk) -> None:
    """After twenty alerts within an hour one says that more come, and the others have no message of their own."""

    async def work(tx: Transaction) -> None:
        for number in range(STORM + 5):
            await raise_(tx, "job_failed", f"job{number}", job=f"job{number}", reason="no")

    await here.app.services.database.write(work)
    assert len(await told(here, "· failed")) == STORM
    assert len(await told(here, "More than 20 alerts within an hour")) == 1
    assert len(await open_alerts(here.app)) == STORM + 6


async def test_lapses(here: Desk, clock: SimulatedClock) -> None:
    """What nothing says the end of is over once it was not found for as long as its rule says."""
    await raised(here.app, "account_refused", "Stripe", provider="Stripe", reason="no billing")
    clock.passes(hours=23)
    await runs(here.app, "alerts")
    assert len(await open_alerts(here.app)) == 1
    clock.passes(hours=1)
    await runs(here.app, "alerts")
    assert await open_alerts(here.app) == []
