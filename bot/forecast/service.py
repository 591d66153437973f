"""Verbs on what is to be expected: of revenue in each currency, and of briefs."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.access.model import Permission, Person, Role
from bot.analytics.model import STARTED, sums_in
from bot.finance.model import EARNED, Part, currencies_of, figures_of, split
from bot.finance.service import named
from bot.forecast.figures import AroundDay, Outlook, Without
from bot.forecast.model import (
    FEWEST,
    LOAD,
    MOST,
    PARTS,
    Made,
    Told,
    forecast,
    seasonal_naive,
    thinned,
    usual_difference,
)
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.prices.settings import PriceSettings
from bot.tenants.service import Tenants
from storage.analytics import daily
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.finance import folds
from storage.forecast import made, values
from storage.people import people

DAY = timedelta(days=1)
COUNTED_AGAIN = 35  # days whose books may still have been corrected since
AT_ONCE = 15  # days that are read in one view, and written in one transaction
SHOWN = 30  # days before today
SCORED = 30  # days by which its own error is told
SHARE_DAYS = 90  # by which a client's part is told
Days = Mapping[date, Mapping[str, int]]


class Forecasts:
    """Verbs on forecasts. A day is one of the tenant's time zone. They raise Forbidden."""

    def __init__(self, database: Database, tenants: Tenants, prices: PriceSettings) -> None:
        self._database, self._tenants, self._prices = database, tenants, prices

    async def make(self, tenant: str) -> str:
        """Read what the days had that are over, score what was told of them, and tell the next; returns a line for the
        job's record.
        """
        zone = await self._tenants.zone(tenant)
        today = self._database.clock.now().astimezone(zone).date()
        counted = await self._count(tenant, zone, today)
        made_of = []
        for series in [LOAD, *await self._currencies(tenant, zone, today)]:
            days = await self._history(tenant, series, today)
            if len(days) < FEWEST:
                continue
            told = await asyncio.to_thread(_made, series, today, days)
            await self._database.write(lambda tx, told=told: made.put(tx, tenant, told))  # type: ignore[misc]
            made_of.append(series)
        return f"{counted} days counted; forecasts of {', '.join(made_of) or 'nothing: not enough history'}"

    async def _count(self, tenant: str, zone: ZoneInfo, today: date) -> int:
        """Read each day that is over and not read yet, and the newest again."""
        async with self._database.reading() as connection:
            first = max(await _first_day(connection, tenant, zone, today), today - MOST * DAY)
            known = await values.since(connection, tenant, LOAD, first)
        again = today - COUNTED_AGAIN * DAY
        days = [first + past * DAY for past in range((today - first).days)]
        wanted = [day for day in days if day not in known or day >= again]
        currencies = await self._currencies(tenant, zone, today)
        for begin in range(0, len(wanted), AT_ONCE):
            read = await self._read(tenant, zone, wanted[begin : begin + AT_ONCE], currencies)
            await self._database.write(lambda tx, read=read: values.put(tx, tenant, read))  # type: ignore[misc]
        return len(wanted)

    async def _read(self, tenant: str, zone: ZoneInfo, days: Sequence[date], currencies: Sequence[str]) -> Days:
        async def work(connection: Connection) -> Days:
            kept = await daily.kept(connection, tenant, zone.key, min(days), max(days) + DAY)
            found = {}
            for day in days:
                counts = kept[day] if day in kept else await daily.of_day(connection, tenant, zone.key, day)
                sums = sums_in(counts)
                revenue = {currency: figures_of(sums, currency).revenue for currency in currencies}
                found[day] = revenue | {LOAD: PARTS * counts.get(STARTED, 0)}
            return found

        return await self._database.snapshot(work)

    async def _currencies(self, tenant: str, zone: ZoneInfo, today: date) -> list[str]:
        """Those in which there was revenue within the time that is looked back, that of the prices first."""
        prices = await self._tenants.over(self._prices, tenant)
        since = folds.midnight((today - MOST * DAY).replace(day=1), zone)  # of whole months, which are added up
        until = self._database.clock.now()

        async def work(connection: Connection) -> list[str]:
            counts = await folds.totals(connection, tenant, zone.key, since, until)
            earned = {account.value for account in EARNED}
            sums = {(account, of): minor for (_part, _name, account, of), minor in counts.items() if account in earned}
            return currencies_of(sums, prices.currency)

        return await self._database.snapshot(work)

    async def _history(self, tenant: str, series: str, today: date) -> list[int]:
        """What each day up to yesterday had, from the first that had anything."""
        async with self._database.reading() as connection:
            rows = await values.since(connection, tenant, series, today - MOST * DAY)
        first = min((day for day, value in rows.items() if value), default=today)
        return [rows.get(first + past * DAY, 0) for past in range((today - first).days)]

    async def around(self, tenant: str, day: date) -> AroundDay:
        """What is told of the day and of the one before, of today or earlier."""
        zone = await self._tenants.zone(tenant)
        prices = await self._tenants.over(self._prices, tenant)
        today = self._database.clock.now().astimezone(zone).date()
        series = next(iter(await self._currencies(tenant, zone, today)), prices.currency)
        wanted = ((series, day - DAY), (series, day), (LOAD, day))
        async with self._database.reading() as connection:
            found = [await made.of_day(connection, tenant, name, of) for name, of in wanted]
        before, of_day, load = (None if one is None else one.expected for one in found)
        return AroundDay(series, before, of_day, load, await self._known(tenant, zone, series, today))

    async def _known(self, tenant: str, zone: ZoneInfo, series: str, today: date) -> int:
        """How many days of history there are; before the first count, since the first entry or brief."""
        history = await self._history(tenant, series, today)
        async with self._database.reading() as connection:
            if history or await values.since(connection, tenant, LOAD, today - COUNTED_AGAIN * DAY):
                return len(history)
            return (today - await _first_day(connection, tenant, zone, today)).days

    async def look(self, who: Person, series: str = "", client_id: int = 0) -> Outlook:
        """What is told of a series: of a currency, of LOAD, or of the first currency. client_id: as if that client had
        left. Raises Refusal for a currency without revenue, and for who is no client.
        """
        who.require(Permission.READ_REPORTS)
        zone = await self._tenants.zone(who.tenant)
        today = self._database.clock.now().astimezone(zone).date()
        currencies = await self._currencies(who.tenant, zone, today)
        prices = await self._tenants.over(self._prices, who.tenant)
        chosen = series or next(iter(currencies), prices.currency)
        if chosen not in {LOAD, prices.currency, *currencies}:
            raise Refusal(_("There was no revenue in {currency}. /forecast shows the series.", currency=chosen[:10]))
        history = await self._history(who.tenant, chosen, today)
        async with self._database.reading() as connection:
            told = await made.newest(connection, who.tenant, chosen)
            error = await made.past_error(connection, who.tenant, chosen, today - SCORED * DAY)
            counted = await values.since(connection, who.tenant, LOAD, today - COUNTED_AGAIN * DAY)
            first = await _first_day(connection, who.tenant, zone, today)
        if told is not None:
            ahead = [one for one in told.days if one.day >= today]
            told = replace(told, days=ahead) if ahead else None
        known = len(history) if counted else (today - first).days
        past = [(today - (len(history) - place) * DAY, value) for place, value in enumerate(history)][-SHOWN:]
        found = Outlook(chosen, today, told, known, past, error, currencies)
        return found if not client_id else await self._without(who, found, client_id, zone)

    async def _without(self, who: Person, of: Outlook, client_id: int, zone: ZoneInfo) -> Outlook:
        since, until = folds.midnight(of.today - SHARE_DAYS * DAY, zone), folds.midnight(of.today, zone)

        async def work(connection: Connection) -> Without:
            client = await people.find(connection, who.tenant, client_id)
            if client is None or client.role is not Role.CLIENT:
                raise Refusal(_("There is no client {number}. /clients lists them.", number=client_id))
            if of.series == LOAD:
                days = await values.since(connection, who.tenant, LOAD, of.today - SHARE_DAYS * DAY)
                theirs = PARTS * await values.of_client(connection, who.tenant, client_id, since)
                return Without(client, _share(theirs, sum(days.values())))
            counts = await folds.parts(connection, who.tenant, zone.key, since, until, Part.CLIENT)
            revenue = {name: figures.revenue for name, figures in split(named(counts), of.series)}
            return Without(client, _share(revenue.get(str(client_id), 0), sum(revenue.values())))

        without = await self._database.snapshot(work)
        return replace(of, made=of.made and thinned(of.made, 1 - without.share), without=without)

    async def called(self, who: Person, words: str) -> Person:
        """The client of that name or number. Raises Refusal where there is none, or are several."""
        who.require(Permission.READ_REPORTS)
        said = words.strip().removeprefix("/client_")
        async with self._database.reading() as connection:
            found = await people.clients_called(connection, who.tenant, said)
            if not found and said.isascii() and said.isdigit() and len(said) < 16:
                numbered = await people.find(connection, who.tenant, int(said))
                found = [numbered] if numbered is not None and numbered.role is Role.CLIENT else []
        if not found:
            name = said[:60]
            raise Refusal(_("There is no client “{name}”. Write a name or a number; /clients lists them.", name=name))
        if len(found) > 1:
            example = f"/forecast without {found[0].id}"
            raise Refusal(
                _("Several clients are called {name}. Write a number: {example}", name=said[:60], example=example)
            )
        return found[0]


async def _first_day(connection: Connection, tenant: str, zone: ZoneInfo, today: date) -> date:
    """On which its first entry or brief was; today where there is none."""
    begins = [await folds.first_posted(connection, tenant), await values.first_accepted(connection, tenant)]
    return min((at.astimezone(zone).date() for at in begins if at is not None), default=today)


def _share(part: int, whole: int) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0


def _made(series: str, today: date, days: Sequence[int]) -> Made:
    told = forecast(days)
    naive = seasonal_naive(days, len(told.days))
    each = [Told(today + step * DAY, one, round(naive[step])) for step, one in enumerate(told.days)]
    return Made(series, today, each, told.total, len(days), max(1, round(usual_difference(days))))
