"""The area wired up: its verbs, what it says happened, and how it follows what becomes of what it made."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from bot.access.model import Permission
from bot.billing.service import Billing
from bot.billing.settings import BillingSettings
from bot.core import Core
from bot.invoices.ports import Payments
from bot.invoices.tax import tax_rates_in
from bot.kernel.events import Event, Reaction
from bot.limits import area as limits
from bot.limits.settings import LimitSettings
from bot.manual_invoices import cards
from bot.manual_invoices.service import ManualInvoices
from bot.manual_invoices.settings import ManualInvoiceSettings
from bot.messages.service import notify
from bot.messages.topics import Topic
from storage.billing import invoices as billing
from storage.engine.database import Transaction
from storage.manual_invoices import rows
from storage.people import people

EVENTS: Mapping[str, str] = {
    "invoice.made_by_hand": "One of the team made it by hand.",
    "invoice.cancelled": "It was taken back before the payment provider was asked for it.",
}
_CHANGES = ("opened", "open", "part_paid", "paid", "void", "void_asked", "void_refused", "uncollectible", "missing",
            "failed", "details_refused", "retried", "cancelled")  # fmt: skip


def reactions() -> Mapping[str, Reaction]:
    """Whoever made an invoice sees what becomes of it, in the message that said that it was made."""
    return {f"invoice.{change}": _show_its_maker for change in _CHANGES}


async def _show_its_maker(tx: Transaction, event: Event) -> None:
    invoice = await billing.load_invoice(tx.connection, event.number)
    number = None if invoice is None else rows.number_in(invoice.subject)
    made = None if number is None else await rows.get(tx.connection, event.tenant, number)
    if invoice is None or made is None:
        return
    maker = await people.within(tx, event.tenant, made.made_by)
    if not maker.may(Permission.MAKE_INVOICES):
        return
    client = await people.within(tx, event.tenant, invoice.client_id)
    lines = await billing.lines_of(tx.connection, invoice)
    show = partial(cards.made, invoice, lines, client.name)
    await notify(tx, maker, Topic.INVOICES, show, slot=cards.slot_of(invoice))


def build(
    core: Core,
    settings: ManualInvoiceSettings,
    limited_by: LimitSettings,
    billed_by: BillingSettings,
    payments: Payments,
    invoices: Billing,
) -> ManualInvoices:
    """The area on what it stands on."""
    grace = timedelta(minutes=settings.invoice_grace_minutes)
    barrier, tax_rates = limits.build(limited_by), tax_rates_in(billed_by.tax_rates)
    return ManualInvoices(core.database, invoices, barrier, core.flags, grace, tax_rates, payments)
