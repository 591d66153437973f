"""The jobs that watch over load: each condition is planted, and a quiet system is left alone."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bot.access.model import TENANT, Role
from bot.adapters.machine import ThisMachine, Used
from bot.capacity.forecasts import Forecasts
from bot.capacity.model import Bounds, Measured, Series
from bot.capacity.service import Capacity
from bot.capacity.settings import CapacitySettings
from bot.databases import queue_of
from bot.forecast.model import LOAD, PARTS, Expected, Made, Told
from bot.kernel.tasks import Pool
from storage.alerts import alerts
from storage.capacity import hours, sizes
from storage.engine.database import Database, Transaction
from storage.forecast import made, values
from storage.people import people
from storage.tables.audit import audit
from storage.tables.briefs import briefs
from storage.tables.models import model_calls
from tests.clock import SimulatedClock

THURSDAY = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = CapacitySettings(_env_file=None, lag_limit_ms=60_000)  # type: ignore[call-arg]
CALM = Measured(cpu=20, memory=50, own_bytes=120_000_000, free_bytes=50_000_000_000, database_bytes=1_000_000)


class Machine:
    """A machine that is as a test says."""

    now = CALM

    def measure(self) -> Measured:
        return self.now


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(THURSDAY)


@pytest.fixture
async def database(sqlite_url: str, clock: SimulatedClock) -> AsyncIterator[Database]:
    made = Database(sqlite_url, clock)
    yield made
    await made.close()


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def capacity(database: Database, machine: Machine) -> Capacity:
    return Capacity(database, queue_of(database), machine, LIMITS, 50)


@pytest.fixture
def ahead(database: Database) -> Forecasts:
    return Forecasts(database, LIMITS, Bounds(5, 50, 200))


async def burning(database: Database, tenant: str = TENANT) -> dict[str, dict[str, str | int]]:
    """The alerts that are open, with their facts."""
    async with database.reading() as connection:
        return {alert.rule: dict(alert.facts) for alert in await alerts.all_open(connection, tenant)}


async def put(database: Database, series: Series, values: dict[datetime, int]) -> None:
    async def work(tx: Transaction) -> None:
        for hour, value in values.items():
            await hours.put(tx, TENANT, series, hour, value)

    await database.write(work)


async def test_too_much(database: Database, capacity: Capacity, machine: Machine) -> None:
    """What is over its limit is an alert with its figures, which ends once it is well below."""
    machine.now = replace(CALM, memory=96, free_bytes=400_000_000)
    assert "over its limit: memory_low, disk_low" in await capacity.look()
    assert await burning(database) == {
        "memory_low": {"share": 96},
        "disk_low": {"value": 400, "limit": 1000},
    }
    machine.now = replace(CALM, memory=85)
    await capacity.look()
    assert list(await burning(database)) == ["memory_low"]
    machine.now = CALM
    await capacity.look()
    assert await burning(database) == {}


async def test_a_calm_machine(database: Database, capacity: Capacity) -> None:
    """A quiet system has no alert; what was measured is kept, the worst of each hour."""
    assert "over its limit" not in await capacity.look()
    assert await burning(database) == {}
    async with database.reading() as connection:
        assert await hours.at(connection, TENANT, Series.FREE, THURSDAY.replace(minute=0)) == 50_000
        assert await hours.at(connection, TENANT, Series.MEMORY, THURSDAY.replace(minute=0)) == 120


async def called(
    database: Database, outcome: str, number: int, latency: int, at: datetime, brief_id: int | None = None
) -> None:
    row: dict[str, object] = {"brief_id": brief_id}
    row |= {"tenant": TENANT, "purpose": "draft", "prompt_version": "1", "model": "x", "outcome": outcome}
    row |= {"input_tokens": 1, "output_tokens": 1, "cost_micro_usd": 20_000, "latency_ms": latency, "created_at": at}
    await database.write(lambda tx: tx.run(insert(model_calls), [row] * number))


async def a_brief(database: Database) -> int:
    async def work(tx: Transaction) -> int:
        alice = await people.enroll(tx, TENANT, 1001, "Alice", Role.CLIENT, "en")
        row = {"tenant": TENANT, "client_id": alice.id, "chat_id": 1, "source_key": "x", "task_type": "other"}
        row |= {"title": "x", "text": "x", "state": "queued", "qa_target": 80, "language": "en", "price_minor": 0}
        row |= {"currency": "USD", "created_at": tx.now, "updated_at": tx.now}
        return int((await tx.run(insert(briefs).returning(briefs.c.id), row)).scalar_one())

    return await database.write(work)


async def test_a_provider_under_strain(database: Database, capacity: Capacity) -> None:
    """Where models fail, workers run fewer tasks at once, for every process and after a restart."""
    await called(database, "failed", 12, 100, THURSDAY - timedelta(minutes=2))
    capacity._queue.resize(Pool.MODELS, 50)
    assert "50 → 40 tasks: 12 of 12 calls of models failed" in await capacity.resize()
    again = queue_of(database)
    await Capacity(database, again, Machine(), LIMITS, 50)._follow_once()
    assert (await again.load(Pool.MODELS)).size == 40


async def test_a_quiet_worker(database: Database, capacity: Capacity) -> None:
    """Where nothing waits and nothing strains, the size stays, and no row is written."""
    capacity._queue.resize(Pool.MODELS, 50)
    assert await capacity.resize() == "50 tasks at once: as it should be; 0 run, 0 wait"
    async with database.reading() as connection:
        assert await sizes.of(connection, Pool.MODELS) is None


async def test_an_unusual_hour(database: Database, ahead: Forecasts) -> None:
    """A flood of refusals in the last hour is an alert with what is usual."""
    last = THURSDAY.replace(minute=0) - HOUR
    await put(database, Series.REFUSED, {last - number * HOUR: 0 for number in range(1, 24 * 28)})
    row = {"tenant": TENANT, "action": "/people", "subject": "chat:9", "outcome": "forbidden", "stranger_id": 9}
    rows = [row | {"at": last + timedelta(minutes=number)} for number in range(50)]
    await database.write(lambda tx: tx.run(insert(audit), rows))
    assert "refused 50 at 26 Nov 13:00, usually 0" in await ahead.unusual(TENANT)
    assert await burning(database) == {"unusual_refused": {"value": 50, "usual": 0}}


async def test_a_usual_hour(database: Database, ahead: Forecasts) -> None:
    """On a quiet system nothing is unusual, and an hour is counted once."""
    assert await ahead.unusual(TENANT) == "240 hours counted; nothing unusual"
    assert await ahead.unusual(TENANT) == "0 hours counted; nothing unusual"
    assert await burning(database) == {}


async def test_spend_is_counted_in_cents(database: Database, ahead: Forecasts) -> None:
    """What models cost in an hour is kept in US cents."""
    last = THURSDAY.replace(minute=0) - HOUR
    await called(database, "ok", 3, 100, last)
    await ahead.unusual(TENANT)
    async with database.reading() as connection:
        assert await hours.at(connection, TENANT, Series.SPEND, last) == 6


async def test_a_disk_that_fills(database: Database, ahead: Forecasts) -> None:
    """A disk that will be too full tomorrow is an alert today, which ends once it does so no more."""
    now = THURSDAY.replace(minute=0)
    await put(database, Series.FREE, {now - number * HOUR: 5_000 + 200 * number for number in range(40)})
    assert await ahead.soon() == "disk_full_soon in 20 h"
    assert await burning(database) == {"disk_full_soon": {"hours": 20, "value": 5_000, "lost": 200}}
    await put(database, Series.FREE, {now - number * HOUR: 90_000 for number in range(40)})
    assert "none crosses its limit" in await ahead.soon()
    assert await burning(database) == {}


async def test_a_leak(database: Database, ahead: Forecasts) -> None:
    """Memory that grows towards twice what it was is an alert; what it took at its start is none."""
    now = THURSDAY.replace(minute=0)
    await put(database, Series.MEMORY, {now - number * HOUR: 210 if number < 38 else 100 for number in range(40)})
    await ahead.soon()
    assert await burning(database) == {}
    await put(database, Series.MEMORY, {now - number * HOUR: 216 - 3 * number for number in range(40)})
    assert "memory_full_soon in 0 h" in await ahead.soon()
    assert (await burning(database))["memory_full_soon"] == {"hours": 1, "value": 216, "more": 3}


async def test_a_disk_that_fills_slowly(database: Database, ahead: Forecasts) -> None:
    """It is told two weeks ahead, with how much the database grew."""
    now = THURSDAY.replace(minute=0)
    back = [number * HOUR for number in range(24 * 27)]
    await put(database, Series.FREE, {now - ago: 4_000 + round(ago / HOUR * 10) for ago in back})
    await put(database, Series.DATABASE, {now - ago: 9_000 - round(ago / HOUR * 10) for ago in back})
    assert "the disk is too full in 12 days" in await ahead.later()
    facts = (await burning(database))["disk_full_later"]
    assert (facts["days"], facts["value"], facts["grown"]) == (12, 4_000, 6_470)


async def test_more_and_more_failures(database: Database, ahead: Forecasts) -> None:
    """Twice as many failures as in the week before are told; a few are not."""
    now = THURSDAY.replace(minute=0)
    quiet = dict.fromkeys([now - number * HOUR for number in range(24 * 14)], 0)
    await put(database, Series.FAILURES, quiet | {now - HOUR: 8, now - 200 * HOUR: 1})
    await ahead.later()
    assert await burning(database) == {}
    await put(database, Series.FAILURES, {now - HOUR: 12})
    await ahead.later()
    assert await burning(database) == {"failures_rise": {"now": 12, "before": 1}}


async def test_failures_of_a_first_week(database: Database, ahead: Forecasts) -> None:
    """Where nothing is known of the week before, nobody is told that more fails than then."""
    now = THURSDAY.replace(minute=0)
    await put(database, Series.FAILURES, {now - number * HOUR: 1 for number in range(24 * 9)})
    assert "not known how many in those before" in await ahead.later()
    assert await burning(database) == {}


async def test_a_wrong_clock(database: Database, ahead: Forecasts) -> None:
    """Hours that a clock wrote that was ahead keep nobody from counting, and lead no line astray."""
    now = THURSDAY.replace(minute=0)
    year = timedelta(days=365)
    for series in (Series.REFUSED, Series.FREE, Series.MEMORY):
        await put(database, series, {now + year: 1})
    await put(database, Series.FREE, {now - number * HOUR: 90_000 for number in range(40)})
    assert await ahead.unusual(TENANT) == "240 hours counted; nothing unusual"
    assert "none crosses its limit" in await ahead.soon()
    assert "the disk lasts" in await ahead.later()


async def test_a_rush_tomorrow(database: Database) -> None:
    """Where tomorrow's busiest hour needs more than a worker has room for, it is said how many are needed."""
    now, ahead = THURSDAY.replace(minute=0), Forecasts(database, LIMITS, Bounds(5, 10, 20))
    hours_before = [now - number * HOUR for number in range(24 * 28)]
    assert "a week is needed" in await Forecasts(database, LIMITS, Bounds(5, 10, 20)).workers()
    await put(database, Series.BRIEFS, {hour: 700 if hour.hour in {8, 9, 10} else 0 for hour in hours_before})
    await called(database, "ok", 6, 30_000, THURSDAY - HOUR, await a_brief(database))
    await called(database, "ok", 6, 90_000, THURSDAY - HOUR)  # what is no brief's takes none of its time
    # 700 briefs an hour of 180 s each are 35 at a time, at seven tenths of 20 to a worker
    assert "50.0 tasks at once" in await ahead.workers()
    assert (await burning(database))["worker_full"] == {"needed": 3, "size": 20, "briefs": 700}
    await put(database, Series.BRIEFS, dict.fromkeys(hours_before, 1))
    await ahead.workers()
    assert await burning(database) == {}


