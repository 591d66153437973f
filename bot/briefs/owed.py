"""What is owed where a brief ends undelivered: nothing for itself, but a revision leaves an invoice behind."""

from bot.access.model import Person
from bot.audit.service import record
from bot.briefs.model import Brief, State
from bot.briefs.standing import INVOICED
from bot.invoices.model import PAYABLE, VOID_INVOICE, Invoice, InvoiceState
from bot.kernel.errors import Stale
from bot.kernel.tasks import Task, TaskQueue
from bot.kernel.translation import gettext as _
from storage.billing import invoices as billing
from storage.engine.connection import Connection
from storage.engine.database import Transaction


async def invoice_behind(connection: Connection, brief: Brief) -> Invoice | None:
    """The invoice that what is said of the brief's money is about: its own once it is delivered; of a free revision
    that of the brief that it revises.
    """
    if brief.state in INVOICED:
        return await billing.invoice_of(connection, brief.tenant, brief.id)
    if brief.free_revision and brief.revision_of is not None:
        return await billing.invoice_of(connection, brief.tenant, brief.revision_of)
    return None


async def to_decide_on(connection: Connection, brief: Brief) -> Invoice | None:
    """The invoice of which somebody has to say what becomes of it when they reject the brief; None where there is none
    that can be voided.
    """
    invoice = await invoice_behind(connection, brief)
    return invoice if invoice is not None and invoice.voidable else None


async def ask_to_void(tx: Transaction, queue: TaskQueue, invoice: Invoice, who: Person) -> Invoice:
    """Have the invoice voided at the payment provider. Raises Stale where it no longer can be."""
    fresh = await billing.load_invoice(tx.connection, invoice.id, lock=True)
    if fresh is None or not fresh.voidable:
        raise Stale(_("Invoice {number} changed since and cannot be voided.", number=invoice.id))
    asked = await billing.change_invoice(tx, fresh, void_asked_at=tx.now)
    await record(tx, asked.tenant, who, "invoice.void_asked", f"invoice:{asked.id}")
    await queue.enqueue(tx, Task(VOID_INVOICE, asked.id))
    return asked


def charged(brief: Brief, invoice: Invoice | None) -> str:
    """What the client has to pay for a brief that ends undelivered, without amounts: a group may read it.

    invoice: what `invoice_behind` found.
    """
    if not brief.free_revision:
        if brief.state is State.FAILED:  # it may go on
            return _("Nothing is charged before it is delivered.")
        return _("Nothing is charged.")
    if invoice is None:
        return _("The revision costs nothing.")
    if invoice.voiding:
        return _("The invoice for brief {brief} is being voided. Please do not pay it.", brief=brief.revision_of)
    if invoice.state is InvoiceState.VOID:
        return _("Nothing is charged: the invoice for brief {brief} is void.", brief=brief.revision_of)
    if invoice.state is InvoiceState.PAID:
        return _("The revision costs nothing; what you paid for brief {brief} stays paid.", brief=brief.revision_of)
    if invoice.state in PAYABLE:
        return _(
            "The revision costs nothing; the invoice for brief {brief} stays open: /invoices", brief=brief.revision_of
        )
    return _("The revision costs nothing; the invoice for brief {brief} is still to come.", brief=brief.revision_of)
