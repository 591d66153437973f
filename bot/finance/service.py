"""Verbs on what the business earns and what it costs: read out of the ledger, each currency for itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.access.model import Permission, Person
from bot.finance.figures import Months, Receivables, Report, Row, Table, View
from bot.finance.model import (
    ACCOUNTS,
    MONTHS,
    Part,
    Period,
    Sums,
    aged,
    currencies_of,
    figures_of,
    first_of_month,
    months_of,
    split,
    topped,
)
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.ledger.model import Account
from bot.prices.settings import PriceSettings
from bot.tenants.service import Tenants
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.finance import folds, receivables
from storage.finance.counting import Counts

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # before the first entry of any ledger
SHOWN = 7  # types or clients in a picture
IN_FILE = 500  # of a month in a file
FOLDED_AT_ONCE = 2  # days that are added up in one transaction


class Finance:
    """Verbs that read the ledger; months are those of the tenant's time zone. They raise Forbidden."""

    def __init__(self, database: Database, tenants: Tenants, prices: PriceSettings) -> None:
        self._database = database
        self._tenants = tenants
        self._prices = prices

    async def report(self, who: Person, view: View) -> Report:
        """A period's figures, as a whole or by type or client. Raises Refusal for a currency in which nothing moved."""
        who.require(Permission.READ_REPORTS)
        zone, usual = await self._terms(who.tenant)
        now = self._database.clock.now()
        months = months_of(view.period, now.astimezone(zone).date())
        since, until = begin_of(months[0], zone), min(now, end_of(months[-1], zone))

        async def work(connection: Connection) -> Report:
            sums = sums_of(await folds.totals(connection, who.tenant, zone.key, since, until))
            currencies = await self._currencies(connection, who.tenant, zone, sums, usual, now)
            currency = _chosen(view.currency, currencies, usual)
            figures, ends = figures_of(sums, currency), until if view.period is Period.MONTH else None
            found = Report(replace(view, currency=currency), months, figures, currencies, until=ends)
            if view.part is Part.ALL:
                return found
            counts = await folds.parts(connection, who.tenant, zone.key, since, until, view.part)
            parts = topped(currency, split(named(counts), currency), SHOWN)
            return replace(found, parts=parts, names=await _names(connection, who.tenant, view.part, parts))

        return await self._database.snapshot(work)

    async def months(self, who: Person, currency: str = "") -> Months:
        """The last twelve months, each for itself. Raises as `report` does."""
        who.require(Permission.READ_REPORTS)
        zone, usual = await self._terms(who.tenant)
        now = self._database.clock.now()
        wanted = months_of(Period.YEAR, now.astimezone(zone).date())

        async def work(connection: Connection) -> Months:
            by_month = [(month, await self._of_month(connection, who.tenant, zone, month, now)) for month in wanted]
            currencies = currencies_of(_together(sums for _, sums in by_month), usual)
            one = _chosen(currency, currencies, usual)
            return Months(one, [(month, figures_of(sums, one)) for month, sums in by_month], currencies)

        return await self._database.snapshot(work)

    async def receivables(self, who: Person, currency: str = "") -> Receivables:
        """What clients owe, by age. Raises as `report` does."""
        who.require(Permission.READ_REPORTS)
        zone, usual = await self._terms(who.tenant)
        now = self._database.clock.now()

        async def work(connection: Connection) -> Receivables:
            sums = sums_of(await folds.totals(connection, who.tenant, zone.key, LONG_AGO, now))
            standing = {place: minor for place, minor in sums.items() if place[0] == Account.RECEIVABLE}
            owed = await receivables.owed(connection, who.tenant)
            currencies = sorted({of for (_, of), minor in standing.items() if minor} | {o.left.currency for o in owed})
            one = _chosen(currency, sorted(currencies, key=lambda of: (of != usual, of)), usual)
            ours = [each for each in owed if each.left.currency == one]
            left = standing.get((Account.RECEIVABLE.value, one), 0) - sum(each.left.minor for each in ours)
            return Receivables(one, aged(ours, now), Money(left, one), currencies, now)

        return await self._database.snapshot(work)

    async def table(self, who: Person) -> Table:
        """The last twelve months in every currency: as a whole, by type and by client, for a file."""
        who.require(Permission.READ_REPORTS)
        zone, usual = await self._terms(who.tenant)
        now = self._database.clock.now()

        async def work(connection: Connection) -> Table:
            rows: list[Row] = []
            for month in months_of(Period.YEAR, now.astimezone(zone).date()):
                rows += await self._rows(connection, who.tenant, zone, month, now, usual)
            clients = [(row.name, row.figures) for row in rows if row.part is Part.CLIENT]
            return Table(rows, await _names(connection, who.tenant, Part.CLIENT, clients), now)

        return await self._database.snapshot(work)

    async def add_up(self, tenant: str) -> str:
        """Add up the days and months that are over, a few at a time; returns a line for the job's record."""
        zone = (await self._terms(tenant))[0].key
        now = self._database.clock.now()
        due = await self._database.snapshot(lambda connection: folds.due(connection, tenant, zone, now))
        for first in range(0, len(due), FOLDED_AT_ONCE):
            some = due[first : first + FOLDED_AT_ONCE]
            await self._database.write(lambda tx, some=some: folds.fold(tx, tenant, zone, some))  # type: ignore[misc]
        return f"{len(due)} days and months added up"

    async def _rows(
        self, connection: Connection, tenant: str, zone: ZoneInfo, month: date, now: datetime, usual: str
    ) -> list[Row]:
        since, until = begin_of(month, zone), min(now, end_of(month, zone))
        sums = sums_of(await folds.totals(connection, tenant, zone.key, since, until))
        currencies = currencies_of(earning(sums), usual)
        rows = [Row(month, Part.ALL, "", figures_of(sums, currency)) for currency in currencies]
        for part in (Part.TYPE, Part.CLIENT):
            counts = await folds.parts(connection, tenant, zone.key, since, until, part)
            for currency in currencies:
                rows += [Row(month, part, *one) for one in topped(currency, split(named(counts), currency), IN_FILE)]
        return rows

    async def _of_month(self, connection: Connection, tenant: str, zone: ZoneInfo, month: date, now: datetime) -> Sums:
        until = min(now, end_of(month, zone))
        return earning(sums_of(await folds.totals(connection, tenant, zone.key, begin_of(month, zone), until)))

    async def _currencies(
        self, connection: Connection, tenant: str, zone: ZoneInfo, sums: Sums, usual: str, now: datetime
    ) -> list[str]:
        """Those of the last year, so that the buttons to others stay where they are."""
        first = begin_of(first_of_month(now.astimezone(zone).date(), MONTHS - 1), zone)
        year = sums_of(await folds.totals(connection, tenant, zone.key, first, now))
        return currencies_of(_together([earning(year), earning(sums)]), usual)

    async def _terms(self, tenant: str) -> tuple[ZoneInfo, str]:
        """Where the tenant's months begin, and the currency of its prices."""
        prices = await self._tenants.over(self._prices, tenant)
        return await self._tenants.zone(tenant), prices.currency


