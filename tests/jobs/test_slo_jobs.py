"""The jobs `uptime`, `slo_guard`, `slo_budget`, `observability_snapshot` and `slo_report`: what each exists for,
planted; and that none says or changes anything where all is well.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import func, select

from bot.access.model import TENANT
from bot.flags.model import Change, Flag, Mode
from bot.kernel.card import Card
from bot.ops.series import Count, Series, looks_at
from bot.slo.model import DAY, HOUR, MINUTE, TURNAROUND
from jobs.catalog import BY_NAME
from sandbox.faults import Fault
from storage.engine.database import Transaction
from storage.slo import counts, states
from storage.tables.core import events
from storage.tables.watch.slo import metric_counts
from tests.alerting import open_alerts, raised
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

NOW = datetime(2026, 11, 28, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock) as made:
        yield made


async def runs(here: Desk, job: str) -> str:
    """What a run of the job says that it did."""
    return await BY_NAME[job].carry_out(here.app.services, TENANT)


async def counted(here: Desk, series: str, back: timedelta, good: int, bad: int, source: str = "a") -> None:
    """So many good and bad ones were counted in the minute that lies so far back."""
    at = (here.app.services.database.clock.now() - back).replace(second=0, microsecond=0)
    await here.app.services.database.write(lambda tx: counts.put(tx, source, {(series, at): Count(good, bad)}))


async def told(here: Desk, words: str) -> list[Card]:
    """What Carol was told with these words."""
    return [card for card in await here.told(here.carol.id) if words in card.text]


async def within(here: Desk, series: str, span: timedelta = HOUR) -> Count:
    """What was counted within that time."""
    database = here.app.services.database
    async with database.reading() as connection:
        return (await counts.within(connection, [series], database.clock.now(), [span]))[span]


async def happened(here: Desk) -> list[str]:
    """What was recorded of service levels, in order."""
    query = select(events.c.subject, events.c.name).where(events.c.subject.like("slo:%")).order_by(events.c.id)
    async with here.app.services.database.reading() as connection:
        return [f"{subject} {name}" for subject, name in await connection.execute(query)]


async def test_slo_guard(here: Desk, clock: SimulatedClock) -> None:
    """Webhooks that are not kept page once, what burns slowly is a ticket, and both end once all goes well again; it
    is all recorded.
    """
    for back in range(4):
        await counted(here, Series.WEBHOOKS, back * MINUTE, 5, 5)
    await counted(here, Series.WEB_QUICK, MINUTE, 7_000, 1_800)
    await counted(here, Series.WEB_QUICK, 20 * HOUR, 90_000, 14_000)
    assert "webhooks burns 50.0 times too fast" in await runs(here, "slo_guard")
    assert len(await told(here, "Critical · Service level “Webhooks stored” fails")) == 1
    assert "20 of 40 failed recently" in (await told(here, "“Webhooks stored” fails"))[0].text
    assert len(await told(here, "Warning · Service level “Web answers in time” suffers")) == 1
    await runs(here, "slo_guard")
    assert len(await told(here, "Critical · Service level “Webhooks stored” fails")) == 1
    clock.passes(hours=7)
    # That nothing came since says nothing: it pages no more, but the ticket stays.
    assert "webhooks burns" in await runs(here, "slo_guard")
    await counted(here, Series.WEBHOOKS, MINUTE, 5, 0)
    await counted(here, Series.WEB_QUICK, MINUTE, 1_000, 0)
    assert await runs(here, "slo_guard") == "6 service levels, no budget burns"
    assert len(await told(here, "“Webhooks stored” fails: its budget burns 50 times too fast · Resolved")) == 1
    assert sorted(await happened(here)) == [
        "slo:web_latency burning",
        "slo:web_latency calm",
        "slo:webhooks burning",
        "slo:webhooks burning",
        "slo:webhooks calm",
    ]


async def test_slo_guard_on_a_quiet_system(here: Desk) -> None:
    """Two bad ones among few, and many good ones, are no reason for a word."""
    await counted(here, Series.CANARY, MINUTE, 1, 2)
    await counted(here, Series.WEB, MINUTE, 10_000, 3)
    assert await runs(here, "slo_guard") == "6 service levels, no budget burns"
    assert (await told(here, "Service level"), await happened(here)) == ([], [])


async def test_slo_budget(here: Desk, clock: SimulatedClock) -> None:
    """Half of a budget and all of it are each told once; time gives it back, and that is told in the same messages."""
    await counted(here, Series.WEBHOOKS, 2 * DAY, 994, 6)
    assert await runs(here, "slo_budget") == "budgets left: webhooks 40%"
    assert len(await told(here, "Notice · Half of the budget of service level “Webhooks stored” is used up")) == 1
    await counted(here, Series.WEBHOOKS, DAY, 90, 10)
    assert await runs(here, "slo_budget") == "budgets left: webhooks 0%"
    await runs(here, "slo_budget")
    assert len(await told(here, "Warning · Service level “Webhooks stored” is missed")) == 1
    clock.passes(days=31)
    assert await runs(here, "slo_budget") == "nothing was counted yet"
    assert len(await told(here, "is missed · Resolved")) == 1
    assert await happened(here) == ["slo:webhooks budget"] * 3


async def test_slo_budget_on_a_quiet_system(here: Desk) -> None:
    """Two bad ones of a hundred are within what is always free, and nobody hears of them."""
    await counted(here, Series.WEBHOOKS, DAY, 98, 2)
    assert await runs(here, "slo_budget") == "budgets left: webhooks 33%"
    assert (await told(here, "budget"), await happened(here)) == ([], [])


async def test_slo_report(here: Desk, clock: SimulatedClock) -> None:
    """Each hour has a row for each level, which a second run within the hour writes over; what is missed is said."""
    assert await runs(here, "slo_report") == "6 service levels written down, none missed"
    await counted(here, Series.WEBHOOKS, MINUTE, 90, 10)
    assert await runs(here, "slo_report") == "6 service levels written down, webhooks missed"
    clock.passes(hours=1)
    await runs(here, "slo_report")
    async with here.app.services.database.reading() as connection:
        rows = await states.reports(connection, "webhooks", NOW - DAY)
    assert [(row.at.hour, row.good, row.bad, round(row.burn, 1)) for row in rows] == [
        (12, 90, 10, 10.0),
        (13, 90, 10, 0.0),
    ]
    assert rows[0].used == pytest.approx(10 / 3, abs=0.001)


@pytest.mark.both_databases
async def test_observability_snapshot(here: Desk, clock: SimulatedClock) -> None:
    """Minutes are added up over processes, then into hours, then forgotten; no count is lost or doubled."""
    for source in ("a", "b"):
        for back in (0 * MINUTE, 5 * HOUR, 5 * HOUR + MINUTE, 4 * DAY, 4 * DAY + MINUTE):
            await counted(here, Series.WEB, back, 10, 1, source)
    await counted(here, Series.TURNAROUND, 5 * HOUR, 3, 0, counts.ROWS)
    whole = await within(here, Series.WEB, 10 * DAY)
    said = await runs(here, "observability_snapshot")
    assert said == "8 minutes of processes and 2 minutes added up, 0 hours and 0 reports deleted"
    assert (await within(here, Series.WEB, 10 * DAY), whole) == (whole, Count(100, 10))
    assert await within(here, Series.TURNAROUND, DAY) == Count(3, 0)
    async with here.app.services.database.reading() as connection:
        rows = await connection.execute(
            select(metric_counts.c.stretch, func.count())
            .where(metric_counts.c.series == Series.WEB)
            .group_by(metric_counts.c.stretch)
        )
        assert dict(rows.all()) == {60: 4, 3600: 2}
    await counted(here, Series.WEB, 5 * HOUR, 7, 0, "late")
    assert (await runs(here, "observability_snapshot")).startswith("1 minutes of processes and 0 minutes")
    assert await within(here, Series.WEB, 10 * DAY) == Count(107, 10)
    assert (await runs(here, "observability_snapshot")).startswith("0 minutes of processes and 0 minutes")
    clock.passes(days=100)
    await runs(here, "observability_snapshot")
    clock.passes(days=1)
    await runs(here, "observability_snapshot")
    assert await within(here, Series.WEB, 300 * DAY) == Count()


async def test_observability_snapshot_on_a_quiet_system(here: Desk) -> None:
    """What is young stays as it is."""
    await counted(here, Series.WEB, MINUTE, 1, 0)
    said = await runs(here, "observability_snapshot")
    assert said == "0 minutes of processes and 0 minutes added up, 0 hours and 0 reports deleted"
    assert await within(here, Series.WEB) == Count(1, 0)


async def test_uptime(here: Desk, stand_ins: Providers, clock: SimulatedClock) -> None:
    """A provider that is not reached three times in a row is told once, and so is that it answers again."""
    stand_ins.openai.faults.add(Fault("GET", "status", status=503, times=None))
    for _ in range(3):
        assert "models silent" in await runs(here, "uptime")
        clock.passes(minutes=1)
    assert len(await told(here, "Warning · The models could not be reached 3 times in a row")) == 1
    assert await within(here, looks_at("models")) == Count(0, 3)
    stand_ins.openai.faults.clear()
    assert "none silent" in await runs(here, "uptime")
    assert len(await told(here, "in a row · Resolved")) == 1


async def test_uptime_sees_our_own_web_part(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> None:
    """A web part that answers with faults is a page within minutes, without waiting for `slo_guard`."""

    async def fault(_: web.Request) -> web.Response:
        return web.Response(status=500)

    app = web.Application()
    app.router.add_get("/{path}", fault)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with desk(stand_ins, database_url, clock=clock, uptime_url=url) as here:
            for _ in range(2):
                said = await runs(here, "uptime")
                clock.passes(minutes=1)
            assert "/healthz, /readyz silent" in said
            assert "availability burns" in said
            assert len(await told(here, "Critical · Service level “Availability” fails")) == 1
    finally:
        await runner.cleanup()


async def test_uptime_on_a_quiet_system(here: Desk, clock: SimulatedClock) -> None:
    """Where everything answers that is counted, and nobody hears of it; the mail server is not asked each minute."""
    first = await runs(here, "uptime")
    clock.passes(minutes=1)
    second = await runs(here, "uptime")
    assert first.startswith("6 looked at, none silent; 0 briefs decided on; 6 service levels, no budget burns")
    assert second.startswith("4 looked at, none silent")
    assert await within(here, Series.LOOKS) == Count(2, 0)
    assert await within(here, looks_at("mail")) == Count(1, 0)
    assert await told(here, "Service level") == []


async def test_no_test_brief_while_models_are_off(here: Desk) -> None:
    """Whoever switches models off because test briefs fail is told no more that they fail, as none is tried."""
    await raised(here.app, "canary_failed", "", brief="1", state="drafting")
    carol = await here.person(here.carol)
    await here.app.services.flags.switch(carol, Flag.MODEL_CALLS, Change(Mode.OFF), "test briefs fail")
    assert await runs(here, "self_check") == "not tried: model_calls is switched off"
    assert await open_alerts(here.app) == []


async def test_briefs_are_counted_once_decided(here: Desk, clock: SimulatedClock) -> None:
    """A brief counts by how long it took from the yes, once, however often it is looked at."""

    async def steps(subject: str, *names: str) -> None:
        async def work(tx: Transaction) -> None:
            row: dict[str, Any] = {"tenant": TENANT, "subject": subject, "data": {}, "person_id": None, "at": tx.now}
            await tx.run(events.insert(), [row | {"name": name} for name in names])

        await here.app.services.database.write(work)

    uptime = here.app.services.slo.uptime
    await steps("brief:1", "queued")
    await steps("brief:2", "queued")
    clock.passes(minutes=2)
    await steps("brief:1", "drafting", "in_review")
    assert [await uptime.count_decided() for _ in range(2)] == [1, 1]
    clock.passes(seconds=TURNAROUND.total_seconds())
    await steps("brief:1", "approved", "delivered")
    await steps("brief:2", "delivered")
    await uptime.count_decided()
    clock.passes(minutes=40)
    await uptime.count_decided()
    assert await within(here, Series.TURNAROUND) == Count(1, 1)