async def told(database: Database, briefs: float) -> None:
    """A forecast of today and tomorrow: at most so many briefs each."""
    most = briefs * PARTS
    each = Expected(most / 2, most / 3, most, most / 4, most * 2)
    days = [Told(THURSDAY.date() + ahead * 24 * HOUR, each, 0) for ahead in range(2)]
    await database.write(lambda tx: made.put(tx, TENANT, Made(LOAD, THURSDAY.date(), days, each, 40, 1)))


async def test_a_rush_by_the_forecast(database: Database) -> None:
    """Where more briefs are forecast than these hours usually come to, more is needed by as much; of fewer no less."""
    ahead = Forecasts(database, LIMITS, Bounds(5, 10, 20))
    hours_before = [THURSDAY.replace(minute=0) - number * HOUR for number in range(24 * 28)]
    await put(database, Series.BRIEFS, {hour: 100 if hour.hour in {8, 9, 10} else 0 for hour in hours_before})
    await called(database, "ok", 6, 30_000, THURSDAY - HOUR, await a_brief(database))
    assert "up to 100 briefs" in (said := await ahead.workers())
    assert "not enough history for a forecast" in said
    await told(database, 90)
    assert "up to 100 briefs" in await ahead.workers()
    await told(database, 3_500)  # a day of five such hours, and those beside them, usually has 500
    assert "up to 700 briefs" in (said := await ahead.workers())
    assert "3500 in the day by the forecast" in said
    assert (await burning(database))["worker_full"] == {"needed": 3, "size": 20, "briefs": 700}


