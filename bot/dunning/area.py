"""The area wired up: its verbs, what it says happened, and how reminders end."""

from collections.abc import Mapping
from functools import partial

from bot.billing import cards as billing_cards
from bot.billing.service import Billing
from bot.billing.telling import about
from bot.core import Core
from bot.dunning.model import days_in
from bot.dunning.service import Dunning, slot_of
from bot.dunning.settings import DunningSettings
from bot.kernel.events import Event, Reaction
from bot.messages.service import notify
from bot.messages.topics import Topic
from storage.billing import invoices as billing
from storage.dunning import reminders
from storage.engine.database import Transaction
from storage.people import people

EVENTS: Mapping[str, str] = {
    "invoice.reminded": "Its client was reminded of it.",
}
_ENDS = ("paid", "void", "void_asked", "uncollectible", "missing")


def reactions() -> Mapping[str, Reaction]:
    """What reminds of an invoice says how it stands once nobody is to pay it, also where it was not delivered yet."""
    return {f"invoice.{end}": _stop for end in _ENDS}


async def _stop(tx: Transaction, event: Event) -> None:
    sent = await reminders.sent(tx.connection, event.tenant, [event.number])
    invoice = await billing.load_invoice(tx.connection, event.number) if sent else None
    if invoice is None:
        return
    client = await people.within(tx, invoice.tenant, invoice.client_id)
    what = await about(tx.connection, invoice)
    card = partial(billing_cards.invoice_card, invoice, what.title)
    for day in sent[event.number]:
        await notify(tx, client, Topic.INVOICES, card, slot=slot_of(invoice, day))


def build(core: Core, settings: DunningSettings, invoices: Billing) -> Dunning:
    """The area on what it stands on."""
    return Dunning(core.database, invoices.settlement, days_in(settings.invoice_reminder_days))
