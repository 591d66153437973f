"""What amounts are worth in US dollars, by the rates that an admin of the installation gave: for limits."""

from datetime import datetime

from bot.access.model import TENANT
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.ledger.rate import DOLLARS, rates_in
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.ledger import rates


class Rates:
    """Rates are facts of the installation, the same for all tenants. written: the setting EXCHANGE_RATES."""

    def __init__(self, database: Database, written: str) -> None:
        self._database = database
        self._written = rates_in(written)

    async def settle(self) -> None:
        """Keep the rates of the setting; those of before stay, for what is of their time."""

        async def work(tx: Transaction) -> None:
            await rates.keep(tx, TENANT, self._written)

        if self._written:
            await self._database.write(work)


async def in_usd(connection: Connection, amount: Money, at: datetime) -> int:
    """The amount in US cents at that time, rounded away from zero.

    Raises Refusal where no rate of that time is known: what is not known is under no limit.
    """
    if amount.currency == DOLLARS:
        return amount.minor
    rate = await rates.newest(connection, TENANT, amount.currency, at.date())
    if rate is None:
        raise Refusal(
            _(
                "There is no exchange rate for {currency}, so {money} cannot be held against a limit in USD. "
                "Whoever runs this bot adds one to EXCHANGE_RATES.",
                currency=amount.currency,
                money=amount,
            )
        )
    if not rate.holds(at.date()):
        raise Refusal(
            _(
                "The exchange rate for {currency} is from {day}, which is too long ago. "
                "Whoever runs this bot adds a newer one to EXCHANGE_RATES.",
                currency=amount.currency,
                day=rate.day.isoformat(),
            )
        )
    return rate.in_cents(amount)
