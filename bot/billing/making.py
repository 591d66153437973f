"""An invoice made at the payment provider, once. Idempotency keys derive from rows committed before it is asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.audit.service import record
from bot.billing import cards, team_cards
from bot.billing.customers import Customers
from bot.billing.details import described
from bot.billing.telling import About, about, show, to_operators
from bot.briefs.model import Brief, State
from bot.briefs.progress import changed, show_progress
from bot.flags.model import Flag
from bot.flags.service import Flags
from bot.invoices import payer_cards as detail_cards
from bot.invoices.fitting import same_terms
from bot.invoices.marks import mark_of_invoice
from bot.invoices.model import LOOK_AT_INVOICE, MAKE_INVOICE, Customer, Invoice, InvoiceLine, InvoiceState
from bot.invoices.payer import BillingDetails, KeptDetails
from bot.invoices.ports import CustomerMissing, DetailsRefused, InvoiceOrder, Payments, Place, ThingMissing
from bot.invoices.remote import RemoteInvoice, TakenOver
from bot.invoices.tax import UsualTerms
from bot.kernel.errors import KeyUsed, ProviderError
from bot.kernel.tasks import DEAD_AFTER_SECONDS, RunAgain, Task, TaskQueue
from bot.messages.service import TELEGRAM, notify
from bot.messages.topics import Topic
from storage.alerts.undelivered import missing_work
from storage.billing import details as billing_details
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people

ALONE = timedelta(seconds=DEAD_AFTER_SECONDS / 2)  # what a worker's clock and last sign of life may be off included
TRIES = 3
SWITCH_SECONDS = 300.0  # they are woken when payments are switched on; this is for a wake-up that is lost
UNDER_WAY = frozenset({InvoiceState.NEW, InvoiceState.UNKNOWN})
BILLABLE = frozenset({State.DELIVERED, State.INVOICED, State.PAID})


class Making:
    """Makes invoices that are begun, from whatever state the last try left them in."""

    def __init__(
        self, database: Database, queue: TaskQueue, payments: Payments, terms: UsualTerms, flags: Flags
    ) -> None:
        self._database = database
        self._flags = flags
        self._terms = terms
        self._queue = queue
        self._payments = payments
        self._customers = Customers(database, payments)

    async def make(self, invoice_id: int) -> None:
        """Make the invoice and show it to the client; nothing where that was done, or before a brief's work was shown.

        Raises ProviderError; an outcome that is not known is written down as such, and asking again is harmless. What
        Stripe refuses for good waits for a person; a key that it refuses does not: that is no fault of the invoice.
        Raises RunAgain while it can be taken back, and while payments are switched off for the client, who is told that
        it comes later.
        """
        async with self._database.reading() as connection:
            invoice = await billing.load_invoice(connection, invoice_id)
            brief = None
            if invoice is not None and invoice.brief_id is not None:
                brief = await briefs.get(connection, invoice.tenant, invoice.brief_id)
        if invoice is not None and invoice.grace_until is not None:
            invoice = await self._grace_over(invoice)
        if invoice is not None:
            await self.make_as_read(invoice, brief)

    async def make_as_read(self, invoice: Invoice, brief: Brief | None) -> None:
        """See `make`, of an invoice that was read just now, with the brief that it is for."""
        for last in (False,) * (TRIES - 1) + (True,):
            began = self._database.clock.now()
            async with self._database.reading() as connection:
                if invoice.state not in UNDER_WAY or not await _may_be_asked_for(connection, brief):
                    return
                lines = await billing.lines_of(connection, invoice)
                details = await billing_details.of_person(connection, invoice.tenant, invoice.client_id)
            await self._wait_for_switch(invoice)
            if await self._tried(invoice, lines, details, began, last=last):
                return
            async with self._database.reading() as connection:
                fresh = await billing.load_invoice(connection, invoice.id)
            if fresh is None:
                return
            invoice = fresh

    async def _grace_over(self, invoice: Invoice) -> Invoice | None:
        """From now on nobody can take it back; None where somebody did. Raises RunAgain before its time."""
        if invoice.grace_until is None or invoice.state not in UNDER_WAY:
            return None
        left = (invoice.grace_until - self._database.clock.now()).total_seconds()
        if left > 0:
            raise RunAgain(left)

        async def work(tx: Transaction) -> Invoice | None:
            fresh = await _asked_for(tx, invoice)
            if fresh is None or fresh.grace_until is None:
                return fresh
            return await billing.change_invoice(tx, fresh, grace_until=None)

        return await self._database.write(work)

    async def _wait_for_switch(self, invoice: Invoice) -> None:
        switch = await self._flags.of(Flag.PAYMENTS, invoice.tenant, invoice.client_id)
        if switch.lets(invoice.tenant, str(invoice.client_id)):
            return

        async def work(tx: Transaction) -> None:
            client = await people.by_id(tx.connection, invoice.tenant, invoice.client_id)
            card = partial(cards.comes_later, invoice)
            await notify(tx, client, Topic.INVOICES, card, key=f"invoice:{invoice.id}:later:{switch.version}")

        await self._database.write(work)
        raise RunAgain(SWITCH_SECONDS)

    async def _tried(
        self,
        invoice: Invoice,
        lines: Sequence[InvoiceLine],
        details: KeptDetails | None,
        began: datetime,
        *,
        last: bool,
    ) -> bool:
        """Whether that was an end; not so where another attempt may do what this one could not."""
        try:
            place = await self._payments.place()
            customer = await self._customers.of(invoice.tenant, invoice.client_id, place)
            remote = await self._payments.invoice(await self._order(invoice, lines, details, began, customer))
        except (CustomerMissing, KeyUsed, ThingMissing) as error:
            if last:
                await self._refused(invoice, str(error))
            else:
                await self._another_attempt(invoice, error)
            return last
        except DetailsRefused as error:
            await self._details_refused(invoice, details, error)
            return True
        except ProviderError as error:
            if error.permanent:
                await self._refused(invoice, str(error))
                return True
            if error.unknown:
                await self._note_unknown(invoice)
            raise
        why = same_terms(invoice.amount, remote)
        if why is not None:
            await self._refused(invoice, f"Stripe has an invoice {remote.id} under our key, but {why}")
            return True
        await self._customers.known(customer, place)
        await self._database.write(lambda tx: self._opened(tx, invoice, remote, place))
        return True

    async def give_up(self, invoice_id: int, why: str) -> None:
        """Have the invoice wait for a person, since making it was tried often enough."""
        async with self._database.reading() as connection:
            invoice = await billing.load_invoice(connection, invoice_id)
        if invoice is not None:
            await self._refused(invoice, why)

    async def _another_attempt(self, invoice: Invoice, error: ProviderError) -> None:
        if isinstance(error, CustomerMissing):
            await self._customers.gone(invoice.client_id)

        async def work(tx: Transaction) -> None:
            fresh = await _asked_for(tx, invoice)
            if fresh is not None:
                await billing.change_invoice(tx, fresh, attempt=fresh.attempt + 1)
                await record(tx, fresh.tenant, None, "invoice.asked_anew", f"invoice:{fresh.id}", reason=str(error))

        await self._database.write(work)

    async def _refused(self, invoice: Invoice, why: str) -> None:
        async def work(tx: Transaction) -> None:
            fresh = await _asked_for(tx, invoice)
            if fresh is None:
                return
            failed = await billing.change_invoice(tx, fresh, state=InvoiceState.FAILED, error=why)
            await record(tx, failed.tenant, None, "invoice.failed", f"invoice:{failed.id}", reason=why)
            what = await about(tx.connection, failed)
            await to_operators(tx, failed, failed.version, partial(team_cards.refused, failed, what.title))
            await _stopped(tx, failed, what)

        await self._database.write(work)

    async def _details_refused(self, invoice: Invoice, seen: KeptDetails | None, error: DetailsRefused) -> None:
        """Have the client give others. Where they did so meanwhile, those are tried at once."""

        async def work(tx: Transaction) -> None:
            fresh = await _asked_for(tx, invoice)
            if fresh is None:
                return
            now = await billing_details.of_person(tx.connection, invoice.tenant, invoice.client_id, lock=True)
            if _version(now) != _version(seen):
                await billing.change_invoice(tx, fresh, attempt=fresh.attempt + 1)
                await self._queue.enqueue(tx, Task(MAKE_INVOICE, invoice.id))
                return
            waits = await billing.change_invoice(tx, fresh, state=InvoiceState.DETAILS, error=str(error))
            await record(tx, waits.tenant, None, "invoice.details_refused", f"invoice:{waits.id}", reason=str(error))
            what = await about(tx.connection, waits)
            await to_operators(tx, waits, waits.version, partial(team_cards.details_refused, waits, what.title))
            client = await people.by_id(tx.connection, waits.tenant, waits.client_id)
            details = BillingDetails(client.name) if now is None else now.details
            card = partial(detail_cards.refused, waits, error.field, details)
            await notify(tx, client, Topic.INVOICES, card, key=f"invoice:{waits.id}:details:{waits.version}")
            await _stopped(tx, waits, what)

        await self._database.write(work)

    async def _order(
        self,
        invoice: Invoice,
        lines: Sequence[InvoiceLine],
        details: KeptDetails | None,
        began: datetime,
        customer: Customer,
    ) -> InvoiceOrder:
        assert customer.stripe_id is not None
        payer = await described(self._database, self._payments, invoice, details, customer.stripe_id)
        return InvoiceOrder(
            invoice_id=invoice.id,
            subject=invoice.subject,
            customer=customer.stripe_id,
            lines=tuple(lines),
            days_until_due=self._days(invoice) if payer.email else None,
            tax_id=payer.tax_id,
            tax_rate=self._terms.tax_rates.of(payer.country),
            attempt=await self._customers.attempt(
                invoice.attempt,
                invoice.created_at,
                marked=invoice.marked,
                row=mark_of_invoice(invoice, lines),
            ),
            alone=lambda: self._database.clock.now() - began < ALONE,
        )

    def _days(self, invoice: Invoice) -> int:
        return self._terms.due_days if invoice.due_days is None else invoice.due_days

    async def _note_unknown(self, invoice: Invoice) -> None:
        async def work(tx: Transaction) -> None:
            fresh = await _asked_for(tx, invoice)
            if fresh is not None:
                await billing.change_invoice(tx, fresh, state=InvoiceState.UNKNOWN, asked_at=tx.now)

        await self._database.write(work)

    async def _opened(self, tx: Transaction, invoice: Invoice, remote: RemoteInvoice, place: Place) -> None:
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
        what = await about(tx.connection, opened)
        if what.brief is not None and what.brief.state is State.DELIVERED:
            brief = await briefs.move(tx, what.brief, State.INVOICED)
            await changed(tx, brief, "invoiced", show=False, invoice=opened.id, amount=opened.amount.neutral)
            await show_progress(tx, brief, opened)
        await show(tx, opened, what)
        taken, subject = TakenOver(opened, remote, "invoice"), f"invoice:{opened.id}"
        await record(tx, opened.tenant, None, "invoice.opened", subject, thing=taken, stripe_id=opened.stripe_id)
        if remote.status != "open" or fresh.state is InvoiceState.UNKNOWN:  # a repeated answer may be an old one
            await self._queue.enqueue(tx, Task(LOOK_AT_INVOICE, opened.id))


async def _may_be_asked_for(connection: Connection, brief: Brief | None) -> bool:
    """Nobody pays for work that was not shown; the task comes back once it was."""
    if brief is None:
        return True
    return brief.state in BILLABLE and not await missing_work(connection, brief.tenant, TELEGRAM, brief.id)


async def _stopped(tx: Transaction, invoice: Invoice, what: About) -> None:
    """What is shown of its brief, where it has one, says that the invoice waits for somebody."""
    if what.brief is not None:
        await changed(tx, what.brief, f"invoice_{invoice.state}")


def _version(details: KeptDetails | None) -> int:
    """Which of their details a person has given; 0 where they were never asked."""
    return 0 if details is None else details.version


async def _asked_for(tx: Transaction, invoice: Invoice) -> Invoice | None:
    """The invoice's row while this attempt at it counts; None once it ended, or another began."""
    fresh = await billing.load_invoice(tx.connection, invoice.id, lock=True)
    if fresh is None or fresh.attempt != invoice.attempt:
        return None
    return fresh if fresh.state in UNDER_WAY else None
