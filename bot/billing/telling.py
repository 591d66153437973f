"""Who hears of an invoice, and where it shows: the client's card, the team's cards, and what was not booked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from textwrap import shorten

from bot.audit.service import record
from bot.billing import cards, team_cards
from bot.briefs.model import Brief
from bot.invoices.model import Invoice
from bot.kernel.card import Card
from bot.kernel.translation import reading_as
from bot.messages.service import ADMINS, TEAM, Show, notify, notify_roles, post
from bot.messages.topics import Topic
from storage.billing import invoices as billing
from storage.billing import mismatches
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.people import people

LONGEST_TITLE = 200  # letters, in a message that says more than the title


@dataclass(frozen=True, slots=True)
class Unbooked:
    """Something from Stripe that a person has to look at: it was not booked, or it is money that went back.

    key: what makes it heard of once. reason: as `kept` writes it.
    """

    key: str
    kind: str
    stripe_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class About:
    """brief: None where the invoice is for something else. title: the brief's, or else what its lines say."""

    brief: Brief | None
    title: str


async def about(connection: Connection, invoice: Invoice) -> About:
    """What the invoice is for, as it is now."""
    if invoice.brief_id is not None:
        brief = await briefs.get(connection, invoice.tenant, invoice.brief_id)
        return About(brief, brief.title)
    lines = await billing.lines_of(connection, invoice)
    return About(
        None,
        shorten(", ".join(line.description for line in lines if line.unit.minor >= 0), LONGEST_TITLE, placeholder="…"),
    )


async def show(tx: Transaction, invoice: Invoice, what: About) -> None:
    """Bring the invoice's card in the client's private chat up to date."""
    card = partial(cards.invoice_card, invoice, what.title)
    await _to_client(tx, invoice, what, card, cards.invoice_elsewhere, slot=f"invoice:{invoice.id}:card")


async def thank(tx: Transaction, invoice: Invoice, what: About) -> None:
    """Show the receipt in the client's private chat, once."""
    card = partial(cards.receipt, invoice, what.title)
    await _to_client(tx, invoice, what, card, cards.receipt_elsewhere, key=f"invoice:{invoice.id}:receipt")


async def stays(tx: Transaction, invoice: Invoice, what: About) -> None:
    """Say in the client's private chat that it was not voided after all, once for each time."""
    card = partial(cards.stays, invoice, what.title)
    key = f"invoice:{invoice.id}:stays:{invoice.version}"
    await notify(tx, await people.within(tx, invoice.tenant, invoice.client_id), Topic.INVOICES, card, key=key)


async def voided(tx: Transaction, invoice: Invoice, what: About) -> None:
    """Say in the client's private chat that nothing is owed on it any more, once for each time."""
    card = partial(cards.voided, invoice, what.title)
    key = f"invoice:{invoice.id}:voided:{invoice.version}"
    await notify(tx, await people.within(tx, invoice.tenant, invoice.client_id), Topic.INVOICES, card, key=key)


async def _to_client(
    tx: Transaction,
    invoice: Invoice,
    what: About,
    show: Show,
    line: Callable[[int, str], Card],
    *,
    slot: str | None = None,
    key: str | None = None,
) -> None:
    """Have a Card shown in the client's private chat; where it is for a brief from a group, that reads the line, once.

    A slot is one message of one chat: what it shows in private has a slot of its own.
    """
    client = await people.within(tx, invoice.tenant, invoice.client_id)
    brief = what.brief
    if brief is None:
        await notify(tx, client, Topic.INVOICES, show, slot=slot, key=key)
    elif brief.chat_id > 0:
        with reading_as(client.reader):
            await post(tx, brief.tenant, brief.chat_id, show(), slot=slot, key=key, topic=brief.topic)
    else:
        await notify(tx, client, Topic.INVOICES, show, slot=slot and f"{slot}:private", key=key)
        with reading_as(client.reader):
            words = line(brief.id, client.name)
        await post(tx, brief.tenant, brief.chat_id, words, key=f"{slot or key}:line", topic=brief.topic)


async def to_operators(tx: Transaction, invoice: Invoice, version: int, show: Show) -> None:
    """Show what became of an invoice: one message for each of the team, known by the invoice's version then."""
    await notify_roles(tx, invoice.tenant, TEAM, Topic.INVOICES, show, slot=f"invoice:{invoice.id}:failed:{version}")


async def not_booked(tx: Transaction, tenant: str, what: Unbooked, invoice: Invoice | None) -> None:
    """Keep what a person has to look at, and tell the admins; both once."""
    invoice_id = None if invoice is None else invoice.id
    number = await mismatches.add(tx, tenant, what.key, what.kind, what.stripe_id, what.reason, invoice_id)
    if number is None:
        return
    subject = f"mismatch:{number}" if invoice is None else f"invoice:{invoice.id}"
    await record(tx, tenant, None, "mismatch.not_booked", subject, kind=what.kind, stripe_id=what.stripe_id)
    card = partial(team_cards.not_booked, number, what.kind, what.stripe_id, what.reason, invoice)
    await notify_roles(tx, tenant, ADMINS, Topic.INVOICES, card, slot=f"mismatch:{number}")
