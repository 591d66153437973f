"""The area wired up: its verbs, what it says happened, and how it follows what happens elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access.model import TENANT
from bot.billing.details import Details
from bot.billing.mirror import FINANCE
from bot.billing.service import Billing
from bot.billing.settings import BillingSettings
from bot.billing.webhooks import SOURCE, STRIPE_EVENT
from bot.briefs.model import Brief
from bot.core import Area, Core, Stalled
from bot.invoices.model import (
    BRIEF,
    LOOK_AT_INVOICE,
    MAKE_INVOICE,
    OPEN_INVOICE,
    VOID_INVOICE,
    WRITE_OFF_INVOICE,
    Invoice,
    InvoiceState,
    subject_of,
)
from bot.invoices.ports import Payments
from bot.invoices.tax import UsualTerms, tax_rates_in
from bot.kernel.events import Event, Reaction
from bot.kernel.tasks import Task
from bot.referrals.crediting import set_aside, take_off, taken
from storage.billing import invoices
from storage.core import inbox
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.queue import failed_tasks

EVENTS: Mapping[str, str] = {
    "brief.invoiced": "Its invoice is open.",
    "brief.paid": "Its invoice is paid.",
    "brief.invoice_new": "Its invoice is made anew.",
    "brief.invoice_open": "Its invoice is open again.",
    "brief.invoice_part_paid": "A part of its invoice is paid.",
    "brief.invoice_void": "Its invoice was voided at the payment provider.",
    "brief.invoice_uncollectible": "Its invoice was marked as uncollectible at the payment provider.",
    "brief.invoice_missing": "The payment provider does not know its invoice.",
    "brief.invoice_failed": "The payment provider refused its invoice.",
    "brief.invoice_details": "Its invoice waits for other billing details.",
    "invoice.opened": "The payment provider made it, and its client may pay it.",
    "invoice.open": "It is open again.",
    "invoice.paid": "All of it is paid.",
    "invoice.part_paid": "A part of it is paid.",
    "invoice.settled": "What arrived of a payment is known, and its fee.",
    "invoice.changed": "Something else of it changed at the payment provider.",
    "invoice.refund": "A refund of its payment is new or changed at the payment provider.",
    "invoice.dispute": "A dispute about its payment is new or changed at the payment provider.",
    "invoice.void": "It was voided at the payment provider.",
    "invoice.void_asked": "Somebody decided to have it voided.",
    "invoice.void_refused": "It was to be voided, and the payment provider did not.",
    "invoice.write_off_asked": "Somebody decided to have it written off.",
    "invoice.write_off_refused": "It was to be written off, and the payment provider did not.",
    "invoice.uncollectible": "It was marked as uncollectible at the payment provider.",
    "invoice.missing": "The payment provider does not know it.",
    "invoice.failed": "The payment provider refused it.",
    "invoice.details_refused": "The payment provider refused what it says of its payer.",
    "invoice.asked_anew": "It is asked for with another key.",
    "invoice.retried": "Somebody had it made anew.",
    "billing.given": "Somebody said where their invoices go.",
    "billing.skipped": "Somebody did not want to say where their invoices go.",
    "billing.removed": "Somebody took back where their invoices go.",
    "payout.changed": "A payout to the bank is new or changed at the payment provider.",
    "payments.connected": "The payment provider's first webhook came.",
    "mismatch.not_booked": "Something came from the payment provider and was not booked.",
    "mismatch.noted": "Somebody took note of it.",
}
MIRRORS = (FINANCE,)
EVENTS_AT_ONCE = 500


def reactions() -> Mapping[str, Reaction]:
    """Delivered work is invoiced."""
    return {"brief.delivered": _begin_invoice}


async def _begin_invoice(tx: Transaction, event: Event) -> None:
    """The row alone: it is asked for once the client was shown the work, see `jobs.outbox.undelivered`."""
    brief = event.thing
    assert isinstance(brief, Brief)
    if brief.price.minor:
        lines, parts = await take_off(tx, brief.tenant, brief.client_id, invoices.lines_for(brief))
        invoice, made = await invoices.begin(
            tx, brief.tenant, subject_of(BRIEF, brief.id), brief.client_id, lines, credit_minor=taken(parts)
        )
        if made:
            await set_aside(tx, invoice, parts)


@dataclass(frozen=True, slots=True)
class Verbs:
    """Invoices, and whom they go to."""

    invoices: Billing
    details: Details


def build(core: Core, settings: BillingSettings, payments: Payments) -> tuple[Verbs, Area]:
    """The area on what it stands on."""
    terms = UsualTerms(settings.invoice_days, tax_rates_in(settings.tax_rates))
    billing = Billing(core.database, core.queue, payments, terms, TENANT, core.flags)

    async def look(invoice_id: int) -> None:
        await billing.settlement.look(invoice_id)

    tasks = {
        OPEN_INVOICE: billing.open_invoice,
        MAKE_INVOICE: billing.making.make,
        LOOK_AT_INVOICE: look,
        VOID_INVOICE: billing.voiding.carry_out,
        WRITE_OFF_INVOICE: billing.voiding.write_off,
        STRIPE_EVENT: billing.webhooks.apply_event,
    }
    return Verbs(billing, Details(core.database, core.queue)), Area(tasks=tasks, stalled=(_stalled, _events_left))


async def _stalled(connection: Connection, before: datetime) -> Stalled:
    asked = await invoices.not_at_stripe(connection, before)
    unknown = sum(invoice.state is InvoiceState.UNKNOWN for invoice in asked)
    return Stalled(await to_make(connection, asked), f"asked about {unknown} unknown invoices")


async def _events_left(connection: Connection, before: datetime) -> Stalled:
    """Webhooks whose task was lost, or that are to be dealt with anew, but for those that were given up."""
    given_up = await failed_tasks.subjects(connection, STRIPE_EVENT)
    waiting = await inbox.waiting(connection, SOURCE, EVENTS_AT_ONCE, given_up)
    left = [Task(STRIPE_EVENT, arrival.id) for arrival in waiting if arrival.received_at < before]
    return Stalled(left, f"{len(left)} events of the payment provider taken up again" if left else "")


async def to_make(connection: Connection, waiting: Sequence[Invoice]) -> list[Task]:
    """What has these invoices made, but for those whose making was given up."""
    by_brief = await failed_tasks.subjects(connection, OPEN_INVOICE)
    given_up = await failed_tasks.subjects(connection, MAKE_INVOICE)
    return [
        Task(MAKE_INVOICE, invoice.id)
        for invoice in waiting
        if invoice.id not in given_up and invoice.brief_id not in by_brief
    ]