async def test_a_budget_that_will_be_short(database: Database) -> None:
    """Where the briefs that are forecast cost more than a day's budget, it is said; with room in it, it is over; where
    nothing is forecast, or there is no budget, nothing is.
    """
    short, none = (Forecasts(database, LIMITS, Bounds(5, 10, 20), usd * 1_000_000) for usd in (20, 0))
    await called(database, "ok", 100, 30_000, THURSDAY - HOUR)
    await database.write(lambda tx: tx.run(update(model_calls).values(cost_micro_usd=1_000_000)))
    counted = {(THURSDAY - day * 24 * HOUR).date(): {LOAD: 10 * PARTS} for day in range(1, 6)}
    await database.write(lambda tx: values.put(tx, TENANT, counted))
    assert "USD" not in await short.soon()
    await told(database, 11)
    assert "USD" not in await none.soon()
    assert "up to 11 briefs a day may cost 22.00 USD" in await short.soon()
    assert (await burning(database))["budget_short_soon"] == {"briefs": 11, "needed": "22.00 USD", "limit": "20.00 USD"}
    await told(database, 9)
    assert "up to 9 briefs a day may cost 18.00 USD" in await short.soon()
    assert await burning(database) == {}


async def test_processors_that_nobody_measured(database: Database, capacity: Capacity, machine: Machine) -> None:
    """While it is not known how busy the processors are, nothing is said of them, and nothing is over."""
    machine.now = replace(CALM, cpu=99)
    await capacity.look()
    machine.now = replace(CALM, cpu=None)
    assert "processors not known yet" in await capacity.look()
    assert list(await burning(database)) == ["cpu_busy"]


def test_who_asks_at_the_same_time() -> None:
    """Two jobs that ask within a second are told the same of the last minutes: the start of the one is no load."""
    machine = ThisMachine(None)
    told = []
    for used in (Used(0, 0, 0), Used(180, 72, 360), Used(180.5, 73, 361), Used(190, 91, 380), Used(3_000, 99, 6_000)):
        machine._look(used)
        told.append(machine._cpu)
    assert told == [None, 20, 20, 20, None]
