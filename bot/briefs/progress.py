"""What each change of a brief brings with it in the same transaction: the event and the client's progress message."""

from datetime import timedelta
from functools import partial
from typing import Any

from bot.access.model import Person
from bot.audit.service import record
from bot.briefs import cards
from bot.briefs.model import Brief
from bot.briefs.owed import invoice_behind
from bot.invoices.model import Invoice
from bot.kernel.translation import reading_as
from bot.messages.service import Show, post
from storage.engine.database import Transaction
from storage.people import people


def progress_slot(brief: Brief) -> str:
    """The slot of the one progress message of a brief, which was its quote."""
    return f"{brief.name}:progress"


async def changed(
    tx: Transaction, brief: Brief, event: str, who: Person | None = None, *, show: bool = True, **data: Any
) -> None:
    """Record the event and bring the progress message up to date; a person's act is audited too.

    show=False: another change follows in the same transaction and is shown instead.
    """
    subject = f"brief:{brief.id}"
    await record(tx, brief.tenant, who, f"brief.{event}", subject, thing=brief, state=brief.state, **data)
    if show:
        await show_progress(tx, brief, await invoice_behind(tx.connection, brief))


async def show_progress(tx: Transaction, brief: Brief, invoice: Invoice | None = None) -> None:
    """Bring the progress message up to date."""
    await tell_client(tx, brief, partial(cards.progress, brief, tx.now, invoice), slot=progress_slot(brief))


async def tell_client(
    tx: Transaction,
    brief: Brief,
    show: Show,
    *,
    slot: str | None = None,
    key: str | None = None,
    after: timedelta | None = None,
) -> None:
    """Have a Card shown where the brief came from, in its client's language, in a group too.

    show: makes the Card. after: so much later, unless its slot shows something newer by then.
    """
    client = await people.within(tx, brief.tenant, brief.client_id)
    with reading_as(client.reader):
        card = show()
    await post(tx, brief.tenant, brief.chat_id, card, slot=slot, key=key, topic=brief.topic, after=after)
