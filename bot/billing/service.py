"""Verbs on invoices: begun, asked for anew, and what came from the provider noted."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.billing.details import begin_anew
from bot.billing.making import Making
from bot.billing.settlement import Settlement
from bot.billing.telling import about, show
from bot.billing.voiding import Voiding
from bot.billing.webhooks import Webhooks
from bot.briefs.model import Brief
from bot.briefs.owed import ask_to_void
from bot.flags.model import Flag
from bot.flags.service import Flags
from bot.invoices.charges import check_price
from bot.invoices.model import (
    AS_USUAL,
    MAKE_INVOICE,
    WRITE_OFF_INVOICE,
    Invoice,
    InvoiceLine,
    InvoiceState,
    Returned,
    Terms,
    total_of,
)
from bot.invoices.ports import Payments
from bot.invoices.tax import UsualTerms
from bot.kernel.errors import ProviderError, Refusal, Stale
from bot.kernel.tasks import RunAgain, Task, TaskQueue
from bot.kernel.translation import gettext as _
from bot.referrals.crediting import set_aside, take_off, taken
from storage.billing import invoices as billing
from storage.billing import mismatches as billing_mismatches
from storage.briefs import briefs
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.refunds import refunds

ASKABLE = frozenset({InvoiceState.FAILED, InvoiceState.MISSING, InvoiceState.VOID, InvoiceState.DETAILS})


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice with its lines, what it is for, its client's name, and what of its money went back."""

    invoice: Invoice
    lines: Sequence[InvoiceLine]
    title: str
    client: str
    returned: Returned | None = None


