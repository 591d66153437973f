"""How an invoice stands at Stripe, taken over: its state, what is said of it to other areas, and who hears of it.

Stripe is asked first, and what it says counts only while our row is as it was before the question.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.audit.service import record
from bot.billing import team_cards
from bot.billing.telling import About, Unbooked, about, not_booked, show, thank, to_operators, voided
from bot.briefs.model import State
from bot.briefs.progress import changed
from bot.invoices.fitting import misfit
from bot.invoices.model import PAYABLE, Invoice, InvoiceState
from bot.invoices.ports import Payments, Place, ThingMissing
from bot.invoices.remote import RemoteInvoice, TakenOver
from bot.kernel.errors import Stale
from bot.kernel.money import Money
from bot.kernel.tasks import RunAgain
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import home, reading_as
from bot.messages.kept import kept, sentence
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.engine.database import Database, Transaction

log = structlog.get_logger(__name__)
FOLLOWED = PAYABLE | {InvoiceState.PAID, InvoiceState.MISSING, InvoiceState.VOID}
STATES = {
    "open": InvoiceState.OPEN,
    "paid": InvoiceState.PAID,
    "void": InvoiceState.VOID,
    "uncollectible": InvoiceState.UNCOLLECTIBLE,
}
LINKS_LAST = timedelta(days=10)  # https://docs.stripe.com/invoicing/hosted-invoice-page
JUST_PAID = timedelta(minutes=2)
LOOK_SECONDS = 3.0


class Settlement:
    """Looks at invoices whose ids at Stripe we keep."""

    def __init__(self, database: Database, payments: Payments) -> None:
        self._database = database
        self._payments = payments

    async def look(self, invoice_id: int) -> bool:
        """Ask Stripe how the invoice stands, and take that over; says whether anything changed.

        Raises ProviderError; RunAgain where it changed here meanwhile, or Stripe is not at one with itself yet.
        """
        async with self._database.reading() as connection:
            invoice = await billing.load_invoice(connection, invoice_id)
        if invoice is None or invoice.stripe_id is None or invoice.state not in FOLLOWED:
            return False
        with reading_as(home()):  # what is written down is for everybody, whoever asked
            try:
                place = await self._payments.place()
                remote = await self._read(invoice, invoice.stripe_id, place)
                return await self._database.write(lambda tx: self._taken_over(tx, invoice, remote, place))
            except Stale:
                raise RunAgain(0.2) from None

    async def place(self) -> Place:
        """Where our key leads. Raises ProviderError."""
        return await self._payments.place()

    async def fresh_links(self, invoices: list[Invoice], *, receipts: bool = False) -> bool:
        """Ask anew for links that may have expired, within a few seconds; says whether any of them was.

        receipts: also those to what is paid.
        """
        before = self._database.clock.now() - LINKS_LAST
        states = PAYABLE | {InvoiceState.PAID} if receipts else PAYABLE
        old = [one for one in invoices if one.state in states and (one.links_at or one.created_at) < before]
        if not old:
            return False
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                looks = await asyncio.gather(*(self.look(invoice.id) for invoice in old), return_exceptions=True)
        except TimeoutError:
            looks = [TimeoutError(f"no answer within {LOOK_SECONDS:.0f} s")]
        for error in looks:  # the sweep asks again; until then the old ones are shown
            if isinstance(error, BaseException):
                log.warning("links that may have expired are shown", error=str(error), kind=type(error).__name__)
        return True

    async def _read(self, invoice: Invoice, stripe_id: str, place: Place) -> RemoteInvoice | None:
        if place.other_than(invoice.account, invoice.mode):
            return None
        try:
            return await self._payments.read_invoice(stripe_id)
        except ThingMissing:
            return None

    async def _taken_over(self, tx: Transaction, before: Invoice, remote: RemoteInvoice | None, place: Place) -> bool:
        invoice = await billing.load_invoice(tx.connection, before.id, lock=True)
        if invoice is None or invoice.version != before.version:
            raise Stale("the invoice changed in the meantime")
        await billing.looked_at(tx, invoice.id)
        if remote is None:
            return await self._missing(tx, invoice)
        why = misfit(invoice, remote, place)
        if why is None:
            return await self.apply(tx, invoice, remote, place)
        if remote.paid_at is not None and not remote.covered and tx.now - remote.paid_at < JUST_PAID:
            raise RunAgain(5.0)
        reason = kept(why)
        what = Unbooked(f"misfit:{remote.id}:{reason}", "misfit", remote.id, reason)
        await not_booked(tx, invoice.tenant, what, invoice)
        return False

    async def _missing(self, tx: Transaction, invoice: Invoice) -> bool:
        """Stripe does not know it by our key: deleted, or of another key. A person decides, or it is found again."""
        if invoice.state not in PAYABLE:
            return False
        gone = await billing.change_invoice(tx, invoice, state=InvoiceState.MISSING, unsettled=0)
        await record(tx, gone.tenant, None, "invoice.missing", f"invoice:{gone.id}", stripe_id=gone.stripe_id)
        what = await about(tx.connection, gone)
        await to_operators(tx, gone, gone.version, partial(team_cards.ended, gone, what.title))
        await _brief_follows(tx, what, "missing")
        await show(tx, gone, what)
        return True

    async def apply(self, tx: Transaction, invoice: Invoice, remote: RemoteInvoice, place: Place) -> bool:
        """Take over what Stripe says of an invoice that fits; says whether anything changed."""
        values = _values(invoice, remote, place, tx.now)
        if not values:
            return False
        now = await billing.change_invoice(tx, invoice, **values)
        taken = TakenOver(now, remote, _kind(invoice, now))
        if now.state is not invoice.state or now.paid_minor != invoice.paid_minor:
            await self._told(tx, invoice, taken)
        else:
            word = "settled" if taken.kind == "settlement" else "changed"
            await record(tx, now.tenant, None, f"invoice.{word}", f"invoice:{now.id}", thing=taken)
            if {"url", "asked_minor"} & values.keys() and now.state in PAYABLE:
                await show(tx, now, await about(tx.connection, now))
        if now.credited_after_minor != invoice.credited_after_minor:
            await _credited_after(tx, invoice, now, remote.id)
        return True

    async def _told(self, tx: Transaction, before: Invoice, taken: TakenOver) -> None:
        now = taken.invoice
        what = await about(tx.connection, now)
        word = "part_paid" if now.state is before.state else now.state.value
        await record(tx, now.tenant, None, f"invoice.{word}", f"invoice:{now.id}", thing=taken, paid=str(now.paid))
        if now.state is InvoiceState.PAID and what.brief is not None and what.brief.state is State.INVOICED:
            brief = await briefs.move(tx, what.brief, State.PAID)
            await changed(tx, brief, "paid", invoice=now.id, amount=now.amount.neutral)
        elif now.state is not InvoiceState.PAID:
            await _brief_follows(tx, what, word)
        await show(tx, now, what)
        if before.state is InvoiceState.MISSING:
            await to_operators(tx, now, before.version, partial(team_cards.found_again, now, what.title))
        if now.state is InvoiceState.VOID:
            await voided(tx, now, what)
        if now.state is InvoiceState.PAID:
            await thank(tx, now, what)
        elif now.state is not before.state and now.state is not InvoiceState.OPEN:
            await to_operators(tx, now, now.version, partial(team_cards.ended, now, what.title))


async def _brief_follows(tx: Transaction, what: About, word: str) -> None:
    """What is shown of the brief, where there is one, says how its invoice stands now."""
    if what.brief is not None:
        await changed(tx, what.brief, f"invoice_{word}")


async def _credited_after(tx: Transaction, before: Invoice, now: Invoice, stripe_id: str) -> None:
    """The ledger follows by which way it goes back; whether it did that outside of Stripe, only a person knows."""
    amount = Money(now.credited_after_minor, now.amount.currency)
    if now.credited_after_minor > before.credited_after_minor:
        kind = "credit note"
        said = sentence(
            N_(
                "{money} in all went back after payment: by refund, as credit for the next invoice, or "
                "outside of Stripe"
            ),
            money=amount,
        )
    else:
        kind, was = "credit note voided", Money(before.credited_after_minor, amount.currency)
        said = sentence(
            N_("{money} in all goes back after payment now; before it was {before}. What was promised may not arrive"),
            money=amount,
            before=was,
        )
    what = Unbooked(f"credited:{stripe_id}:v{now.version}", kind, stripe_id, kept(said))
    await not_booked(tx, now.tenant, what, now)


def _kind(before: Invoice, now: Invoice) -> str:
    """What a posting is, for reports: revenue counts by "invoice" and "void", money by "payment"."""
    if now.state is InvoiceState.VOID:
        return "void"
    if now.paid_minor != before.paid_minor or (now.state is InvoiceState.PAID) != (before.state is InvoiceState.PAID):
        return "payment"
    if now.state is InvoiceState.UNCOLLECTIBLE and before.state is not InvoiceState.UNCOLLECTIBLE:
        return "write-off"
    return "settlement" if now.unsettled != before.unsettled else "adjustment"


def _values(invoice: Invoice, remote: RemoteInvoice, place: Place, now: datetime) -> dict[str, Any]:
    """The columns that change."""
    values: dict[str, Any] = {
        "state": STATES[remote.status],
        "number": remote.number,
        "asked_minor": remote.asked,
        "carried_minor": remote.sums.carried,
        "shipping_minor": remote.sums.shipping,
        "paid_minor": remote.received,
        "elsewhere_minor": remote.sums.off_stripe,
        "unsettled": remote.unsettled,
        "credited_after_minor": remote.sums.credited_after,
        "account": place.account or invoice.account,
        "mode": remote.mode,
    }
    if remote.status == "paid" and invoice.paid_at is None:
        values["paid_at"] = remote.paid_at or now
    values = {name: value for name, value in values.items() if getattr(invoice, name) != value}
    old = invoice.links_at is None or now - invoice.links_at > LINKS_LAST
    if old and remote.url and remote.status in {"open", "uncollectible"}:
        values |= {"url": remote.url, "pdf_url": remote.pdf_url, "links_at": now}
    return values
