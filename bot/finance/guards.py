"""What is held against caps every hour: what models cost, and Stripe's fees; a day that runs away is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.access.model import Permission, Person
from bot.alerts.raising import clear, raise_
from bot.audit.service import record
from bot.briefs.model import PRODUCE
from bot.finance import guard_cards
from bot.finance.model import Figures, currencies_of, figures_of
from bot.finance.settings import FinanceSettings
from bot.kernel.errors import Stale
from bot.kernel.tasks import Task, TaskQueue
from bot.kernel.text.words import usd
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.models.budget import Ceiling
from bot.models.cards import SETTINGS
from bot.models.settings import ModelSettings
from bot.tenants.service import Tenants
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.finance import folds
from storage.models import budget

DAYS_BEFORE = 14
FEE_DAYS = 30
MICRO = 1_000_000  # of a dollar
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Caps:
    """What is held against what, in millionths of a dollar. today, month: what was used of each ceiling.

    dearest: of the days before. fees: of each currency with more fees than it should have.
    """

    day: date
    today: int
    month: int
    dearest: int
    ceilings: dict[Ceiling, int]
    fees: Sequence[Figures]


class Guards:
    """Verbs on caps. settings, models: the installation's, which tenants may have otherwise."""

    def __init__(
        self, database: Database, queue: TaskQueue, tenants: Tenants, settings: FinanceSettings, models: ModelSettings
    ) -> None:
        self._database = database
        self._queue = queue
        self._tenants = tenants
        self._settings = settings
        self._models = models

    async def look(self, tenant: str) -> str:
        """Tell admins of what nears its cap, each thing once; close a day that runs away. Returns a line for the job.

        A second run for the same hour tells and closes nothing anew.
        """
        caps = await self._read(tenant)

        async def work(tx: Transaction) -> str:
            told = [await self._near(tx, tenant, caps, *one) for one in _used(caps)]
            for figures in caps.fees:
                key = f"fees:{figures.currency}:{caps.day:%Y-%m}"
                card = partial(guard_cards.fees, figures, self._settings.fee_warn_percent)
                await notify_roles(tx, tenant, ADMINS, Topic.COSTS, card, key=key)
            closed = await self._close(tx, tenant, caps)
            near, share = sum(told), len(caps.fees)
            return f"{near} budgets nearly used, {share} currencies with many fees, {'closed' if closed else 'open'}"

        return await self._database.write(work)

    async def _near(self, tx: Transaction, tenant: str, caps: Caps, ceiling: Ceiling, used: int) -> bool:
        limit = caps.ceilings.get(ceiling, 0)
        rule, near = f"budget_{ceiling.value}", limit and used * 100 >= limit * self._settings.cost_warn_percent
        closed = await self.is_closed(tx.connection, tenant, caps.day)
        if closed and near and ceiling is not Ceiling.DAY:  # nothing is spent today, and as much is used as before
            return False
        if closed or not near:
            await clear(tx, rule, tenant=tenant)
            return False
        said = {"used": usd(used), "limit": usd(limit), "setting": SETTINGS[ceiling]}
        await raise_(tx, rule, tenant=tenant, share=used * 100 // limit, **said)
        return True

    async def _close(self, tx: Transaction, tenant: str, caps: Caps) -> bool:
        times = self._settings.cost_stop_times
        runs_away = times and caps.today > max(times * caps.dearest, self._settings.cost_stop_usd * MICRO)
        if not runs_away or not await budget.close(tx, tenant, _scope(caps.day)):
            return False
        await record(tx, tenant, None, "budget.closed", f"budget:{caps.day:%Y%m%d}", used_micro_usd=caps.today)
        card = partial(guard_cards.closed, caps.day, caps.today, caps.dearest)
        await notify_roles(tx, tenant, ADMINS, Topic.COSTS, card, slot=slot_of(caps.day))
        return True

    async def closable(self, tenant: str) -> date | None:
        """Today, where models may be called today; None where its budget is closed."""
        today = self._database.clock.now().astimezone(await self._tenants.zone(tenant)).date()
        async with self._database.reading() as connection:
            return None if await self.is_closed(connection, tenant, today) else today

    @staticmethod
    async def close(tx: Transaction, who: Person, day: date) -> bool:
        """Let no model be called on that day until somebody opens it; False where it is closed. Raises Forbidden."""
        who.require(Permission.OPEN_BUDGETS)
        await budget.lock(tx, who.tenant, [_scope(day)])  # there is a row of it, also where nothing was spent yet
        if not await budget.close(tx, who.tenant, _scope(day), anew=True):
            return False
        await record(tx, who.tenant, who, "budget.closed", f"budget:{day:%Y%m%d}")
        card = partial(guard_cards.closed_by, day, who.name, tx.now)
        await notify_roles(tx, who.tenant, ADMINS, Topic.COSTS, card, slot=slot_of(day))
        return True

    @staticmethod
    async def is_closed(connection: Connection, tenant: str, day: date) -> bool:
        """Whether no model is called on that day."""
        return await budget.is_closed(connection, tenant, _scope(day))

    async def open(self, who: Person, day: date) -> None:
        """Let models be called again on that day; briefs that waited go on. It is not closed again on that day.

        Raises Forbidden; Stale where it is open, or the day is over.
        """
        who.require(Permission.OPEN_BUDGETS)
        zone = await self._tenants.zone(who.tenant)

        async def work(tx: Transaction) -> None:
            if tx.now.astimezone(zone).date() != day or not await budget.open_again(tx, who.tenant, _scope(day)):
                raise Stale(_("That budget is open already, or its day is over."))
            await record(tx, who.tenant, who, "budget.opened", f"budget:{day:%Y%m%d}")
            card = partial(guard_cards.opened, who.name, tx.now)
            await notify_roles(tx, who.tenant, ADMINS, Topic.COSTS, card, slot=slot_of(day))
            await self._queue.enqueue(tx, *[Task(PRODUCE, brief) for brief in await briefs.held(tx.connection)])

        await self._database.write(work)

    async def _read(self, tenant: str) -> Caps:
        zone = await self._tenants.zone(tenant)
        ceilings = (await self._tenants.over(self._models, tenant)).ceilings()
        now = self._database.clock.now()
        today = now.astimezone(zone).date()
        scopes = [f"month:{today:%Y-%m}", *(_scope(today - back * DAY) for back in range(DAYS_BEFORE + 1))]

        async def work(connection: Connection) -> Caps:
            used = await budget.used(connection, tenant, scopes)
            before = [used.get(scope, 0) for scope in scopes[2:]]
            fees = await self._many_fees(connection, tenant, zone, now)
            return Caps(today, used.get(scopes[1], 0), used.get(scopes[0], 0), max(before), ceilings, fees)

        return await self._database.snapshot(work)

    async def _many_fees(self, connection: Connection, tenant: str, zone: ZoneInfo, now: datetime) -> Sequence[Figures]:
        since = folds.midnight(now.astimezone(zone).date() - FEE_DAYS * DAY, zone)
        counts = await folds.totals(connection, tenant, zone.key, since, now)
        sums = {(account, currency): minor for (_, _, account, currency), minor in counts.items()}
        found = [figures_of(sums, currency) for currency in currencies_of(sums, "")]
        most = self._settings.fee_warn_percent
        return [one for one in found if one.revenue > 0 and one.fees * 100 > one.revenue * most]


def _used(caps: Caps) -> Sequence[tuple[Ceiling, int]]:
    return ((Ceiling.DAY, caps.today), (Ceiling.MONTH, caps.month))


def _scope(day: date) -> str:
    return f"day:{day.isoformat()}"


def slot_of(day: date) -> str:
    """The message that says that the day's budget is closed."""
    return f"budget:{day.isoformat()}"
