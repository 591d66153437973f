"""Verbs on who a person's invoices go to: asked once, changed at any time, told to the payment provider when needed."""

from functools import partial

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.billing import team_cards
from bot.billing.telling import to_operators
from bot.briefs.progress import changed
from bot.invoices.model import MAKE_INVOICE, Invoice, InvoiceState
from bot.invoices.payer import BillingDetails, Given, KeptDetails
from bot.invoices.ports import Payments
from bot.kernel.tasks import Task, TaskQueue
from storage.billing import details as billing_details
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.engine.database import Database, Transaction
from storage.people import people


class Details:
    """Verbs of the person themselves: nobody sees or changes another's."""

    def __init__(self, database: Database, queue: TaskQueue) -> None:
        self._database = database
        self._queue = queue

    async def of(self, who: Person) -> KeptDetails | None:
        """What the person answered; None where they were never asked."""
        who.require(Permission.SUBMIT_BRIEFS)
        async with self._database.reading() as connection:
            return await billing_details.of_person(connection, who.tenant, who.id)

    async def awaited(self, who: Person) -> list[Invoice]:
        """The person's invoices that wait for other details, since the provider refused those that it was told."""
        async with self._database.reading() as connection:
            return await billing.awaiting_details(connection, who.tenant, who.id)

    async def keep(self, who: Person, details: BillingDetails) -> KeptDetails:
        """Keep them for every invoice from now on, those that wait for it too; what is open stays as it is."""
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
            before = await billing_details.of_person(tx.connection, who.tenant, who.id, lock=True)
            for invoice in await billing.awaiting_details(tx.connection, who.tenant, who.id, lock=True):
                await begin_anew(tx, self._queue, invoice, who)
            if before is not None and (before.given, before.details) == (given, details):
                return before
            version = 1 if before is None else before.version + 1
            await billing_details.keep(tx, who, given, details, version)
            subject = f"person:{who.id}"
            await record(tx, who.tenant, who, f"billing.{given}", subject)
            kept = await billing_details.of_person(tx.connection, who.tenant, who.id)
            assert kept is not None
            return kept

        return await self._database.write(work)


async def described(
    database: Database, payments: Payments, invoice: Invoice, kept: KeptDetails | None, customer: str
) -> BillingDetails:
    """What an invoice says of its payer, once the provider's customer says so too. Raises ProviderError.

    Drafts follow their customer until they are finalised, so a change that comes in between is in them as well.
    """
    tenant, client_id = invoice.tenant, invoice.client_id
    if kept is None:  # started before there was such a question
        async with database.reading() as connection:
            details = BillingDetails((await people.by_id(connection, tenant, client_id)).name)
        await payments.describe(customer, details)
        return details
    if (kept.told_customer, kept.told_version) != (customer, kept.version):
        await payments.describe(customer, kept.details)
        await database.write(lambda tx: billing_details.note_told(tx, tenant, client_id, customer, kept.version))
    return kept.details


async def begin_anew(tx: Transaction, queue: TaskQueue, invoice: Invoice, who: Person) -> Invoice:
    """Have Stripe asked in another attempt, as it goes on sending its refusal to whoever sends the same keys."""
    gone = dict.fromkeys(("error", "stripe_id", "number", "url", "pdf_url", "links_at", "asked_minor", "account"))
    gone |= dict.fromkeys(("void_asked_at", "write_off_asked_at"))
    gone |= {"mode": None, "carried_minor": 0, "shipping_minor": 0, "unsettled": 0, "attempt": invoice.attempt + 1}
    again = await billing.change_invoice(tx, invoice, state=InvoiceState.NEW, **gone)
    subject = f"invoice:{again.id}"
    await record(tx, again.tenant, who, "invoice.retried", subject, instead_of=invoice.stripe_id)
    await to_operators(tx, again, invoice.version, partial(team_cards.asked_again, again, who.name, tx.now))
    if again.brief_id is not None:
        brief = await briefs.get(tx.connection, again.tenant, again.brief_id)
        await changed(tx, brief, "invoice_new")
    await queue.enqueue(tx, Task(MAKE_INVOICE, again.id))
    return again
