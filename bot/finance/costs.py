"""What yesterday cost: models by client, type and model, and Stripe's fees; told to admins."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.access.model import Permission, Person, Role
from bot.charts.service import Charts
from bot.finance import cost_cards
from bot.finance.figures import DayCosts
from bot.kernel.card import Card
from bot.kernel.money import Money
from bot.kernel.translation import reading_as
from bot.ledger.model import Account
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.tenants.service import Tenants
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.finance import counting, folds
from storage.models import budget
from storage.people import people

DAY = timedelta(days=1)
SHOWN = 5  # of models, types and clients each


class Costs:
    """Verbs on a day's costs. A day is one of the tenant's time zone."""

    def __init__(self, database: Database, tenants: Tenants, charts: Charts) -> None:
        self._database = database
        self._tenants = tenants
        self._charts = charts

    async def look(self, who: Person, day: date | None) -> DayCosts:
        """What a day cost, by default today so far. Raises Forbidden."""
        today = await self.today(who)
        return await self.of_day(who.tenant, today if day is None else min(day, today))

    async def today(self, who: Person) -> date:
        """Which day it is where the business is. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        return self._database.clock.now().astimezone(await self._tenants.zone(who.tenant)).date()

    async def of_day(self, tenant: str, day: date) -> DayCosts:
        """What that day cost."""
        zone = await self._tenants.zone(tenant)
        since, until = folds.midnight(day, zone), folds.midnight(day + DAY, zone)
        return await self._database.snapshot(lambda connection: _read(connection, tenant, zone.key, day, since, until))

    async def tell(self, tenant: str, due: datetime) -> str:
        """Tell each admin once what the day cost before the one on which that was due, whenever it happens.

        Returns a line for the job's record.
        """
        there = due.astimezone(await self._tenants.zone(tenant))
        costs = await self.of_day(tenant, there.date() - DAY)
        if costs.nothing:
            return "nothing was spent"
        async with self._database.reading() as connection:
            admins = await people.with_roles(connection, tenant, Role.ADMIN)
        shown = [(admin, await self._card(admin, costs)) for admin in admins]

        async def work(tx: Transaction) -> None:
            for admin, card in shown:
                key = f"costs:{costs.day.isoformat()}:{admin.telegram_id}"
                await notify(tx, admin, Topic.COSTS, partial(replace, card), key=key)

        await self._database.write(work)
        return f"{costs.micro_usd / 1_000_000:.2f} USD for models; told {len(shown)} admins"

    async def _card(self, admin: Person, costs: DayCosts) -> Card:
        with reading_as(admin.reader):
            return await self._charts.above(cost_cards.day(costs), cost_cards.picture(costs), "costs")


async def _read(
    connection: Connection, tenant: str, zone: str, day: date, since: datetime, until: datetime
) -> DayCosts:
    by_model = await budget.by_model(connection, tenant, since, until)
    types: Counter[str] = Counter()
    clients: Counter[str] = Counter()
    for whose, micro_usd in await counting.spent(connection, tenant, since, until):
        types[whose.task_type] += micro_usd
        clients[whose.client] += micro_usd
    dearest = _dearest(clients)
    ids = {int(name) for name, _ in dearest if name}
    names = await briefs.client_names(connection, tenant, ids) if ids else {}
    ledger = await folds.totals(connection, tenant, zone, since, until)
    fees = {of: minor for (_, _, account, of), minor in ledger.items() if account == Account.STRIPE_FEES}
    return DayCosts(
        day=day,
        micro_usd=sum(micro_usd for _, micro_usd, _ in by_model),
        calls=sum(count for _, _, count in by_model),
        models=_dearest(Counter({model: micro_usd for model, micro_usd, _ in by_model})),
        types=_dearest(types),
        clients=dearest,
        names={str(number): name for number, name in names.items()},
        fees=[Money(fees[currency], currency) for currency in sorted(fees)],
    )


def _dearest(costs: Counter[str]) -> Sequence[tuple[str, int]]:
    return [one for one in costs.most_common(SHOWN) if one[1]]
