"""Figures of growth, for those who read reports."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.finance.model import Part, first_of_month, split
from bot.finance.service import named
from bot.growth.model import AGAIN_AFTER, Growth, Worth, falling_into
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.prices.amounts import read_amount
from bot.prices.settings import PriceSettings
from bot.tenants.service import Tenants
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.finance import folds
from storage.growth import days as kept
from storage.growth import figures, nps

USUAL = 30  # days
_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])", re.ASCII)


class Figures:
    """Who came, who paid, what that cost and brought, and who would recommend the studio."""

    def __init__(self, database: Database, tenants: Tenants, prices: PriceSettings) -> None:
        self._database = database
        self._tenants = tenants
        self._prices = prices

    async def of_days(self, who: Person, days: int) -> Growth:
        """The last days; answers are of the last 90 in any case, since nobody is asked more often. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        return await self._read(who.tenant, days)

    async def keep(self, tenant: str) -> str:
        """Keep what growth is today; a later run of the day takes its place. Returns a line for the job's record."""
        today = await self._today(tenant)
        found = await self._read(tenant, USUAL)
        await self._database.write(lambda tx: kept.keep(tx, tenant, today, found.as_row()))
        return f"new clients in {USUAL} days: {found.leads}, of whom {found.converted} paid"

    async def set_cost(self, who: Person, words: str) -> tuple[date, Money]:
        """Keep what was spent on winning clients in a month: "500", or "500 2026-10"; 0 takes it out again.

        Raises Forbidden, and Refusal for what cannot be read.
        """
        who.require(Permission.KEEP_LEDGER)
        today, month = await self._today(who.tenant), None
        said = words.split()
        if said and (named_month := _MONTH.fullmatch(said[-1])):
            month = date(int(named_month[1]), int(named_month[2]), 1)
            said = said[:-1]
        month = month or first_of_month(today)
        if not said or month > today:
            raise Refusal(_("Write what you spent, and the month if it is not this one: /growth cost 500 2026-10"))
        amount = read_amount(" ".join(said), (await self._tenants.over(self._prices, who.tenant)).currency)

        async def work(tx: Transaction) -> None:
            await kept.set_cost(tx, who.tenant, month, amount)
            subject = f"month:{month:%Y-%m}"
            await record(tx, who.tenant, who, "growth.cost_set", subject, amount=amount.neutral)

        await self._database.write(work)
        return month, amount

    async def _today(self, tenant: str) -> date:
        return self._database.clock.now().astimezone(await self._tenants.zone(tenant)).date()

    async def _read(self, tenant: str, days: int) -> Growth:
        now, zone = self._database.clock.now(), await self._tenants.zone(tenant)
        since, today = now - timedelta(days=days), now.astimezone(zone).date()
        first = today - timedelta(days=days - 1)

        async def work(connection: Connection) -> Growth:
            leads, converted = await figures.came(connection, tenant, since)
            answers = await nps.answers(connection, tenant, now - AGAIN_AFTER)
            brought = await figures.brought(connection, tenant, since)
            spent = falling_into(await kept.costs(connection, tenant, first, today), first, today)
            return Growth(days, leads, converted, answers, brought, spent, await self._worth(connection, tenant, zone))

        return await self._database.snapshot(work)

    async def _worth(self, connection: Connection, tenant: str, zone: ZoneInfo) -> list[Worth]:
        """What clients brought since the first entry: out of the days and months that are added up."""
        first = await folds.first_posted(connection, tenant)
        if first is None:
            return []
        since = folds.midnight(first_of_month(first.astimezone(zone).date()), zone)
        until = self._database.clock.now()
        counts = named(await folds.parts(connection, tenant, zone.key, since, until, Part.CLIENT))
        found = []
        for currency in sorted({currency for _name, _account, currency in counts}):
            of_clients = [one for name, one in split(counts, currency) if name and one.revenue > 0]
            if of_clients:
                total = sum(one.revenue - one.refunds - one.lost for one in of_clients)
                found.append(Worth(len(of_clients), Money(total, currency)))
        return found
