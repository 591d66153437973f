"""Jobs that look after invoices and the ledger."""

import asyncio

from aiolimiter import AsyncLimiter

from bot.invoices.model import LOOK_AT_INVOICE
from bot.invoices.ports import AccessRefused, Place
from bot.kernel.errors import ProviderError
from bot.kernel.tasks import RunAgain, Task
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.job import Job
from storage.billing import invoices as billing

AT_MOST = 200  # invoices a run
MISSING_AT_MOST = 20  # more of them: most are gone for good
AT_ONCE = 4
# A look is mostly one request. Stripe takes 25 a second in a sandbox, and we are not the only ones who ask there.
LOOKS, LOOKS_SECONDS = 5, 0.5


async def invoice_sweep(services: Services) -> str:
    """Look at open invoices, and at paid ones whose fee is not known yet; those longest not looked at first.

    What Stripe did not know is looked at again as well, where it may be known by the present key.
    """
    here = await _place(services)
    async with services.database.reading() as connection:
        due = await billing.to_look_at(connection, AT_MOST)
        if here is not None:
            due += await billing.missing(connection, here.account, here.mode, MISSING_AT_MOST)
    room, pace = asyncio.Semaphore(AT_ONCE), AsyncLimiter(LOOKS, LOOKS_SECONDS)
    found = await asyncio.gather(*(_look(services, invoice.id, room, pace) for invoice in due))
    changed, silent = found.count("changed"), found.count("silent")
    told = await _not_told(services)
    return f"looked at {len(due)} invoices, {changed} changed, {silent} without an answer; {told}"


async def _place(services: Services) -> Place | None:
    """Where our key leads; None where Stripe gives no answer."""
    try:
        return await services.billing.invoices.settlement.place()
    except ProviderError:
        return None


async def _not_told(services: Services) -> str:
    try:
        fetched = await services.billing.invoices.webhooks.catch_up()
    except AccessRefused:
        return "the key may not read events"
    except ProviderError:
        return "no answer about events"
    return f"{fetched} events that no webhook brought"


async def _look(services: Services, invoice_id: int, room: asyncio.Semaphore, pace: AsyncLimiter) -> str:
    async with room, pace:
        try:
            return "changed" if await services.billing.invoices.settlement.look(invoice_id) else "same"
        except AccessRefused:
            raise  # the others would be refused as well
        except ProviderError:
            return "silent"
        except RunAgain:  # it changes at this moment, by a webhook
            again = Task(LOOK_AT_INVOICE, invoice_id)
            await services.database.write(lambda tx: services.queue.enqueue(tx, again))
            return "again"


async def model_costs(services: Services, tenant: str) -> str:
    """Book what models cost on each of the last days; what is booked is not booked again."""
    return await services.ledger.books.book_models(tenant)


async def invoice_reminders(services: Services, tenant: str) -> str:
    """Remind clients of invoices that are due; who was reminded for a day is not reminded again."""
    return await services.dunning.remind(tenant)


async def finance_reconcile(services: Services) -> str:
    """Read what moved at Stripe, and hold every tenant's ledger against it."""
    return await services.reconciliation.comparing.all_tenants()


async def payout_reconcile(services: Services) -> str:
    """Read what is in the payouts that Stripe has counted together, and hold it against what was paid out."""
    return await services.reconciliation.comparing.payouts()


async def payment_reconciliation(services: Services, tenant: str) -> str:
    """Hold the ledger against Stripe once more, then close yesterday's books."""
    compared = await services.reconciliation.comparing.of_tenant(tenant)
    return f"{compared}; {await services.reconciliation.closing.close_yesterday(tenant)}"


JOBS = (
    Job(
        "invoice_sweep",
        N_("Asks Stripe how unpaid invoices stand, for fees not known yet, and for refunds and disputes"),
        "25 * * * *",
        "report",
        300,
        invoice_sweep,
        vital=True,
    ),
    Job(
        "model_costs",
        N_("Books what models cost on each of the last seven days"),
        "10 1 * * *",
        "catch up",
        60,
        model_costs,
        "tenant",
    ),
    Job(
        "invoice_reminders",
        N_("Reminds clients of unpaid invoices around their due day"),
        "15 9 * * *",
        "catch up",
        300,
        invoice_reminders,
        "tenant",
    ),
    Job(
        "finance_reconcile",
        N_("Compares the ledger with what moved at Stripe"),
        "40 */6 * * *",
        "report",
        600,
        finance_reconcile,
    ),
    Job(
        "payout_reconcile",
        N_("Compares payouts with what Stripe says is in them"),
        "50 */6 * * *",
        "report",
        600,
        payout_reconcile,
    ),
    Job(
        "payment_reconciliation",
        N_("Compares yesterday's books with Stripe, then closes them"),
        "10 2 * * *",
        "catch up",
        600,
        payment_reconciliation,
        "tenant",
        vital=True,
    ),
)
