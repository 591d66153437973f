"""The tasks of a worker: which handler carries which kind of work on."""

from collections.abc import Mapping

from bot.billing.webhooks import STRIPE_EVENT
from bot.briefs.model import PRODUCE
from bot.drafting.judging import PROBE
from bot.experiments.service import DUEL_PAIR
from bot.intake.recordings import HEAR
from bot.invoices.model import LOOK_AT_INVOICE, OPEN_INVOICE
from bot.kernel.tasks import Handler, Kind, RunAgain, Task
from bot.review.service import REJUDGE
from bot.services import Services
from jobs.runner import JOB_RUN, run_job
from jobs.updates import UPDATE, read_again
from storage.briefs import briefs


def handlers(services: Services) -> Mapping[Kind, Handler]:
    """The handler of every kind of task."""

    async def produce(brief_id: int) -> None:
        while await services.production.advance(brief_id):
            if services.draining.is_set():
                raise RunAgain(0)

    async def look_at_invoice(invoice_id: int) -> None:
        await services.billing.settlement.look(invoice_id)

    async def update(arrival_id: int) -> None:
        await read_again(services, arrival_id)

    async def job(run_id: int) -> None:
        await run_job(services, run_id)

    return {
        HEAR: services.recordings.hear,
        PRODUCE: produce,
        PROBE: services.production.judging.probe,
        REJUDGE: services.production.judging.rejudge,
        DUEL_PAIR: services.duels.pair,
        OPEN_INVOICE: services.billing.open_invoice,
        LOOK_AT_INVOICE: look_at_invoice,
        STRIPE_EVENT: services.billing.webhooks.apply_event,
        UPDATE: update,
        JOB_RUN: job,
    }


async def look_for_room(services: Services) -> None:
    """Have every brief that waits for room under a ceiling look now: a start may have brought higher ones."""
    async with services.database.reading() as connection:
        waiting = await briefs.held(connection)
    tasks = [Task(PRODUCE, brief_id) for brief_id in waiting]
    if tasks:
        await services.database.write(lambda tx: services.queue.enqueue(tx, *tasks))
