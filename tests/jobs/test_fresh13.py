"""Faults that a fresh reader found in incidents; each test says what should be and fails."""

from tests.alerting import alert_of, runs
from tests.clock import SimulatedClock
from tests.desk import Desk


async def test_the_process_that_saw_an_outage_is_gone(here: Desk, clock: SimulatedClock) -> None:
    """One of two workers loses its way to the models, says so and vanishes; the other one is answered all the while."""
    import asyncio

    from bot.alerts.context import with_context  # noqa: F401 - the area is loaded
    from bot.kernel.errors import ProviderError
    from bot.models.guard import Guard, News

    async def fine() -> str:
        return "an answer"

    async def away() -> str:
        raise ProviderError("The models", "does not answer")

    changes: asyncio.Queue[News] = asyncio.Queue()
    stays, goes = (Guard("The models", clock, changes, left_alone=5) for _ in range(2))
    outages = here.app.outages

    async def noted() -> None:
        while not changes.empty():
            await outages._note(changes.get_nowait())

    await stays.call(fine)
    await noted()
    for _ in range(8):
        try:
            await goes.call(away)
        except ProviderError:
            clock.passes(seconds=10)
    await noted()
    alert = await alert_of(here.app, "provider_down", "The models")
    assert alert is not None
    assert alert.open
    del goes  # its host is gone, for good
    for _ in range(24):
        clock.passes(hours=1)
        await stays.call(fine)
        await noted()
        await runs(here.app, "alerts")
    alert = await alert_of(here.app, "provider_down", "The models")
    assert alert is not None
    assert not alert.open, f"told {alert.nags} times within a day in which every call was answered"
