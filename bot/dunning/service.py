"""Reminds clients of unpaid invoices, and stops once they are paid."""

from functools import partial

from bot.audit.service import record
from bot.billing.settlement import Settlement
from bot.billing.telling import about
from bot.dunning import cards
from bot.dunning.model import DAY, is_reminded, next_step
from bot.invoices.model import Invoice
from bot.kernel.errors import ProviderError
from bot.kernel.tasks import RunAgain
from bot.messages.service import notify
from bot.messages.topics import Topic
from storage.billing import invoices as billing
from storage.dunning import reminders
from storage.engine.database import Database, Transaction
from storage.people import people


class Dunning:
    """Verbs on reminders. days: after the due day, when a client is reminded; negative: before it."""

    def __init__(self, database: Database, settlement: Settlement, days: tuple[int, ...]) -> None:
        self._database = database
        self._settlement = settlement
        self._days = days

    async def remind(self, tenant: str) -> str:
        """Remind each client whose invoice is due by now, once for each of the days; says what was done.

        Stripe is asked first: nobody is reminded of what they paid. Where it gives no answer, it waits for the next
        run. A second run finds nothing left to do.
        """
        now, reminded, silent = self._database.clock.now(), 0, 0
        for invoice, day in await self._due(tenant):
            try:
                await self._settlement.look(invoice.id)
            except (ProviderError, RunAgain):
                silent += 1
                continue
            reminded += await self._database.write(partial(self._remind, invoice_id=invoice.id, day=day))
        return f"reminded of {reminded} invoices, {silent} without an answer at {now:%H:%M}"

    async def _due(self, tenant: str) -> list[tuple[Invoice, int]]:
        if not self._days:
            return []
        now = self._database.clock.now()
        found: list[tuple[Invoice, int]] = []
        async with self._database.reading() as connection:
            async for waiting in reminders.due_before(connection, tenant, now - self._days[0] * DAY):
                sent = await reminders.sent(connection, tenant, [invoice.id for invoice in waiting])
                steps = [(one, next_step(one, self._days, sent.get(one.id, ()), now)) for one in waiting]
                found += [(invoice, day) for invoice, day in steps if day is not None]
        return found

    async def _remind(self, tx: Transaction, *, invoice_id: int, day: int) -> bool:
        invoice = await billing.load_invoice(tx.connection, invoice_id, lock=True)
        if invoice is None or invoice.due_at is None or not is_reminded(invoice):
            return False
        if not await reminders.add(tx, invoice, day):
            return False
        await record(tx, invoice.tenant, None, "invoice.reminded", f"invoice:{invoice.id}", day=day)
        client = await people.by_id(tx.connection, invoice.tenant, invoice.client_id)
        what = await about(tx.connection, invoice)
        card = partial(cards.reminder, invoice, invoice.due_at, what.title, tx.now)
        await notify(tx, client, Topic.INVOICES, card, slot=slot_of(invoice, day))
        return True


def slot_of(invoice: Invoice, day: int) -> str:
    """The message that reminds of it for that day."""
    return f"invoice:{invoice.id}:reminder:{day}"
