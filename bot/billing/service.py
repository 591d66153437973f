"""From delivered work to an invoice. Idempotency keys derive from rows committed before the provider is asked."""

from datetime import datetime, timedelta

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.billing import cards, detail_cards, team_cards
from bot.billing.anew import begin_anew
from bot.billing.customers import Customers
from bot.billing.details import described
from bot.billing.rows import description_of, mark_of_invoice
from bot.billing.settlement import Settlement
from bot.billing.telling import show, to_operators
from bot.billing.webhooks import Webhooks
from bot.briefs.model import Brief, State
from bot.briefs.progress import changed
from bot.flags.model import Flag
from bot.flags.service import Flags
from bot.invoices import books
from bot.invoices.fitting import same_terms
from bot.invoices.model import LOOK_AT_INVOICE, OPEN_INVOICE, Invoice, InvoiceState
from bot.invoices.payer import BillingDetails, KeptDetails
from bot.invoices.ports import CustomerMissing, DetailsRefused, InvoiceOrder, Payments, Place, ThingMissing
from bot.invoices.remote import RemoteInvoice
from bot.kernel.errors import KeyUsed, ProviderError, Refusal, Stale
from bot.kernel.tasks import DEAD_AFTER_SECONDS, RunAgain, Task, TaskQueue
from bot.messages.service import TELEGRAM, notify
from bot.messages.topics import Topic
from storage.billing import details as billing_details
from storage.billing import invoices as billing
from storage.billing import mismatches as billing_mismatches
from storage.briefs import briefs
from storage.core.undelivered import missing_work
from storage.engine.database import Database, Transaction
from storage.people import people

ALONE = timedelta(seconds=DEAD_AFTER_SECONDS / 2)  # what a worker's clock and last sign of life may be off included
TRIES = 3
SWITCH_SECONDS = 300.0  # they are woken when payments are switched on; this is for a wake-up that is lost
ASKABLE = frozenset({InvoiceState.FAILED, InvoiceState.MISSING, InvoiceState.VOID, InvoiceState.DETAILS})
UNDER_WAY = frozenset({InvoiceState.NEW, InvoiceState.UNKNOWN})


