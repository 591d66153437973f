"""Who hears of an invoice, and where it shows: the client's card, the team's cards, and what was not booked."""

from dataclasses import dataclass

from bot.audit.service import record
from bot.billing import cards, team_cards
from bot.briefs.model import Brief
from bot.briefs.progress import tell_privately
from bot.invoices.model import Invoice
from bot.kernel.card import Card
from bot.messages.service import ADMINS, TEAM, notify_roles
from bot.messages.topics import Topic
from storage.billing import mismatches
from storage.engine.database import Transaction


@dataclass(frozen=True, slots=True)
class Unbooked:
    """Something that came from Stripe and was not booked. key: what makes it heard of once."""

    key: str
    kind: str
    stripe_id: str
    reason: str


async def show(tx: Transaction, brief: Brief, invoice: Invoice) -> None:
    """Bring the invoice's card in the client's private chat up to date."""
    card = cards.invoice_card(invoice, brief.title)
    line = f"The invoice of brief {brief.id}"
    await tell_privately(tx, brief, card, slot=f"invoice:{invoice.id}:card", line=line)


async def to_operators(tx: Transaction, invoice: Invoice, version: int, card: Card) -> None:
    """Show what became of an invoice: one message for each of the team, known by the invoice's version then."""
    await notify_roles(tx, invoice.tenant, TEAM, Topic.INVOICES, card, slot=f"invoice:{invoice.id}:failed:{version}")


async def not_booked(tx: Transaction, tenant: str, what: Unbooked, invoice: Invoice | None) -> None:
    """Keep what was not booked, and tell the admins; both once."""
    invoice_id = None if invoice is None else invoice.id
    number = await mismatches.add(tx, tenant, what.key, what.kind, what.stripe_id, what.reason, invoice_id)
    if number is None:
        return
    subject = f"mismatch:{number}" if invoice is None else f"invoice:{invoice.id}"
    await record(tx, tenant, None, "mismatch.not_booked", subject, kind=what.kind, reason=what.reason)
    card = team_cards.not_booked(number, what.kind, what.stripe_id, what.reason, invoice)
    await notify_roles(tx, tenant, ADMINS, Topic.INVOICES, card, slot=f"mismatch:{number}")