def begin_of(month: date, zone: ZoneInfo) -> datetime:
    """When the month begins."""
    return folds.midnight(month, zone)


def end_of(month: date, zone: ZoneInfo) -> datetime:
    """When the month ends."""
    return folds.midnight(first_of_month(month, -1), zone)


def sums_of(counts: Counts) -> Sums:
    """The sums of a whole, by account and currency."""
    return {(account, currency): minor for (_, _, account, currency), minor in counts.items()}


def named(counts: Counts) -> dict[tuple[str, str, str], int]:
    """The sums of one part, by name, account and currency."""
    return {(name, account, of): minor for (_, name, account, of), minor in counts.items()}


def earning(sums: Sums) -> Sums:
    """Without what is owed, which is no part of a period's figures."""
    accounts = {account.value for account in ACCOUNTS}
    return {place: minor for place, minor in sums.items() if place[0] in accounts}


def _together(several: Iterable[Sums]) -> Sums:
    """All places where something stands."""
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for sums in several:
        for place, minor in sums.items():
            found[place] += abs(minor)
    return found


def _chosen(currency: str, known: Sequence[str], usual: str) -> str:
    if not currency:
        return next(iter(known), usual)
    if currency not in known and currency != usual:
        raise Refusal(_("Nothing moved in {currency}. /finance shows the currencies in use.", currency=currency[:10]))
    return currency


async def _names(
    connection: Connection, tenant: str, part: Part, parts: Sequence[tuple[str, object]]
) -> Mapping[str, str]:
    ids = {int(name) for name, _ in parts if name.isdecimal()} if part is Part.CLIENT else set()
    found = await briefs.client_names(connection, tenant, ids) if ids else {}
    return {str(number): name for number, name in found.items()}
