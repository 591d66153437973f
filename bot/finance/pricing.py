"""What is left of each type of work, and the price that it needs: proposed by a job, adopted by an admin."""

from collections.abc import Mapping, Sequence
from functools import partial

from bot.access.model import Permission, Person, Role
from bot.audit.service import record
from bot.config.types import in_names
from bot.decisions.model import Facts
from bot.decisions.proposing import decided
from bot.finance import pricing_cards
from bot.finance.model import Part, Period, months_of, split
from bot.finance.proposals import Past, TypePrice, proposal
from bot.finance.service import begin_of, end_of, named
from bot.finance.settings import FinanceSettings
from bot.invoices.charges import check_price
from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.ledger.rates import in_usd
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.prices.settings import PriceSettings
from bot.tenants.service import Tenants
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.finance import folds
from storage.people import people, tenants


class Pricing:
    """Verbs on prices and what they leave, by the ledger of the last whole month of the tenant's time zone."""

    def __init__(
        self, database: Database, of_tenants: Tenants, prices: PriceSettings, settings: FinanceSettings
    ) -> None:
        self._database = database
        self._tenants = of_tenants
        self._prices = prices
        self._settings = settings

    async def review(self, who: Person) -> Sequence[TypePrice]:
        """Each type's price, what it left, and what is proposed. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        return await self._reviewed(who.tenant)

    async def proposed(self, who: Person, task_type: TaskType, price_minor: int) -> TypePrice:
        """The proposal that is to be adopted. Raises Forbidden; Stale where another one is right by now."""
        who.require(Permission.SET_PRICES)
        one = next(one for one in await self._reviewed(who.tenant) if one.task_type is task_type)
        if one.proposed is None or one.proposed.minor != price_minor:
            raise Stale(_("That price is no longer proposed. /pricing shows what is."))
        return one

    async def adopt(self, who: Person, task_type: TaskType, price_minor: int) -> TypePrice:
        """Quote new briefs of the type at the proposed price; what is quoted already keeps its own.

        Raises as `proposed` does; Refusal for a price that cannot be charged.
        """
        one = await self.proposed(who, task_type, price_minor)
        assert one.proposed is not None
        check_price(one.proposed)
        name, usual = in_names(task_type), str(getattr(self._prices, f"price_{in_names(task_type)}"))
        adopted = str(one.proposed.decimal)

        async def work(tx: Transaction) -> None:
            present = Money.parse(await tenants.price(tx, who.tenant, name) or usual, one.price.currency)
            if present != one.price:
                raise Stale(_("The price of {type} was changed meanwhile. /pricing shows it.", type=task_type.words))
            await tenants.set_price(tx, who.tenant, name, adopted)
            subject = f"price:{task_type}"
            said = {"before": one.price.neutral, "after": Money(price_minor, one.price.currency).neutral}
            await record(tx, who.tenant, who, "price.adopted", subject, audited=f"{subject}:{adopted}", **said)
            await decided(tx, who, "price", _facts(one), adopted=True)

        await self._database.write(work)
        return one

    async def tell(self, tenant: str) -> str:
        """Show each proposal to the admins, once; returns a line for the job's record."""
        found = await self._reviewed(tenant)
        proposed = [one for one in found if one.proposed is not None]

        async def work(tx: Transaction) -> None:
            for admin in await people.with_roles(tx.connection, tenant, Role.ADMIN):
                for one in proposed:
                    assert one.proposed is not None
                    key = f"price:{one.task_type}:{one.price.minor}:{one.proposed.minor}:{admin.telegram_id}"
                    await notify(tx, admin, Topic.COSTS, partial(pricing_cards.proposal, one, may=True), key=key)

        if proposed:
            await self._database.write(work)
        unknown = sum(one.past is None for one in found)
        return f"{len(found)} types looked at, {len(proposed)} prices proposed, {unknown} without an exchange rate"

    async def _reviewed(self, tenant: str) -> Sequence[TypePrice]:
        prices = await self._tenants.over(self._prices, tenant)
        zone = await self._tenants.zone(tenant)
        (month,) = months_of(Period.BEFORE, self._database.clock.now().astimezone(zone).date())
        since, until = begin_of(month, zone), end_of(month, zone)

        async def work(connection: Connection) -> Sequence[TypePrice]:
            sums = named(await folds.parts(connection, tenant, zone.key, since, until, Part.TYPE))
            found = []
            for task_type in TaskType:
                price = prices.price_of(task_type)
                found.append(await self._one(connection, task_type, price, sums))
            return found

        return await self._database.snapshot(work)

    async def _one(
        self, connection: Connection, task_type: TaskType, price: Money, sums: Mapping[tuple[str, str, str], int]
    ) -> TypePrice:
        try:
            past = await self._past(connection, task_type, sums)
            price_usd = await in_usd(connection, price, self._database.clock.now())
        except Refusal:  # without a rate two currencies cannot be held against each other
            return TypePrice(task_type, price, None)
        if task_type is TaskType.TRANSCRIPTION:  # most of it is paid by the minute
            return TypePrice(task_type, price, past)
        return proposal(task_type, price, past, price_usd, self._settings.margin_target_percent)

    async def _past(
        self, connection: Connection, task_type: TaskType, sums: Mapping[tuple[str, str, str], int]
    ) -> Past:
        revenue = models = others = 0
        now = self._database.clock.now()
        for currency in sorted({place[2] for place in sums}):
            figures = dict(split(sums, currency)).get(task_type.value)
            if figures is not None:
                models += await in_usd(connection, figures.money(figures.models), now)
                revenue += await in_usd(connection, figures.money(figures.revenue), now)
                others += await in_usd(connection, figures.money(figures.costs - figures.models), now)
        return Past(revenue, models, others)


def _facts(one: TypePrice) -> Facts:
    """What the decision log says of the proposal."""
    assert one.proposed is not None
    past, would = (round(100 * (of.share or 0)) if of is not None else 0 for of in (one.past, one.would))
    said: dict[str, str | int] = {"type": one.task_type.value, "margin_share": past, "would_share": would}
    money = {"present_money": one.price, "new_money": one.proposed}
    return said | {name: f"{amount.minor} {amount.currency}" for name, amount in money.items()}
