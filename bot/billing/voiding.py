"""Invoices that somebody decided to have voided or written off: asked of the provider until it did, or says why not."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from bot.audit.service import record
from bot.billing import team_cards
from bot.billing.customers import Customers
from bot.billing.settlement import Settlement
from bot.billing.telling import about, show, stays, to_operators
from bot.invoices.marks import mark_of_invoice
from bot.invoices.model import Invoice, InvoiceState
from bot.invoices.ports import Attempt, Payments
from bot.kernel.errors import ProviderError
from storage.billing import invoices as billing
from storage.engine.database import Database, Transaction

Ask = Callable[[int, str, Attempt], Awaitable[None]]


class Voiding:
    """Carries out what `bot.briefs.owed.ask_to_void` and `Billing.write_off` wrote down.

    What became of it, Stripe says when it is read afterwards, so a reply that was lost and a payment that came in
    between are all the same.
    """

    def __init__(self, database: Database, payments: Payments, settlement: Settlement) -> None:
        self._database = database
        self._payments = payments
        self._settlement = settlement
        self._customers = Customers(database, payments)

    async def carry_out(self, invoice_id: int) -> None:
        """Have the invoice voided; nothing where that was done or is no longer wanted.

        Raises ProviderError where Stripe does not answer, RunAgain where it has to be read once more; asking again is
        harmless.
        """
        invoice = await self._read(invoice_id)
        if invoice is None or invoice.void_asked_at is None:
            return
        why = await self._asked(invoice, self._payments.void, invoice.void_asked_at) if invoice.voiding else ""
        await self._settlement.look(invoice_id)
        await self._database.write(lambda tx: _voided(tx, invoice_id, why))

    async def write_off(self, invoice_id: int) -> None:
        """Have the invoice marked as uncollectible; see `carry_out`."""
        invoice = await self._read(invoice_id)
        if invoice is None or invoice.write_off_asked_at is None:
            return
        why, asked_at = "", invoice.write_off_asked_at
        if invoice.state is InvoiceState.OPEN:
            why = await self._asked(invoice, self._payments.write_off, asked_at)
        await self._settlement.look(invoice_id)
        await self._database.write(lambda tx: _written_off(tx, invoice_id, why))

    async def _read(self, invoice_id: int) -> Invoice | None:
        async with self._database.reading() as connection:
            return await billing.load_invoice(connection, invoice_id)

    async def _asked(self, invoice: Invoice, ask: Ask, asked_at: datetime) -> str:
        """Why Stripe refuses it for good; empty where it does not."""
        assert invoice.stripe_id is not None
        async with self._database.reading() as connection:
            lines = await billing.lines_of(connection, invoice)
        attempt = await self._customers.attempt(
            int(asked_at.timestamp()),  # another decision is another attempt
            invoice.created_at,
            marked=invoice.marked,
            row=mark_of_invoice(invoice, lines),
        )
        try:
            await ask(invoice.id, invoice.stripe_id, attempt)
        except ProviderError as error:
            if not error.permanent:
                raise
            return str(error)
        return ""


async def _voided(tx: Transaction, invoice_id: int, why: str) -> None:
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


async def _written_off(tx: Transaction, invoice_id: int, why: str) -> None:
    """The decision is carried out, or could not be: then the team hears why. Its client was told of neither."""
    invoice = await billing.load_invoice(tx.connection, invoice_id, lock=True)
    if invoice is None or invoice.write_off_asked_at is None:
        return
    kept = await billing.change_invoice(tx, invoice, write_off_asked_at=None)
    if kept.state is InvoiceState.UNCOLLECTIBLE:
        return
    subject = f"invoice:{kept.id}"
    await record(tx, kept.tenant, None, "invoice.write_off_refused", subject, reason=why, state=kept.state)
    what = await about(tx.connection, kept)
    await to_operators(tx, kept, kept.version, partial(team_cards.not_written_off, kept, what.title, why))