class Billing:
    """Verbs on invoices, for the pipeline and for people. `settlement` and `webhooks` follow what becomes of them."""

    def __init__(
        self,
        database: Database,
        queue: TaskQueue,
        payments: Payments,
        invoice_days: int,
        tenant: str,
        flags: Flags,
    ) -> None:
        self._database = database
        self._flags = flags
        self._queue = queue
        self._payments = payments
        self._invoice_days = invoice_days
        self._customers = Customers(database, payments)
        self.settlement = Settlement(database, payments)
        self.webhooks = Webhooks(database, queue, payments, self.settlement, tenant)

    async def open_invoice(self, brief_id: int) -> None:
        """Make the invoice of a brief whose work was shown and show it to the client; nothing where that was done.

        Raises ProviderError; an outcome that is not known is written down as such, and asking again is harmless. What
        Stripe refuses for good waits for a person; a key that it refuses does not: that is no fault of the invoice.
        Raises RunAgain while payments are switched off for the client, who is told that it comes later.
        """
        for last in (False,) * (TRIES - 1) + (True,):
            began = self._database.clock.now()
            async with self._database.reading() as connection:
                brief = await briefs.load(connection, brief_id)
                invoice = await billing.invoice_of(connection, brief_id)
                details = await billing_details.of_person(connection, brief.tenant, brief.client_id)
                missing = await missing_work(connection, brief.tenant, TELEGRAM, brief_id)
            if missing:
                return  # nobody pays for what was not shown; the task comes back once it was
            if brief.state not in {State.DELIVERED, State.INVOICED, State.PAID} or invoice is None:
                return
            if invoice.state not in UNDER_WAY:
                return
            await self._wait_for_switch(brief, invoice)
            if await self._tried(brief, invoice, details, began, last=last):
                return

    async def _wait_for_switch(self, brief: Brief, invoice: Invoice) -> None:
        switch = await self._flags.of(Flag.PAYMENTS, brief.tenant, brief.client_id)
        if switch.lets(brief.tenant, str(brief.client_id)):
            return

        async def work(tx: Transaction) -> None:
            client = await people.by_id(tx.connection, brief.tenant, brief.client_id)
            card = cards.comes_later(brief.id, invoice)
            await notify(tx, client, Topic.INVOICES, card, key=f"invoice:{invoice.id}:later:{switch.version}")

        await self._database.write(work)
        raise RunAgain(SWITCH_SECONDS)

    async def _tried(
        self, brief: Brief, invoice: Invoice, details: KeptDetails | None, began: datetime, *, last: bool
    ) -> bool:
        """Whether that was an end; not so where another attempt may do what this one could not."""
        try:
            place = await self._payments.place()
            remote = await self._payments.invoice(await self._order(brief, invoice, began, place))
        except (CustomerMissing, KeyUsed, ThingMissing) as error:
            if last:
                await self._refused(brief, invoice, str(error))
            else:
                await self._another_attempt(brief, invoice, error)
            return last
        except DetailsRefused as error:
            await self._details_refused(brief, invoice, details, error)
            return True
        except ProviderError as error:
            if error.permanent:
                await self._refused(brief, invoice, str(error))
                return True
            if error.unknown:
                await self._note_unknown(invoice)
            raise
        why = same_terms(invoice.amount, remote)
        if why is not None:
            await self._refused(brief, invoice, f"Stripe has an invoice {remote.id} under our key, but {why}")
            return True
        await self._customers.known(brief.client_id, place)
        await self._database.write(lambda tx: self._opened(tx, brief, invoice, remote, place))
        return True

    async def give_up(self, brief_id: int, why: str) -> None:
        """Have the brief's invoice wait for a person, since making it was tried often enough."""
        async with self._database.reading() as connection:
            brief = await briefs.load(connection, brief_id)
            invoice = await billing.invoice_of(connection, brief_id)
        if invoice is not None:
            await self._refused(brief, invoice, why)

    async def retry(self, who: Person, invoice_id: int, version: int) -> Invoice:
        """Have Stripe asked anew, in another attempt, for an invoice that it refused or no longer has.

        Raises Forbidden, or Stale where somebody was first.
        """
        who.require(Permission.DECIDE)
        await self._still_gone(who, invoice_id)

        async def work(tx: Transaction) -> Invoice:
            invoice = await billing.load_invoice(tx.connection, invoice_id, lock=True)
            if invoice is None or invoice.tenant != who.tenant or invoice.state not in ASKABLE:
                raise Stale("That invoice was asked for again already. /failed shows what still waits.")
            if invoice.version != version:
                raise Stale(f"Invoice {invoice.id} was refused once more since. /failed shows why.")
            if invoice.paid_minor:
                raise Stale(f"{invoice.paid} came in on invoice {invoice.id}. Settle the rest in Stripe's dashboard.")
            return await begin_anew(tx, self._queue, invoice, who)

        return await self._database.write(work)

    async def _still_gone(self, who: Person, invoice_id: int) -> None:
        """Look whether a missing invoice is there after all: the client could pay that one and a new one.

        Raises SwitchedOff where no invoices are made for its client just now.
        """
        async with self._database.reading() as connection:
            invoice = await billing.load_invoice(connection, invoice_id)
        if invoice is None or invoice.tenant != who.tenant:
            return
        then = "The invoice stays as it is. You hear of it here when that is on again; tap once more then."
        what = "Stripe is asked for no invoices just now"
        await self._flags.check(Flag.PAYMENTS, who, what, then, subject=invoice.client_id)
        if invoice.state is not InvoiceState.MISSING:
            return
        try:
            found = await self.settlement.look(invoice_id)
        except (ProviderError, RunAgain):
            raise Refusal(
                f"Stripe does not say just now whether invoice {invoice_id} is there after all, so no other was made. "
                "Tap again in a moment."
            ) from None
        if found:
            raise Stale(f"Stripe knows invoice {invoice_id} after all, so no other was made. Its card shows it.")

    async def note(self, who: Person, mismatch_id: int) -> None:
        """A person took note of what came from Stripe and was not booked. Raises Forbidden, or Stale."""
        who.require(Permission.DECIDE)

        async def work(tx: Transaction) -> None:
            if not await billing_mismatches.note(tx, who.tenant, mismatch_id, who.id):
                raise Stale("Somebody noted that already.")
            subject = f"mismatch:{mismatch_id}"
            await record(tx, who.tenant, who, "mismatch.noted", subject)

        await self._database.write(work)

    async def _another_attempt(self, brief: Brief, invoice: Invoice, error: ProviderError) -> None:
        if isinstance(error, CustomerMissing):
            await self._customers.gone(brief)

        async def work(tx: Transaction) -> None:
            fresh = await _asked_for(tx, invoice)
            if fresh is not None:
                await billing.change_invoice(tx, fresh, attempt=fresh.attempt + 1)
                await record(tx, fresh.tenant, None, "invoice.asked_anew", f"invoice:{fresh.id}", reason=str(error))

        await self._database.write(work)

    async def _refused(self, brief: Brief, invoice: Invoice, why: str) -> None:
        async def work(tx: Transaction) -> None:
            fresh = await _asked_for(tx, invoice)
            if fresh is None:
                return
            failed = await billing.change_invoice(tx, fresh, state=InvoiceState.FAILED, error=why)
            await record(tx, failed.tenant, None, "invoice.failed", f"invoice:{failed.id}", reason=why)
            await to_operators(tx, failed, failed.version, team_cards.refused(failed, brief.title))
            await self._stopped(tx, failed)

        await self._database.write(work)

    async def _details_refused(
        self, brief: Brief, invoice: Invoice, seen: KeptDetails | None, error: DetailsRefused
    ) -> None:
        """Have the client give others. Where they did so meanwhile, those are tried at once."""

        async def work(tx: Transaction) -> None:
            fresh = await _asked_for(tx, invoice)
            if fresh is None:
                return
            now = await billing_details.of_person(tx.connection, brief.tenant, brief.client_id, lock=True)
            if _version(now) != _version(seen):
                await billing.change_invoice(tx, fresh, attempt=fresh.attempt + 1)
                await self._queue.enqueue(tx, Task(OPEN_INVOICE, brief.id))
                return
            waits = await billing.change_invoice(tx, fresh, state=InvoiceState.DETAILS, error=str(error))
            await record(tx, waits.tenant, None, "invoice.details_refused", f"invoice:{waits.id}", reason=str(error))
            await to_operators(tx, waits, waits.version, team_cards.details_refused(waits, brief.title))
            client = await people.by_id(tx.connection, brief.tenant, brief.client_id)
            details = BillingDetails(client.name) if now is None else now.details
            card = detail_cards.refused(brief.id, error.field, details)
            await notify(tx, client, Topic.INVOICES, card, key=f"invoice:{waits.id}:details:{waits.version}")
            await self._stopped(tx, waits)

        await self._database.write(work)

    async def _stopped(self, tx: Transaction, invoice: Invoice) -> None:
        """What is shown of the invoice and of its brief says that it waits for somebody."""
        brief = await briefs.get(tx.connection, invoice.tenant, invoice.brief_id)
        await changed(tx, brief, f"invoice_{invoice.state}")

    async def _order(self, brief: Brief, invoice: Invoice, began: datetime, place: Place) -> InvoiceOrder:
        customer = await self._customers.of(brief, place)
        async with self._database.reading() as connection:
            client = await people.by_id(connection, brief.tenant, brief.client_id)
        payer = await described(self._database, self._payments, client, customer)
        return InvoiceOrder(
            invoice_id=invoice.id,
            brief_id=brief.id,
            customer=customer,
            amount=invoice.amount,
            description=description_of(brief),
            days_until_due=self._invoice_days if payer.email else None,
            tax_id=payer.tax_id,
            attempt=await self._customers.attempt(
                invoice.attempt,
                invoice.created_at,
                marked=invoice.marked,
                row=mark_of_invoice(invoice, brief),
            ),
            alone=lambda: self._database.clock.now() - began < ALONE,
        )

    async def _note_unknown(self, invoice: Invoice) -> None:
        async def work(tx: Transaction) -> None:
            fresh = await _asked_for(tx, invoice)
            if fresh is not None:
                await billing.change_invoice(tx, fresh, state=InvoiceState.UNKNOWN, asked_at=tx.now)

        await self._database.write(work)

    async def _opened(
        self, tx: Transaction, brief: Brief, invoice: Invoice, remote: RemoteInvoice, place: Place
    ) -> None:
        fresh = await _asked_for(tx, invoice)
        if fresh is None:
            return
        opened = await billing.change_invoice(
            tx,
            fresh,
            state=InvoiceState.OPEN,
            stripe_id=remote.id,
            number=remote.number,
            url=remote.url,
            pdf_url=remote.pdf_url,
            due_at=remote.due_at,
            opened_at=tx.now,
            links_at=tx.now,
            account=place.account,
            mode=remote.mode,
            asked_minor=remote.asked,
            carried_minor=remote.sums.carried,
            shipping_minor=remote.sums.shipping,
            marked=1 if remote.installation is not None else 0,
        )
        posted = await billing.posted(tx.connection, opened.tenant, books.reference(opened.id))
        posting = books.brought_up_to_date(opened.id, opened.version, "invoice", remote, posted)
        if posting is not None:
            await billing.post(tx, opened.tenant, posting)
        if brief.state is State.DELIVERED:
            brief = await briefs.move(tx, brief, State.INVOICED)
            await changed(tx, brief, "invoiced", invoice=opened.id, amount=str(opened.amount))
        await show(tx, brief, opened)
        await record(tx, opened.tenant, None, "invoice.opened", f"invoice:{opened.id}", stripe_id=opened.stripe_id)
        if remote.status != "open" or fresh.state is InvoiceState.UNKNOWN:  # a repeated answer may be an old one
            await self._queue.enqueue(tx, Task(LOOK_AT_INVOICE, opened.id))


def _version(details: KeptDetails | None) -> int:
    """Which of their details a person has given; 0 where they were never asked."""
    return 0 if details is None else details.version


async def _asked_for(tx: Transaction, invoice: Invoice) -> Invoice | None:
    """The invoice's row while this attempt at it counts; None once it ended, or another began."""
    fresh = await billing.load_invoice(tx.connection, invoice.id, lock=True)
    if fresh is None or fresh.attempt != invoice.attempt:
        return None
    return fresh if fresh.state in UNDER_WAY else None
