"""Verbs on reports of days, weeks and months: read out of the ledger and the rows, each currency for itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.access.model import Permission, Person
from bot.analytics.model import sums_in
from bot.finance.model import Figures, Sums, currencies_of, figures_of
from bot.finance.service import earning, sums_of
from bot.prices.settings import PriceSettings
from bot.reports.model import DayReport, Late
from bot.reports.periods.model import DAY, WEEK, Compared, Kind, Period, PeriodReport, midnight, same_part
from bot.reports.service import of_time, revenue
from bot.tenants.service import Tenants
from storage.analytics import daily
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.finance import folds

NONE_LATE = Late(0, (), None)


class Periods:
    """Verbs that only read; days are those of the tenant's time zone."""

    def __init__(self, database: Database, tenants: Tenants, prices: PriceSettings) -> None:
        self._database = database
        self._tenants = tenants
        self._prices = prices

    async def today(self, who: Person) -> date:
        """Which day it is where the business is. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        return self._database.clock.now().astimezone(await self._tenants.zone(who.tenant)).date()

    async def look(self, who: Person, kind: Kind, day: date | None = None) -> PeriodReport:
        """The day, week or month around a day, by default of today, at the latest. Raises Forbidden."""
        today = await self.today(who)
        return await self.report(who.tenant, Period.around(kind, today if day is None else min(day, today)))

    async def report(self, tenant: str, period: Period) -> PeriodReport:
        """Its figures, up to now where it is not over. What waits now belongs to those that end by today."""
        zone = await self._tenants.zone(tenant)
        usual = (await self._tenants.over(self._prices, tenant)).currency
        now = self._database.clock.now().astimezone(zone)
        begins, end = midnight(period.first, zone), midnight(period.end, zone)
        reached = now if now < end else None

        async def work(connection: Connection) -> PeriodReport:
            day = await of_time(connection, tenant, zone.key, begins, reached or end, self._database.clock.now())
            ours = await _sums(connection, tenant, zone, begins, reached or end)
            others = [
                await _part(connection, tenant, zone, other, same_part(other, reached, period))
                for other in (period.before, period.year_before)
            ]
            by_day = await _by_day(connection, tenant, zone, period.shown, now)
            names = currencies_of(_any([ours, others[0], *(sums for _, sums in by_day)]), usual) or [usual]
            money = [_compared(one, ours, *others) for one in names]
            earned = tuple(one.now.money(one.now.revenue) for one in money if one.now.revenue)
            day = replace(day, revenue=earned)  # in the order of the rest
            if now.date() > period.end:
                day = replace(
                    day, oldest_to_decide=None, from_before=replace(day.from_before, waiting=0), late=NONE_LATE
                )
            if period.kind is Kind.DAY:
                day = await _beside_week_before(connection, tenant, zone, day)
            return PeriodReport(
                period,
                reached is None,
                day,
                money,
                [(each, {one: figures_of(sums, one) for one in names}) for each, sums in by_day],
            )

        return await self._database.snapshot(work)


async def _sums(connection: Connection, tenant: str, zone: ZoneInfo, since: datetime, until: datetime) -> Sums:
    return earning(sums_of(await folds.totals(connection, tenant, zone.key, since, until)))


async def _part(connection: Connection, tenant: str, zone: ZoneInfo, of: Period, until: datetime | None) -> Sums:
    """That period, or as much of it as there is of the one that it is compared with."""
    end = midnight(of.end, zone) if until is None else until
    return await _sums(connection, tenant, zone, midnight(of.first, zone), end)


async def _by_day(
    connection: Connection, tenant: str, zone: ZoneInfo, days: Sequence[date], now: datetime
) -> list[tuple[date, Sums]]:
    """Those that are to come are empty."""
    found: list[tuple[date, Sums]] = []
    kept = await daily.kept(connection, tenant, zone.key, days[0], days[-1] + DAY)
    for each in days:
        if each in kept:
            found.append((each, earning(sums_in(kept[each]))))
            continue
        since, until = midnight(each, zone), min(now, midnight(each + DAY, zone))
        found.append((each, await _sums(connection, tenant, zone, since, until) if since < until else {}))
    return found


async def _beside_week_before(connection: Connection, tenant: str, zone: ZoneInfo, day: DayReport) -> DayReport:
    start, end = day.start - WEEK * DAY, day.end - WEEK * DAY
    before = await revenue(connection, tenant, zone.key, start, end)
    return replace(day, revenue_week_before={money.currency: money for money in before})


def _any(several: Sequence[Sums]) -> Sums:
    return {place: 1 for sums in several for place, minor in sums.items() if minor}


def _compared(currency: str, ours: Sums, *others: Mapping[tuple[str, str], int]) -> Compared:
    def kept(sums: Sums) -> Figures | None:
        figures = figures_of(sums, currency)
        return None if figures.empty else figures

    before, year_before = map(kept, others)
    return Compared(figures_of(ours, currency), before, year_before)
