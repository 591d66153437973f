"""What is unusual, and what will be too much: out of the hours that are kept, by medians."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.access.model import TENANT
from bot.alerts.raising import clear, raise_
from bot.capacity.model import Bounds, Series, Size
from bot.capacity.robust import LOOKS_BACK, Line, Odd, line_through, odd_hour, usual_day
from bot.capacity.settings import CapacitySettings
from bot.forecast.model import LOAD, PARTS
from bot.kernel.tasks import Pool
from bot.kernel.text.words import usd
from storage.capacity import hours, sizes
from storage.engine.database import Database, Transaction
from storage.forecast import made, values
from storage.models import budget

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AT_MOST = 48  # hours that are counted in one run; the first one goes back no further
RECENT = timedelta(days=2)  # by which the next day is told
SOON = timedelta(days=1)
LATER = timedelta(days=30)
WEEK = timedelta(days=7)
RISES = 2.0  # times as many failures as the week before
FEWEST_FAILURES = 10
BUSY = 0.7  # of a worker's time: fuller, and what comes waits
MOST_CALLS = 500
FEWEST_BRIEFS = 20  # of fewer in the last two weeks it is not known what one costs
MICRO = 1_000_000
Hours = Mapping[datetime, int]


class Forecasts:
    """Verbs of the jobs that compare and look ahead."""

    def __init__(self, database: Database, settings: CapacitySettings, bounds: Bounds, a_day: int = 0) -> None:
        """a_day: what models may cost in a day, in millionths of a US dollar; 0: as much as it takes."""
        self._database, self._settings, self._bounds, self._a_day = database, settings, bounds, a_day

    async def unusual(self, tenant: str) -> str:
        """Count the hours that are over since the last time, and tell of those that are unlike the same ones before."""
        now = self._database.clock.now()
        last = _hour(now) - HOUR
        odd: list[tuple[Series, Odd]] = []
        counted = 0
        for series in hours.of(tenant):
            fresh = await self._count(tenant, series, last)
            counted += len(fresh)
            known = await self._since(tenant, series, last - LOOKS_BACK)
            found = (odd_hour(known, hour) for hour in fresh if last - hour < DAY)
            odd += [(series, one) for one in found if one is not None and (one.score > 0 or series in hours.OF_ALL)]

        async def work(tx: Transaction) -> None:
            for series, one in odd:
                await raise_(tx, f"unusual_{series}", tenant=tenant, value=one.value, usual=one.usual)

        if odd:
            await self._database.write(work)
        said = [f"{series} {one.value} at {one.hour:%d %b %H:%M}, usually {one.usual}" for series, one in odd]
        return f"{counted} hours counted; {'; '.join(said) or 'nothing unusual'}"

    async def _count(self, tenant: str, series: Series, last: datetime) -> Sequence[datetime]:
        """Count each hour up to the last that is not counted yet."""
        async with self._database.reading() as connection:
            newest = await hours.newest(connection, tenant, series, last)
            earliest = last - (AT_MOST - 1) * HOUR
            first = earliest if newest is None else max(earliest, newest + HOUR)
            missing = [first + ahead * HOUR for ahead in range(max(0, (last - first) // HOUR + 1))]
            values = {hour: await hours.counted(connection, tenant, series, hour) for hour in missing}

        async def work(tx: Transaction) -> None:
            for hour, value in values.items():
                await hours.put(tx, tenant, series, hour, value)

        if values:
            await self._database.write(work)
        return missing

    async def soon(self) -> str:
        """Tell of what crosses its limit within a day, where the last two days surely lead there, or the forecast of
        briefs does.
        """
        now = self._database.clock.now()
        free = await self._since(TENANT, Series.FREE, now - RECENT)
        memory = await self._since(TENANT, Series.MEMORY, now - RECENT)
        queue = await self._since(TENANT, Series.QUEUE, now - RECENT)
        limits: Mapping[str, tuple[Line | None, float, bool]] = {
            "disk_full_soon": (_line(free), self._settings.disk_least_mb, False),
            "memory_full_soon": (_line(memory), _leak(memory), True),
            "queue_grows": (_line(queue), self._settings.queue_limit, True),
        }
        reached = {rule: (line, line.reaches(limit, rising=up)) for rule, (line, limit, up) in limits.items() if line}
        ahead = {rule: (line, after) for rule, (line, after) in reached.items() if after is not None and after <= SOON}
        cost = await self._cost_ahead(now)

        async def work(tx: Transaction) -> None:
            if cost is not None and cost[1] > self._a_day:
                told: dict[str, Any] = {"briefs": cost[0], "needed": usd(cost[1]), "limit": usd(self._a_day)}
                await raise_(tx, "budget_short_soon", tenant=TENANT, **told)
            else:
                await clear(tx, "budget_short_soon")
            for rule in limits:
                if rule in ahead:
                    line, within = ahead[rule]
                    changes = "lost" if rule == "disk_full_soon" else "more"
                    facts: dict[str, Any] = {"value": round(line.level), changes: max(1, round(abs(line.slope)))}
                    await raise_(tx, rule, tenant=TENANT, hours=max(1, round(within / HOUR)), **facts)
                else:
                    await clear(tx, rule)

        await self._database.write(work)
        said = [f"{rule} in {within / HOUR:.0f} h" for rule, (_, within) in ahead.items()]
        said += [] if cost is None else [f"up to {cost[0]} briefs a day may cost {cost[1] / MICRO:.2f} USD"]
        return ", ".join(said) or f"{len(limits)} looked at, none crosses its limit within a day"

    async def _load_ahead(self, now: datetime) -> float | None:
        """How many briefs the busier of today and tomorrow has at most, by nine in ten of such forecasts; None where
        there is too little history for one.
        """
        async with self._database.reading() as connection:
            days = [await made.of_day(connection, TENANT, LOAD, (now + ahead).date()) for ahead in (timedelta(), DAY)]
        return max((one.expected.high80 / PARTS for one in days if one is not None), default=None)

    async def _cost_ahead(self, now: datetime) -> tuple[int, int] | None:
        """So many briefs, and what models will cost for them as they did in the last two weeks; None where that is not
        known, or may be as much as it takes.
        """
        load = await self._load_ahead(now) if self._a_day else None
        if load is None:
            return None
        first = (now - 2 * WEEK).date()
        async with self._database.reading() as connection:
            known = await values.since(connection, TENANT, LOAD, first)
            spent = await budget.cost(connection, TENANT, now - 2 * WEEK, now)
        briefs = sum(known.values()) / PARTS
        return None if briefs < FEWEST_BRIEFS else (math.ceil(load), math.ceil(load * spent / briefs))

    async def later(self) -> str:
        """Tell when the disk will be full at the pace of the last weeks, and whether failures are on the rise."""
        now = self._database.clock.now()
        free = await self._since(TENANT, Series.FREE, now - LOOKS_BACK)
        size = await self._since(TENANT, Series.DATABASE, now - LOOKS_BACK)
        failures = await self._since(TENANT, Series.FAILURES, now - 2 * WEEK)
        line = _line(free)
        within = None if line is None else line.reaches(self._settings.disk_least_mb, rising=False)
        within = within if within is not None and within <= LATER else None
        before = sum(value for hour, value in failures.items() if hour < now - WEEK)
        lately = sum(failures.values()) - before
        known = bool(failures) and min(failures) < now - 2 * WEEK + DAY  # of nearly all of the week before

        async def work(tx: Transaction) -> None:
            if within is not None and line is not None:
                grown, over = _growth(size)
                await raise_(
                    tx, "disk_full_later", days=max(1, within.days), value=round(line.level), grown=grown, over=over
                )
            else:
                await clear(tx, "disk_full_later")
            if known and lately >= max(FEWEST_FAILURES, RISES * before):
                await raise_(tx, "failures_rise", now=lately, before=before)

        await self._database.write(work)
        disk = "the disk lasts" if within is None else f"the disk is too full in {within.days} days"
        return f"{disk}; {lately} failures in seven days, {before if known else 'not known how many'} in those before"

    async def workers(self) -> str:
        """Tell how many workers the busiest hour of the next day needs, by the same hours of the weeks before; and more
        where the forecast of briefs is above what these hours usually come to.
        """
        now = self._database.clock.now()
        briefs = await self._since(TENANT, Series.BRIEFS, now - LOOKS_BACK)
        usual = usual_day(briefs, now)
        if not usual:
            return "of no hour of the next day is known what is usual: a week is needed"
        hour, most = max(usual, key=lambda one: one[1])
        load, total = await self._load_ahead(now), sum(briefs for _hour, briefs in usual)
        grows = max(1.0, load / total) if load is not None and total else 1.0
        most *= grows
        by = "not enough history for a forecast" if load is None else f"{load:.0f} in the day by the forecast"
        async with self._database.reading() as connection:
            seconds = await sizes.seconds_of_a_brief(connection, TENANT, now - RECENT, MOST_CALLS)
            decided = await sizes.of(connection, Pool.MODELS)
        size = (decided or Size(self._bounds.normal, "")).size
        at_once = most * seconds / HOUR.total_seconds() / BUSY
        needed = max(1, math.ceil(at_once / self._bounds.most))
        rule = "worker_full" if self._database.sqlite else "workers_short"

        async def work(tx: Transaction) -> None:
            if needed > 1:
                await raise_(tx, rule, needed=needed, size=self._bounds.most, briefs=round(most))
            else:
                await clear(tx, rule)

        await self._database.write(work)
        return (
            f"at {hour:%d %b %H:%M} up to {most:.0f} briefs of {seconds:.0f} s: {at_once:.1f} tasks at once, "
            f"of {size} that a worker runs; {needed} needed; {by}"
        )

    async def _since(self, tenant: str, series: Series, first: datetime) -> Hours:
        async with self._database.reading() as connection:
            return await hours.between(connection, tenant, series, first, self._database.clock.now())


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _line(series: Hours) -> Line | None:
    if not series:
        return None
    first = min(series)
    return line_through([((hour - first) / HOUR, float(value)) for hour, value in sorted(series.items())])


def _leak(memory: Hours) -> float:
    """Twice what the program held at first: what grows without end is a leak, whatever the machine has."""
    return 2.0 * memory[min(memory)] if memory else 0.0


def _growth(size: Hours) -> tuple[int, int]:
    """By how many megabytes the database grew, and over how many days."""
    if not size:
        return 0, 0
    first, last = min(size), max(size)
    return size[last] - size[first], max(1, (last - first).days)
