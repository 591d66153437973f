"""Reports: figures read from the rows, never estimated."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.access.model import Permission, Person
from bot.analytics.model import BY_CHECK, BY_PEOPLE, MICRO_USD
from bot.briefs.model import OPEN_STATES
from bot.finance.model import currencies_of, figures_of
from bot.finance.service import sums_of
from bot.kernel.money import Money
from bot.ledger.model import Account
from bot.reports.model import NOT_MONEY, DayReport, Outcomes
from bot.tenants.service import Tenants
from storage.analytics import daily
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.finance import folds
from storage.reports import accounts, figures

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class Reports:
    """Verbs on a day so far, which is one of the tenant's time zone."""

    def __init__(self, database: Database, tenants: Tenants) -> None:
        self._database = database
        self._tenants = tenants

    async def today(self, who: Person) -> DayReport:
        """The day so far. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        now = await self._now(who.tenant)
        return await self.day(who.tenant, _midnight(now), now)

    async def _now(self, tenant: str) -> datetime:
        return self._database.clock.now().astimezone(await self._tenants.zone(tenant))

    async def day(self, tenant: str, start: datetime, end: datetime) -> DayReport:
        """The figures of a day, or of its part up to `end`."""
        now = self._database.clock.now()
        zone = (await self._tenants.zone(tenant)).key

        async def work(connection: Connection) -> DayReport:
            found = await of_time(connection, tenant, zone, start, end, now)
            before = await revenue(connection, tenant, zone, start - WEEK, end - WEEK)
            return replace(found, revenue_week_before={money.currency: money for money in before})

        return await self._database.snapshot(work)


async def of_time(
    connection: Connection, tenant: str, zone: str, start: datetime, end: datetime, now: datetime
) -> DayReport:
    """The figures of any time, with nothing to compare them with."""
    waiting, since = await figures.in_review(connection, tenant)
    paid = await figures.posted(connection, tenant, NOT_MONEY, ["payment"], start, end)
    back = await figures.posted(connection, tenant, [Account.REFUNDS], ["refund"], start, end)
    counts = await daily.of_time(connection, tenant, zone, start, end)
    return DayReport(
        start=start,
        end=end,
        handed_in=Outcomes.of(await accounts.handed_in(connection, tenant, start, end)),
        from_before=await _from_before(connection, tenant, start, end, now),
        to_decide=waiting,
        oldest_to_decide=None if since is None else now - since,
        revenue=await revenue(connection, tenant, zone, start, end),
        revenue_week_before={},
        paid=_credits(paid),
        sent_back=tuple(back[currency] for currency in sorted(back)),
        model_cost_micro_usd=counts.get(MICRO_USD, 0),
        quality=await figures.mean_score(connection, tenant, start, end),
        auto_approved=counts.get(BY_CHECK, 0),
        human_approved=counts.get(BY_PEOPLE, 0),
        stars=await accounts.stars(connection, tenant, start, end),
        late=await accounts.late_invoices(connection, tenant, now),
        now=now,
    )


async def revenue(connection: Connection, tenant: str, zone: str, start: datetime, end: datetime) -> tuple[Money, ...]:
    """What was earned then by the ledger, as /finance has it, by currency."""
    sums = sums_of(await folds.totals(connection, tenant, zone, start, end))
    earned = (figures_of(sums, currency) for currency in currencies_of(sums, ""))
    return tuple(one.money(one.revenue) for one in earned if one.revenue)


async def _from_before(connection: Connection, tenant: str, start: datetime, end: datetime, now: datetime) -> Outcomes:
    """What became of briefs that were handed in before the day; what is open and no newer still waits."""
    ended = Outcomes.of(await accounts.ended(connection, tenant, start, end))
    open_now = await briefs.count_by_state(connection, tenant, OPEN_STATES)
    newer = Outcomes.of(await accounts.handed_in(connection, tenant, start, now))
    return replace(ended, waiting=Outcomes.of(open_now).waiting - newer.waiting)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _credits(sums: dict[str, Money]) -> tuple[Money, ...]:
    """Credits as positive amounts, by currency."""
    return tuple(-sums[currency] for currency in sorted(sums))
