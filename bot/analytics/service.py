"""Verbs on the analytics store: days and months that are over, added up once, held against what they are sums of."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.access.model import Permission, Person
from bot.analytics import bundle, cards
from bot.analytics.insight import WEEKS, Insight, insight
from bot.analytics.model import Counts, sums_in, to_check
from bot.audit.service import record
from bot.finance.model import Part, figures_of, first_of_month
from bot.finance.service import Finance, begin_of, end_of
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.tenants.service import Tenants
from storage.analytics import daily
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.finance import folds
from storage.forecast import values
from storage.growth import days as growth

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
COUNTED_AT_ONCE = 5  # days in one transaction
CHECKED_AT_ONCE = 40  # days and months of the ledger in one run


class Analytics:
    """Verbs on what each day came to. A day is one of the tenant's time zone."""

    def __init__(self, database: Database, tenants: Tenants, finance: Finance) -> None:
        self._database = database
        self._tenants = tenants
        self._finance = finance

    async def sync(self, tenant: str) -> str:
        """Add up what is over and was not yet, and hold some of what is kept against what it is a sum of; what does not
        agree is made anew, and admins hear of it. Returns a line for the job's record.
        """
        zone = await self._tenants.zone(tenant)
        broken = await self._check_folds(tenant, zone)
        added = await self._finance.add_up(tenant)
        counted, unlike = await self._count(tenant, zone)
        if broken or unlike:
            await self._tell(tenant, broken + unlike)
        return f"{counted} days counted, {broken + unlike} made anew that did not agree; {added}"

    async def _check_folds(self, tenant: str, zone: ZoneInfo) -> int:
        async def work(connection: Connection) -> tuple[list[int], list[int]]:
            good: list[int] = []
            broken: list[int] = []
            for fold in await folds.to_check(connection, tenant, zone.key, CHECKED_AT_ONCE):
                sound = await folds.sound(connection, tenant, zone.key, fold)
                (good if sound else broken).append(fold.id)
            return good, broken

        good, broken = await self._database.snapshot(work)
        if good or broken:
            await self._database.write(lambda tx: folds.checked(tx, tenant, good, broken))
        return len(broken)

    async def _count(self, tenant: str, zone: ZoneInfo) -> tuple[int, int]:
        """How many days were counted for the first time, and how many again since they did not agree."""
        end = (self._database.clock.now() - folds.SETTLED).astimezone(zone).date()

        async def work(connection: Connection) -> tuple[list[date], list[date]]:
            first = await _first_day(connection, tenant, zone, end)
            rows = await daily.rows(connection, tenant, zone.key, first, end)
            every = [first + past * DAY for past in range((end - first).days)]
            known = [day for day in every if day in rows]
            unlike = [day for day in known if not await self._agrees(connection, tenant, zone, day, rows[day])]
            return [day for day in every if day not in rows], unlike

        new, unlike = await self._database.snapshot(work)
        days = [*new, *unlike]
        for begin in range(0, len(days), COUNTED_AT_ONCE):
            some = days[begin : begin + COUNTED_AT_ONCE]
            await self._database.write(lambda tx, some=some: daily.count(tx, tenant, zone.key, some))  # type: ignore[misc]
        return len(new), len(unlike)

    async def _agrees(
        self, connection: Connection, tenant: str, zone: ZoneInfo, day: date, kept: Counts | None
    ) -> bool:
        if kept is None:
            return False
        today = self._database.clock.now().astimezone(zone).date()
        return not to_check(day, today) or kept == await daily.of_day(connection, tenant, zone.key, day)

    async def _tell(self, tenant: str, anew: int) -> None:
        day = self._database.clock.now().date().isoformat()

        async def work(tx: Transaction) -> None:
            await record(tx, tenant, None, "store.mended", f"tenant:{tenant}", days=anew)
            await notify_roles(tx, tenant, ADMINS, Topic.TROUBLE, partial(cards.mended, anew), key=f"store:{day}")

        await self._database.write(work)

    async def insight(self, tenant: str) -> str:
        """Compare the revenue of the last seven days that are over with the weeks before, in each currency, and tell
        admins where it matters, once a week. Returns a line for the job's record.
        """
        zone = await self._tenants.zone(tenant)
        today = self._database.clock.now().astimezone(zone).date()
        first = today - WEEKS * WEEK

        async def work(connection: Connection) -> tuple[date, Mapping[date, Counts]]:
            began = await _first_day(connection, tenant, zone, today)
            return began, await self._days(connection, tenant, zone, max(first, began), today)

        began, days = await self._database.snapshot(work)
        found = [one for one in _insights(days, began, today) if one is not None]
        week = f"{today.isocalendar().year}-{today.isocalendar().week}"

        async def tell(tx: Transaction) -> None:
            for one in found:
                key = f"insight:{one.currency}:{week}:{one.up}"
                await notify_roles(tx, tenant, ADMINS, Topic.REPORTS, partial(cards.insight, one), key=key)

        if found:
            await self._database.write(tell)
        return f"{len(days)} days looked at, {len(found)} unusual changes of revenue"

    async def _days(
        self, connection: Connection, tenant: str, zone: ZoneInfo, first: date, end: date
    ) -> Mapping[date, Counts]:
        """Every day from the first one on, and before the end: out of its row, or read where it happened."""
        days = dict(await daily.kept(connection, tenant, zone.key, first, end))
        for day in [first + past * DAY for past in range((end - first).days)]:
            if day not in days:
                days[day] = await daily.of_day(connection, tenant, zone.key, day)
        return days

    async def bundle(self, who: Person) -> tuple[date, bytes]:
        """All that is added up, as CSV files in a ZIP, with the day up to which it goes: numbers, and nobody's name.

        Raises Forbidden.
        """
        who.require(Permission.KEEP_LEDGER)
        zone = await self._tenants.zone(who.tenant)
        now = self._database.clock.now()
        end = now.astimezone(zone).date()

        async def work(connection: Connection) -> bundle.Held:
            first = await _first_day(connection, who.tenant, zone, end)
            days = await self._days(connection, who.tenant, zone, first, end)
            months, month = [], first_of_month(first)
            while month <= end:
                since, until = begin_of(month, zone), min(now, end_of(month, zone))
                if since < until:
                    counts = await folds.parts(connection, who.tenant, zone.key, since, until, Part.TYPE)
                    months.append(bundle.OfMonth(month, counts))
                month = first_of_month(month, -1)
            return bundle.Held(days, months, await growth.since(connection, who.tenant, first))

        held = await self._database.snapshot(work)
        await self._database.write(lambda tx: record(tx, who.tenant, who, "store.exported", f"tenant:{who.tenant}"))
        return end, await asyncio.to_thread(bundle.packed, held)


def _insights(days: Mapping[date, Counts], began: date, today: date) -> list[Insight | None]:
    """By currency: weeks of seven days that end yesterday, since there was anything."""
    by_day = {day: sums_in(counts) for day, counts in days.items()}
    currencies = sorted({currency for sums in by_day.values() for _account, currency in sums})
    found = []
    for currency in currencies:
        weeks = []
        for back in range(1, WEEKS + 1):
            first = today - back * WEEK
            if first < began:
                break
            of_week = [by_day[first + past * DAY] for past in range(WEEK.days) if first + past * DAY in by_day]
            weeks.append(sum(figures_of(sums, currency).revenue for sums in of_week))
        found.append(insight(currency, weeks))
    return found


async def _first_day(connection: Connection, tenant: str, zone: ZoneInfo, otherwise: date) -> date:
    begins = [await folds.first_posted(connection, tenant), await values.first_accepted(connection, tenant)]
    return min((at.astimezone(zone).date() for at in begins if at is not None), default=otherwise)
