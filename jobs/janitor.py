"""The job `janitor`: finds what stands still although nothing should keep it, and carries it on."""

from datetime import timedelta

from bot.briefs.model import PRODUCE, UNDER_WAY
from bot.invoices.model import OPEN_INVOICE, InvoiceState
from bot.kernel.tasks import Task
from bot.services import Services
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.core import outbox
from storage.engine.database import Transaction
from storage.queue import failed_tasks

STILL = timedelta(minutes=5)
LATE = timedelta(minutes=10)


async def run(services: Services) -> str:
    """Enqueue the task of every brief that has not moved for five minutes, and of every invoice to ask Stripe about.

    Enqueueing a task that is there already changes nothing, and a task whose work is done passes on.
    """
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        stalled = await briefs.untouched_since(connection, UNDER_WAY, now - STILL)
        asked = await billing.in_states(connection, {InvoiceState.UNKNOWN, InvoiceState.NEW}, now - STILL)
        given_up = {kind: await failed_tasks.subjects(connection, kind) for kind in (PRODUCE, OPEN_INVOICE)}
        late = await outbox.waiting_since(connection, now - LATE)
    abandoned = await services.spend.settle_abandoned()
    unknown = [invoice.brief_id for invoice in asked if invoice.state is InvoiceState.UNKNOWN]
    carried = [Task(PRODUCE, brief_id) for brief_id in stalled]
    carried += [Task(OPEN_INVOICE, invoice.brief_id) for invoice in asked]
    carried = [task for task in carried if task.subject not in given_up[task.kind]]

    async def work(tx: Transaction) -> None:
        await services.queue.enqueue(tx, *carried)

    if carried:
        await services.database.write(work)
    return (
        f"carried on {len(carried)} briefs, asked about {len(unknown)} unknown invoices, "
        f"{abandoned} calls of models left unrecorded, {late} messages are late"
    )
