"""An invoice begun anew: after a refusal, in place of one that ended, and once its client gave other details."""

from functools import partial

from bot.access.model import Person
from bot.audit.service import record
from bot.billing import team_cards
from bot.billing.telling import to_operators
from bot.briefs.progress import changed
from bot.invoices.model import MAKE_INVOICE, Invoice, InvoiceState
from bot.kernel.tasks import Task, TaskQueue
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.engine.database import Transaction


async def begin_anew(tx: Transaction, queue: TaskQueue, invoice: Invoice, who: Person) -> Invoice:
    """Have Stripe asked in another attempt, as it goes on sending its refusal to whoever sends the same keys."""
    gone = dict.fromkeys(("error", "stripe_id", "number", "url", "pdf_url", "links_at", "asked_minor", "account"))
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
