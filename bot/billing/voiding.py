"""Invoices that somebody decided to have voided: asked of the provider until it did, or says why it does not."""

from functools import partial

from bot.audit.service import record
from bot.billing import team_cards
from bot.billing.customers import Customers
from bot.billing.settlement import Settlement
from bot.billing.telling import about, show, stays, to_operators
from bot.invoices.marks import mark_of_invoice
from bot.invoices.model import Invoice, InvoiceState
from bot.invoices.ports import Payments
from bot.kernel.errors import ProviderError
from storage.billing import invoices as billing
from storage.engine.database import Database, Transaction


class Voiding:
    """Carries out what `bot.briefs.owed.ask_to_void` wrote down."""

    def __init__(self, database: Database, payments: Payments, settlement: Settlement) -> None:
        self._database = database
        self._payments = payments
        self._settlement = settlement
        self._customers = Customers(database, payments)

    async def carry_out(self, invoice_id: int) -> None:
        """Have the invoice voided; nothing where that was done or is no longer wanted.

        What became of it, Stripe says when it is read afterwards, so a reply that was lost and a payment that came in
        between are all the same. Raises ProviderError where Stripe does not answer, RunAgain where it has to be read
        once more; asking again is harmless.
        """
        async with self._database.reading() as connection:
            invoice = await billing.load_invoice(connection, invoice_id)
        if invoice is None or invoice.void_asked_at is None:
            return
        why = await self._asked(invoice) if invoice.voiding else ""
        await self._settlement.look(invoice_id)
        await self._database.write(lambda tx: _ended(tx, invoice_id, why))

    async def _asked(self, invoice: Invoice) -> str:
        """Why Stripe refuses it for good; empty where it does not."""
        assert invoice.stripe_id is not None
        assert invoice.void_asked_at is not None
        async with self._database.reading() as connection:
            lines = await billing.lines_of(connection, invoice)
        attempt = await self._customers.attempt(
            int(invoice.void_asked_at.timestamp()),  # another decision is another attempt
            invoice.created_at,
            marked=invoice.marked,
            row=mark_of_invoice(invoice, lines),
        )
        try:
            await self._payments.void(invoice.id, invoice.stripe_id, attempt)
        except ProviderError as error:
            if not error.permanent:
                raise
            return str(error)
        return ""


async def _ended(tx: Transaction, invoice_id: int, why: str) -> None:
    """Where it is not void, the decision could not be carried out: the team hears why, and the client what holds."""
    invoice = await billing.load_invoice(tx.connection, invoice_id, lock=True)
    if invoice is None or invoice.void_asked_at is None or invoice.state is InvoiceState.VOID:
        return
    kept = await billing.change_invoice(tx, invoice, void_asked_at=None)
    await record(tx, kept.tenant, None, "invoice.void_refused", f"invoice:{kept.id}", reason=why, state=kept.state)
    what = await about(tx.connection, kept)
    await to_operators(tx, kept, kept.version, partial(team_cards.not_voided, kept, what.title, why))
    await show(tx, kept, what)
    if kept.state is not InvoiceState.PAID:  # who paid has a receipt
        await stays(tx, kept, what)
