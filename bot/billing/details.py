"""Verbs on who a person's invoices go to: asked once, changed at any time, told to the payment provider when needed."""

from bot.access.model import Permission, Person
from bot.billing.payer import BillingDetails, Given, KeptDetails
from bot.billing.ports import Payments
from storage import billing_details, journal
from storage.database import Database, Transaction


class Details:
    """Verbs of the person themselves: nobody sees or changes another's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, who: Person) -> KeptDetails | None:
        """What the person answered; None where they were never asked."""
        who.require(Permission.SUBMIT_BRIEFS)
        async with self._database.reading() as connection:
            return await billing_details.of_person(connection, who.id)

    async def keep(self, who: Person, details: BillingDetails) -> KeptDetails:
        """Keep them for every invoice from now on; those that are open stay as they are."""
        return await self._answer(who, Given.DETAILS, details)

    async def skip(self, who: Person) -> KeptDetails:
        """Remember that the person wants none on their invoices."""
        return await self._answer(who, Given.SKIPPED, BillingDetails(who.name))

    async def remove(self, who: Person) -> KeptDetails:
        """Forget them, here now, and at the provider before the next invoice is made."""
        return await self._answer(who, Given.REMOVED, BillingDetails(who.name))

    async def _answer(self, who: Person, given: Given, details: BillingDetails) -> KeptDetails:
        who.require(Permission.SUBMIT_BRIEFS)

        async def work(tx: Transaction) -> KeptDetails:
            before = await billing_details.of_person(tx.connection, who.id, lock=True)
            if before is not None and (before.given, before.details) == (given, details):
                return before
            version = 1 if before is None else before.version + 1
            await billing_details.keep(tx, who, given, details, version)
            subject = f"person:{who.id}"
            await journal.add_event(tx, who.tenant, subject, f"billing_{given}", who.id)
            await journal.add_audit(tx, who.tenant, f"billing.{given}", subject, "done", person_id=who.id)
            kept = await billing_details.of_person(tx.connection, who.id)
            assert kept is not None
            return kept

        return await self._database.write(work)


async def described(database: Database, payments: Payments, client: Person, customer: str) -> BillingDetails:
    """What an invoice of the client says of its payer, once the provider's customer says so too. Raises ProviderError.

    Drafts follow their customer until they are finalised, so a change that comes in between is in them as well.
    """
    async with database.reading() as connection:
        kept = await billing_details.of_person(connection, client.id)
    if kept is None:  # started before there was such a question
        details = BillingDetails(client.name)
        await payments.describe(customer, details)
        return details
    if (kept.told_customer, kept.told_version) != (customer, kept.version):
        await payments.describe(customer, kept.details)
        await database.write(lambda tx: billing_details.note_told(tx, client.id, customer, kept.version))
    return kept.details