class Billing:
    """Verbs on invoices, for the pipeline and for people. `making` and `voiding` carry them out at the provider;
    `settlement` and `webhooks` follow what becomes of them.
    """

    def __init__(
        self,
        database: Database,
        queue: TaskQueue,
        payments: Payments,
        terms: UsualTerms,
        tenant: str,
        flags: Flags,
    ) -> None:
        self._database = database
        self._flags = flags
        self._queue = queue
        self.making = Making(database, queue, payments, terms, flags)
        self.settlement = Settlement(database, payments)
        self.voiding = Voiding(database, payments, self.settlement)
        self.webhooks = Webhooks(database, queue, payments, self.settlement, tenant)

    async def begin(
        self,
        tx: Transaction,
        tenant: str,
        subject: str,
        client_id: int,
        lines: Sequence[InvoiceLine],
        terms: Terms = AS_USUAL,
    ) -> Invoice:
        """The one invoice for a thing, to be made and shown to the client; what was begun before stays as it is.

        Raises Refusal for an amount that cannot be charged.
        """
        check_price(total_of(lines))
        lines, parts = await take_off(tx, tenant, client_id, lines)
        invoice, made = await billing.begin(tx, tenant, subject, client_id, lines, terms, taken(parts))
        if made:
            await set_aside(tx, invoice, parts)
            await self._queue.enqueue(tx, Task(MAKE_INVOICE, invoice.id, run_at=terms.grace_until))
        return invoice

    async def open_invoice(self, brief_id: int) -> None:
        """See `Making.make`, of a brief's invoice, by the brief's number."""
        brief, invoice = await self._of_brief(brief_id)
        if invoice is not None:
            await self.making.make_as_read(invoice, brief)

    async def give_up_on_brief(self, brief_id: int, why: str) -> None:
        """See `Making.give_up`, of a brief's invoice, by the brief's number."""
        _brief, invoice = await self._of_brief(brief_id)
        if invoice is not None:
            await self.making.give_up(invoice.id, why)

    async def _of_brief(self, brief_id: int) -> tuple[Brief, Invoice | None]:
        async with self._database.reading() as connection:
            brief = await briefs.load(connection, brief_id)
            return brief, await billing.invoice_of(connection, brief.tenant, brief_id)

    async def retry(self, who: Person, invoice_id: int, version: int) -> Invoice:
        """Have Stripe asked anew, in another attempt, for an invoice that it refused or no longer has.

        Raises Forbidden, or Stale where somebody was first.
        """
        who.require(Permission.DECIDE)
        await self._still_gone(who, invoice_id)

        async def work(tx: Transaction) -> Invoice:
            invoice = await billing.load_invoice(tx.connection, invoice_id, lock=True)
            if invoice is None or invoice.tenant != who.tenant or invoice.state not in ASKABLE:
                raise Stale(_("That invoice was requested again already. /failed shows what still waits."))
            if invoice.version != version:
                raise Stale(_("Invoice {number} was refused again. /failed shows why.", number=invoice.id))
            if invoice.paid_minor:
                words = _(
                    "{money} came in on invoice {number}. Settle the rest in Stripe's dashboard.",
                    money=invoice.paid,
                    number=invoice.id,
                )
                raise Stale(words)
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
        then = _("The invoice stays as it is. You are told here when that is on again; tap again then.")
        what = _("No invoices are made at Stripe right now")
        await self._flags.check(Flag.PAYMENTS, who, what, then, subject=invoice.client_id)
        if invoice.state is not InvoiceState.MISSING:
            return
        try:
            found = await self.settlement.look(invoice_id)
        except (ProviderError, RunAgain):
            raise Refusal(
                _(
                    "Stripe cannot say right now whether it has invoice {number}, so no new one was made. Tap "
                    "again in a moment.",
                    number=invoice_id,
                )
            ) from None
        if found:
            words = _(
                "Stripe has invoice {number} after all, so no new one was made. Its card shows it.", number=invoice_id
            )
            raise Stale(words)

    async def one(self, who: Person, invoice_id: int) -> InvoiceView:
        """An invoice of the tenant, of the person's own for those who do not see all.

        Raises Forbidden; Refusal where there is none of that number.
        """
        everybody = who.may(Permission.SEE_ALL)
        if not everybody:
            who.require(Permission.SEE_OWN)
        async with self._database.reading() as connection:
            invoice = await billing.load_invoice(connection, invoice_id)
            mine = invoice is not None and invoice.client_id == who.id and invoice.grace_until is None
            if invoice is None or invoice.tenant != who.tenant or not (everybody or mine):
                raise Refusal(_("There is no invoice {number}. /invoices lists them.", number=invoice_id))
            client = await people.by_id(connection, who.tenant, invoice.client_id)
            what = await about(connection, invoice)
            lines = await billing.lines_of(connection, invoice)
            back = (await refunds.returned(connection, who.tenant, [invoice])).get(invoice.id)
            return InvoiceView(invoice, lines, what.title, client.name, back)

    async def void(self, who: Person, invoice_id: int, version: int) -> Invoice:
        """Have an invoice that waits for money voided at Stripe; its client is told at once not to pay it.

        Raises Forbidden; Stale where it changed since, or cannot be voided.
        """

        async def work(tx: Transaction) -> Invoice:
            invoice = await self._to_end(tx, who, invoice_id, version)
            asked = await ask_to_void(tx, self._queue, invoice, who)
            what = await about(tx.connection, asked)
            await show(tx, asked, what)
            return asked

        return await self._database.write(work)

    async def write_off(self, who: Person, invoice_id: int, version: int) -> Invoice:
        """Have an open invoice marked as uncollectible at Stripe: it is lost in the books, and can still be paid.

        Raises Forbidden; Stale where it changed since, or cannot be written off.
        """

        async def work(tx: Transaction) -> Invoice:
            invoice = await self._to_end(tx, who, invoice_id, version)
            if not invoice.can_be_written_off:
                raise Stale(_("Invoice {number} changed since and cannot be written off.", number=invoice.id))
            asked = await billing.change_invoice(tx, invoice, write_off_asked_at=tx.now)
            await record(tx, asked.tenant, who, "invoice.write_off_asked", f"invoice:{asked.id}")
            await self._queue.enqueue(tx, Task(WRITE_OFF_INVOICE, asked.id))
            return asked

        return await self._database.write(work)

    async def _to_end(self, tx: Transaction, who: Person, invoice_id: int, version: int) -> Invoice:
        """The invoice, locked, as the person saw it."""
        who.require(Permission.MAKE_INVOICES)
        invoice = await billing.load_invoice(tx.connection, invoice_id, lock=True)
        if invoice is None or invoice.tenant != who.tenant or invoice.version != version:
            words = _("Invoice {number} has changed. Look at it again: {command}", number=invoice_id,
                      command=f"/invoice_{invoice_id}")  # fmt: skip
            raise Stale(words)
        return invoice

    async def note(self, who: Person, mismatch_id: int) -> None:
        """A person took note of what came from Stripe to be looked at. Raises Forbidden, or Stale."""
        who.require(Permission.DECIDE)

        async def work(tx: Transaction) -> None:
            if not await billing_mismatches.note(tx, who.tenant, mismatch_id, who.id):
                raise Stale(_("Somebody noted that already."))
            subject = f"mismatch:{mismatch_id}"
            await record(tx, who.tenant, who, "mismatch.noted", subject)

        await self._database.write(work)
