"""Faults that a fresh reader found in incidents; each test says what should be and fails."""


import pytest

from tests.alerting import alert_of, raised, runs
from tests.clock import SimulatedClock
from tests.desk import Desk


async def test_the_test_brief_is_switched_off(here: Desk, clock: SimulatedClock) -> None:
    """Whoever switches models off because test briefs fail is not woken of that for as long as none is tried."""
    from bot.flags.model import Change, Flag, Mode

    await raised(here.app, "canary_failed", "", brief="1", state="drafting")
    carol = await here.person(here.carol)
    flags = here.app.services.flags
    switch = getattr(flags, "switch", None)
    if switch is None:
        pytest.skip(str([name for name in dir(flags) if not name.startswith("_")]))
    await switch(carol, Flag.MODEL_CALLS, Change(Mode.OFF), "test briefs fail")
    assert "not tried" in await runs(here.app, "self_check")
    before = await alert_of(here.app, "canary_failed")
    for _ in range(12):
        clock.passes(minutes=5)
        await runs(here.app, "alerts")
    after = await alert_of(here.app, "canary_failed")
    assert before is not None
    assert after is not None
    assert after.nags == before.nags, f"{after.nags - before.nags} more times within an hour"


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
