"""From delivered work to money received. Idempotency keys derive from rows committed before Stripe is asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.access.model import Permission, Person, Role
from bot.billing import cards
from bot.billing.model import OPEN_INVOICE, Customer, Invoice, InvoiceState, invoice_opened, invoice_paid
from bot.billing.ports import Attempt, InvoiceOrder, PaymentEvent, Payments, RemoteInvoice, Settlement
from bot.briefs.journal import changed, tell, tell_client
from bot.briefs.model import Brief, State
from bot.kernel.card import Card
from bot.kernel.errors import ProviderError, Stale
from bot.kernel.money import Money
from bot.kernel.tasks import DEAD_AFTER_SECONDS, Crew, Kind, RunAgain, Task, TaskQueue
from bot.mirror.service import MirrorLog
from storage import billing, briefs, inbox, journal, people
from storage.database import Database, Transaction

SOURCE = "stripe"
STRIPE_EVENT = Kind("stripe_event", Crew.ERRANDS)
ALONE = timedelta(seconds=DEAD_AFTER_SECONDS / 2)  # what a worker's clock and last sign of life may be off included
KEYS_LAST = timedelta(hours=23)  # Stripe may forget idempotency keys after 24 hours
SETTLING = frozenset({"invoice.paid", "invoice.payment_succeeded"})


class Billing:
    """Verbs on invoices, for the pipeline and for Stripe's webhooks."""

    def __init__(
        self, database: Database, queue: TaskQueue, payments: Payments, mirror: MirrorLog, invoice_days: int
    ) -> None:
        self._database = database
        self._queue = queue
        self._payments = payments
        self._mirror = mirror
        self._invoice_days = invoice_days

    async def open_invoice(self, brief_id: int) -> None:
        """Make the invoice of a delivered brief and show it to the client; nothing where that was done.

        Raises ProviderError; an outcome that is not known is written down as such, and asking again is harmless. What
        Stripe refuses for good waits for a person.
        """
        began = self._database.clock.now()
        async with self._database.reading() as connection:
            brief = await briefs.load(connection, brief_id)
            invoice = await billing.invoice_of(connection, brief_id)
        if brief.state is not State.DELIVERED or invoice is None or invoice.state is InvoiceState.FAILED:
            return
        try:
            remote = await self._make(brief, invoice, began)
        except ProviderError as error:
            if error.permanent:
                await self._refused(brief, invoice, str(error))
                return
            if error.unknown:
                await self._note_unknown(invoice)
            raise
        await self._database.write(lambda tx: self._opened(tx, brief, invoice, remote))

    async def retry(self, who: Person, invoice_id: int, version: int) -> Invoice:
        """Have Stripe asked anew, in another attempt, for an invoice that it refused.

        Raises Forbidden, or Stale where somebody was first.
        """
        who.require(Permission.DECIDE)

        async def work(tx: Transaction) -> Invoice:
            invoice = await billing.load_invoice(tx.connection, invoice_id, lock=True)
            if invoice is None or invoice.tenant != who.tenant or invoice.state is not InvoiceState.FAILED:
                raise Stale("That invoice was asked for again already. /failed shows what still waits.")
            if invoice.version != version:
                raise Stale(f"Invoice {invoice.id} was refused once more since. /failed shows why.")
            attempt = invoice.attempt + 1  # Stripe goes on sending its refusal to whoever sends the same keys
            again = await billing.change_invoice(tx, invoice, state=InvoiceState.NEW, error=None, attempt=attempt)
            subject = f"invoice:{again.id}"
            await journal.add_event(tx, again.tenant, subject, "retried", who.id)
            await journal.add_audit(tx, again.tenant, "invoice.retried", subject, "done", person_id=who.id)
            await self._to_operators(tx, again, version, cards.asked_again(again, who.name, tx.now))
            await self._queue.enqueue(tx, Task(OPEN_INVOICE, again.brief_id))
            return again

        return await self._database.write(work)

    async def _refused(self, brief: Brief, invoice: Invoice, why: str) -> None:
        async def work(tx: Transaction) -> None:
            fresh = await _asked_for(tx, invoice)
            if fresh is None:
                return
            failed = await billing.change_invoice(tx, fresh, state=InvoiceState.FAILED, error=why)
            await journal.add_event(tx, failed.tenant, f"invoice:{failed.id}", "failed", reason=why)
            await self._to_operators(tx, failed, failed.version, cards.refused(failed, brief.title))
            await self._mirror.invoice(tx, failed)

        await self._database.write(work)

    async def _to_operators(self, tx: Transaction, invoice: Invoice, version: int, card: Card) -> None:
        """Show a refusal, or what became of it: one message for each, known by the invoice's version then."""
        for person in await people.with_roles(tx.connection, invoice.tenant, Role.OPERATOR, Role.ADMIN):
            slot = f"invoice:{invoice.id}:failed:{version}:{person.telegram_id}"
            await tell(tx, invoice.tenant, person.telegram_id, card, slot=slot)

    async def _make(self, brief: Brief, invoice: Invoice, began: datetime) -> RemoteInvoice:
        order = InvoiceOrder(
            invoice_id=invoice.id,
            brief_id=brief.id,
            customer=await self._customer(brief),
            amount=invoice.amount,
            description=f"{brief.task_type.value}: {brief.title}",
            days_until_due=self._invoice_days,
            attempt=self._attempt(invoice.attempt, invoice.created_at),
            alone=lambda: self._database.clock.now() - began < ALONE,
        )
        return await self._payments.invoice(order)

    async def _customer(self, brief: Brief) -> str:
        async with self._database.reading() as connection:
            customer = await billing.customer_of(connection, brief.client_id)
            client = await people.by_id(connection, brief.tenant, brief.client_id)
        if customer is None:
            customer = await self._database.write(lambda tx: billing.customer_for(tx, brief.tenant, client.id))
        if customer.stripe_id is not None:
            return customer.stripe_id
        return await self._make_customer(client, customer)

    async def _make_customer(self, client: Person, customer: Customer) -> str:
        attempt = self._attempt(customer.attempt, customer.created_at)
        try:
            made = await self._payments.customer(client.id, client.name, client.email, attempt)
        except ProviderError as error:
            if error.permanent:
                await self._database.write(lambda tx: billing.customer_refused(tx, customer))
            raise
        return await self._database.write(lambda tx: billing.keep_customer(tx, customer, made))

    def _attempt(self, number: int, since: datetime) -> Attempt:
        forgotten = self._database.clock.now() - since > KEYS_LAST
        return Attempt(number, since, look_first=number > 1 or forgotten)

    async def _note_unknown(self, invoice: Invoice) -> None:
        async def work(tx: Transaction) -> None:
            fresh = await _asked_for(tx, invoice)
            if fresh is not None:
                await billing.change_invoice(tx, fresh, state=InvoiceState.UNKNOWN, asked_at=tx.now)

        await self._database.write(work)

    async def _opened(self, tx: Transaction, brief: Brief, invoice: Invoice, remote: RemoteInvoice) -> None:
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
            opened_at=tx.now,
        )
        await billing.post(tx, opened.tenant, invoice_opened(opened.id, opened.amount))
        invoiced = await briefs.move(tx, brief, State.INVOICED)
        await changed(tx, invoiced, "invoiced", invoice=opened.id, amount=str(opened.amount))
        await self._show(tx, invoiced, opened)
        await self._mirror.brief(tx, invoiced)
        await self._mirror.invoice(tx, opened)

    async def receive(self, tx: Transaction, events: Sequence[PaymentEvent]) -> None:
        """Keep webhooks, each once, and have those dealt with that mean something to us. Call before answering 200."""
        acted_on = [_arrival(event) for event in events if event.type in SETTLING]
        ids = await inbox.store(tx, acted_on)
        await self._queue.enqueue(tx, *(Task(STRIPE_EVENT, arrival_id) for arrival_id in ids))
        others = [_arrival(event, f"{event.type} is not acted on") for event in events if event.type not in SETTLING]
        await inbox.store(tx, others)

    async def apply_event(self, arrival_id: int) -> None:
        """Deal with a kept webhook. It is only the occasion: what counts is what Stripe says when asked now.

        Raises RunAgain where the webhook overtook our own knowledge of the invoice.
        """
        async with self._database.reading() as connection:
            arrival = await inbox.get(connection, arrival_id)
        if arrival is None:
            return
        kind, thing = arrival.payload["type"], arrival.payload["object"]
        if kind not in SETTLING:
            await self._database.write(lambda tx: inbox.mark_processed(tx, [arrival_id], f"{kind} is not acted on"))
            return
        remote = await self._payments.read_invoice(thing["id"])
        try:
            await self._database.write(lambda tx: self._settle(tx, arrival_id, remote))
        except Stale:
            raise RunAgain(0.2) from None  # another of the invoice's events was settled at the same moment

    async def _settle(self, tx: Transaction, arrival_id: int, remote: RemoteInvoice) -> None:
        invoice = None if remote.invoice_id is None else await billing.load_invoice(tx.connection, remote.invoice_id)
        if invoice is None:
            await inbox.mark_processed(tx, [arrival_id], "not an invoice of ours")
            return
        if invoice.state in {InvoiceState.NEW, InvoiceState.UNKNOWN}:
            raise RunAgain(1.0)
        if invoice.state is InvoiceState.OPEN and remote.status == "paid":
            await self._paid(tx, invoice, remote.paid_at or tx.now, remote.settlement)
        await inbox.mark_processed(tx, [arrival_id])

    async def _paid(self, tx: Transaction, invoice: Invoice, at: datetime, settlement: Settlement | None) -> None:
        settlement = settlement or Settlement(invoice.amount, Money(0, invoice.amount.currency))
        paid = await billing.change_invoice(tx, invoice, state=InvoiceState.PAID, paid_at=at)
        await billing.post(tx, paid.tenant, invoice_paid(paid.id, paid.amount, settlement.gross, settlement.fee))
        await journal.add_event(tx, paid.tenant, f"invoice:{paid.id}", "paid", fee=str(settlement.fee))
        brief = await briefs.get(tx.connection, paid.tenant, paid.brief_id)
        if brief.state is State.INVOICED:
            brief = await briefs.move(tx, brief, State.PAID)
            await changed(tx, brief, "paid", invoice=paid.id, amount=str(paid.amount))
            await self._mirror.brief(tx, brief)
        await self._show(tx, brief, paid)
        await tell_client(tx, brief, cards.receipt(paid, brief.title), key=f"invoice:{paid.id}:receipt")
        await self._mirror.invoice(tx, paid)

    async def _show(self, tx: Transaction, brief: Brief, invoice: Invoice) -> None:
        card = cards.invoice_card(invoice, brief.title, self._invoice_days)
        await tell_client(tx, brief, card, slot=f"invoice:{invoice.id}:card")


async def _asked_for(tx: Transaction, invoice: Invoice) -> Invoice | None:
    """The invoice's row while this attempt at it counts; None once it ended, or another began."""
    fresh = await billing.load_invoice(tx.connection, invoice.id, lock=True)
    if fresh is None or fresh.attempt != invoice.attempt:
        return None
    return fresh if fresh.state in {InvoiceState.NEW, InvoiceState.UNKNOWN} else None


def _arrival(event: PaymentEvent, kept_only: str | None = None) -> inbox.Arrival:
    return inbox.Arrival(SOURCE, event.id, {"type": event.type, "object": event.object}, kept_only=kept_only)
