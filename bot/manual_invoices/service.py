"""Verbs on invoices by hand: whom they go to, made once, and taken back before Stripe is asked."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

from bot.access.model import Permission, Person, Role
from bot.audit.service import record
from bot.billing.service import Billing
from bot.flags.model import Flag
from bot.flags.service import Flags
from bot.invoices.model import Invoice, InvoiceState, Terms
from bot.invoices.payer import BillingDetails
from bot.invoices.ports import Payments
from bot.invoices.tax import TaxRate, TaxRates
from bot.kernel.errors import ProviderError, Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.limits.model import Deed
from bot.limits.service import Barrier, give_back
from bot.manual_invoices import cards
from bot.manual_invoices.model import Order, Payer, Taken, check
from bot.messages.service import TELEGRAM, notify
from bot.messages.topics import Topic
from storage.billing import details as billing_details
from storage.billing import invoices as billing
from storage.core import outbox
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.manual_invoices import rows
from storage.people import people

ANSWERS_SECONDS = 3.0


class ManualInvoices:
    """Verbs of those who make invoices. grace: for how long one can be taken back."""

    def __init__(
        self,
        database: Database,
        billing: Billing,
        barrier: Barrier,
        flags: Flags,
        grace: timedelta,
        tax_rates: TaxRates,
        payments: Payments,
    ) -> None:
        self._database = database
        self._billing = billing
        self._barrier = barrier
        self._flags = flags
        self._grace = grace
        self._tax_rates = tax_rates
        self._payments = payments
        self._rates: dict[str, TaxRate] = {}

    async def called(self, who: Person, words: str) -> Sequence[Person]:
        """The clients of that name, number or Telegram id. Raises Forbidden; Refusal where there is none."""
        who.require(Permission.MAKE_INVOICES)
        said = words.strip().removeprefix("/client_")
        async with self._database.reading() as connection:
            found = await people.clients_called(connection, who.tenant, said)
            if not found and said.isascii() and said.isdigit() and len(said) < 16:
                numbered = await people.find(connection, who.tenant, int(said))
                found = [] if numbered is None or numbered.role is not Role.CLIENT else [numbered]
        if not found:
            words_said = said[:60]
            raise Refusal(
                _("There is no client “{name}”. Write a name or a number; /clients lists them.", name=words_said)
            )
        return found

    async def payer(self, who: Person, client_id: int) -> Payer:
        """The client of that number. Raises Forbidden; Refusal where there is none."""
        who.require(Permission.MAKE_INVOICES)
        async with self._database.reading() as connection:
            client = await _client(connection, who.tenant, client_id)
            details = await billing_details.of_person(connection, who.tenant, client.id)
            currencies = await rows.currencies_of(connection, who.tenant, client.id)
        given = BillingDetails("") if details is None else details.details
        rate_id = self._tax_rates.of(given.country)
        return Payer(client, bool(given.email), currencies, bool(rate_id), await self._rate(rate_id))

    async def _rate(self, rate_id: str) -> TaxRate | None:
        """What Stripe says of the rate, asked once: a percentage never changes; None where it does not answer soon."""
        if rate_id and rate_id not in self._rates:
            with suppress(ProviderError, TimeoutError):
                async with asyncio.timeout(ANSWERS_SECONDS):
                    found = await self._payments.tax_rate(rate_id)
                self._rates |= {} if found is None else {rate_id: found}
        return self._rates.get(rate_id)

    async def make(self, who: Person, order: Order, key: str, message_id: int = 0) -> Invoice:
        """Make the invoice, once for each key; until its grace is over it can be taken back.

        message_id: of the message in the person's chat that shows from now on what becomes of it; 0: a new one does.
        Raises Forbidden; Refusal for what Stripe could not charge, for no such client, and for what a limit does not
        let through; SwitchedOff where no invoices are made just now.
        """
        who.require(Permission.MAKE_INVOICES)
        check(order)
        what, then = _("No invoices are made at Stripe right now"), _("Nothing was made; what you wrote is kept.")
        await self._flags.check(Flag.PAYMENTS, who, what, then, subject=order.client_id)
        return await self._database.write(lambda tx: self._made(tx, who, order, key, message_id))

    async def _made(self, tx: Transaction, who: Person, order: Order, key: str, message_id: int) -> Invoice:
        client = await _client(tx.connection, who.tenant, order.client_id)
        row = await rows.add(tx, who.tenant, key, client.id, who.id)
        before = await billing.of_subject(tx.connection, who.tenant, rows.named(row))
        if before is not None:
            return before
        passes, key = self._barrier.check, _pass(row.id)
        await passes(tx, who.tenant, who, Deed.INVOICE, order.total, key=key, subject=client.id)
        terms = Terms(order.due_days, tx.now + self._grace if self._grace else None)
        made = await self._billing.begin(tx, who.tenant, rows.named(row), client.id, order.lines, terms)
        subject, amount = f"invoice:{made.id}", made.amount.neutral
        await record(tx, who.tenant, who, "invoice.made_by_hand", subject, amount=amount, client=client.id)
        if message_id:
            await outbox.place(tx, who.tenant, TELEGRAM, cards.slot_of(made), str(message_id))
        show = partial(cards.made, made, await billing.lines_of(tx.connection, made), client.name)
        await notify(tx, who, Topic.INVOICES, show, slot=cards.slot_of(made))
        return made

    async def cancel(self, who: Person, invoice_id: int, version: int) -> Taken:
        """Take an invoice back before Stripe is asked for it; the client never hears of it.

        Raises Forbidden; Stale where it is too late, or somebody was first.
        """
        who.require(Permission.MAKE_INVOICES)

        async def work(tx: Transaction) -> Taken:
            invoice = await billing.load_invoice(tx.connection, invoice_id, lock=True)
            number = None if invoice is None else rows.number_in(invoice.subject)
            if invoice is None or invoice.tenant != who.tenant or number is None:
                raise Stale(_("There is no invoice {number}. /invoices lists all of them.", number=invoice_id))
            if invoice.state is InvoiceState.CANCELLED:
                raise Stale(_("Invoice {number} was cancelled already.", number=invoice_id))
            if invoice.version != version or not invoice.can_be_cancelled:
                raise Stale(_too_late(invoice_id))
            gone = await billing.change_invoice(tx, invoice, state=InvoiceState.CANCELLED)
            await give_back(tx, who.tenant, Deed.INVOICE, _pass(number))
            await record(tx, who.tenant, who, "invoice.cancelled", f"invoice:{gone.id}")
            client = await people.by_id(tx.connection, who.tenant, gone.client_id)
            lines = await billing.lines_of(tx.connection, gone)  # the next one has a credit taken off anew
            return Taken(gone, [line for line in lines if line.unit.minor >= 0], client)

        return await self._database.write(work)


async def _client(connection: Connection, tenant: str, client_id: int) -> Person:
    client = await people.find(connection, tenant, client_id)
    if client is None or client.role is not Role.CLIENT:
        raise Refusal(_("There is no client {id}. /clients lists them.", id=client_id))
    return client


def _pass(number: int) -> str:
    """The key under which it is counted."""
    return f"manual:{number}"


def _too_late(invoice_id: int) -> str:
    command = f"/invoice_{invoice_id}"
    return _("It is too late to take invoice {number} back. Look at it, and void it: {command}",
             number=invoice_id, command=command)  # fmt: skip
