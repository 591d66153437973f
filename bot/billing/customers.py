"""Who a client is at the payment provider: made once, and made anew where the id that we keep leads nowhere."""

from datetime import datetime, timedelta
from typing import Any

from bot.access.model import TENANT
from bot.invoices.marks import row_mark
from bot.invoices.model import Customer
from bot.invoices.ports import Attempt, Payments, Place
from bot.kernel.errors import KeyUsed, ProviderError
from storage.billing import customers as rows
from storage.core.installation import installation_code
from storage.engine.database import Database

# Stripe may forget idempotency keys after 24 hours, and what an earlier version asked for had other keys: whatever is
# not asked for as soon as its row is there is looked for first.
AT_ONCE = timedelta(minutes=1)


class Customers:
    """Finds or makes the customer that a client is."""

    def __init__(self, database: Database, payments: Payments) -> None:
        self._database = database
        self._payments = payments

    async def of(self, tenant: str, client_id: int, place: Place) -> Customer:
        """The client's customer, with an id where our key leads."""
        async with self._database.reading() as connection:
            customer = await rows.customer_of(connection, client_id)
        if customer is None:
            customer = await self._database.write(lambda tx: rows.customer_for(tx, tenant, client_id))
        if customer.stripe_id is not None and place.other_than(customer.account, customer.mode):
            customer = await self._forget(customer)
        return customer if customer.stripe_id is not None else await self._make(customer, place)

    async def known(self, customer: Customer, place: Place) -> None:
        """The provider took the customer just now, so that is where it is: rows from before do not say."""
        if (customer.account, customer.mode) != (place.account, place.mode):
            await self._database.write(lambda tx: rows.place_customer(tx, customer, place.account, place.mode))

    async def gone(self, client_id: int) -> None:
        """The provider does not know the id that we keep; the next `of` makes another."""
        async with self._database.reading() as connection:
            customer = await rows.customer_of(connection, client_id)
        if customer is not None and customer.stripe_id is not None:
            await self._forget(customer)

    async def attempt(self, number: int, since: datetime, *, marked: bool, row: str) -> Attempt:
        """Which attempt at a row of this number it is."""
        late = self._database.clock.now() - since > AT_ONCE
        code = await installation_code(self._database, TENANT)  # all tenants are invoiced by one account
        return Attempt(number, since, number > 1 or late, code, unmarked=not marked, row=row)

    async def _forget(self, customer: Customer) -> Customer:
        await self._database.write(lambda tx: rows.forget_customer(tx, customer))
        async with self._database.reading() as connection:
            fresh = await rows.customer_of(connection, customer.person_id)
        assert fresh is not None
        return fresh

    async def _make(self, customer: Customer, place: Place) -> Customer:
        try:
            made = await self._asked(customer)
        except ProviderError as error:
            if error.permanent:
                await self._database.write(lambda tx: rows.customer_refused(tx, customer))
            raise
        return await self._database.write(lambda tx: rows.keep_customer(tx, customer, made, place.account, place.mode))

    async def _asked(self, customer: Customer) -> str:
        marks: Any = {"marked": customer.marked, "row": row_mark(customer.created_at, customer.person_id)}
        attempt = await self.attempt(customer.attempt, customer.created_at, **marks)
        try:
            return await self._payments.customer(customer.person_id, attempt)
        except KeyUsed:
            # An earlier version sent a name with it: whether that made one, looking says.
            await self._database.write(lambda tx: rows.customer_refused(tx, customer))
            attempt = await self.attempt(customer.attempt + 1, customer.created_at, **marks)
            return await self._payments.customer(customer.person_id, attempt)
