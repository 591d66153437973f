"""What becomes of a refund, by what Stripe says of it, and who hears of that. The ledger follows the same events."""

from datetime import timedelta
from functools import partial
from typing import Any

from bot.access.model import Permission, Person
from bot.approvals.model import roles_with
from bot.audit.service import record
from bot.invoices.model import Invoice
from bot.invoices.remote import RemoteNotice
from bot.limits.model import Deed
from bot.limits.service import give_back
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.refunds import cards
from bot.refunds.deed import about
from bot.refunds.model import GIVES_BACK, GONE, Refund, RefundState, heard
from storage.billing import invoices
from storage.engine.database import Transaction
from storage.people import people
from storage.refunds import refunds as rows

NEWS = timedelta(days=3)  # older refunds of the dashboard are written down, and nobody is told any more


async def take_over(tx: Transaction, tenant: str, invoice_id: int, notice: RemoteNotice) -> None:
    """Write down what Stripe says of a refund; one that is not known was made in Stripe's dashboard."""
    invoice = await invoices.load_invoice(tx.connection, invoice_id, lock=True)  # whoever counts what is left waits
    if invoice is None or invoice.tenant != tenant:
        return
    refund = await rows.known_as(tx.connection, tenant, notice.id) or await _ours(tx, tenant, invoice_id, notice)
    state = heard(refund, notice.status)
    if state is None:
        return
    if refund is None:
        await _theirs(tx, invoice, notice, state)
    else:
        why = notice.reason if state in GIVES_BACK else None
        now = await rows.change(tx, refund, state=state, stripe_id=notice.id, error=why, check_at=None)
        await said(tx, refund.state, now)


async def _ours(tx: Transaction, tenant: str, invoice_id: int, notice: RemoteNotice) -> Refund | None:
    """The row that its metadata names, told from that of a copy of the database by the row's mark."""
    if notice.refund_id is None:
        return None
    refund = await rows.find(tx.connection, tenant, notice.refund_id, lock=True)
    ours = refund is not None and refund.invoice_id == invoice_id and refund.mark == notice.row
    return refund if ours else None


async def _theirs(tx: Transaction, invoice: Invoice, notice: RemoteNotice, state: RefundState) -> None:
    added = await rows.add_theirs(tx, invoice, notice, state)
    if added is None:
        return
    if notice.made_at is not None and tx.now - notice.made_at < NEWS:
        await said(tx, None, added)
    else:
        await recorded(tx, added)


async def said(tx: Transaction, before: RefundState | None, refund: Refund) -> None:
    """Tell other areas what became of a refund, who asked for it, its client, and those who have to do something."""
    await recorded(tx, refund)
    of = await about(tx.connection, refund)
    client = await people.by_id(tx.connection, refund.tenant, of.invoice.client_id)
    key = f"invoice:{of.invoice.id}:refund:{refund.id}"
    if refund.state in GONE and before not in GONE:
        await notify(tx, client, Topic.INVOICES, partial(cards.to_client, of), key=f"{key}:sent")
    if refund.state in GIVES_BACK and before in GONE:
        await notify(tx, client, Topic.INVOICES, partial(cards.back_from_client, of), key=f"{key}:back")
    for person in await team(tx, refund):
        show = partial(cards.state, of)
        await notify(tx, person, Topic.INVOICES, show, key=f"refund:{refund.id}:{refund.state}:{person.id}")


async def team(tx: Transaction, refund: Refund) -> list[Person]:
    """Who asked hears of everything, while they may ask for refunds; who may approve them of what did not go well. What
    somebody made in Stripe's dashboard admins hear of otherwise.
    """
    if refund.asked_by is None:
        return []
    told = {person.id: person for person in await asker(tx, refund)}
    if refund.state not in GONE:
        roles = roles_with(Permission.APPROVE_REFUNDS)
        told |= {person.id: person for person in await people.with_roles(tx.connection, refund.tenant, *roles)}
    return list(told.values())


async def asker(tx: Transaction, refund: Refund) -> list[Person]:
    """Who asked for it, unless that is nobody of the team any more."""
    if refund.asked_by is None:
        return []
    person = await people.by_id(tx.connection, refund.tenant, refund.asked_by)
    return [person] if person.may(Permission.REQUEST_REFUNDS) else []


async def recorded(tx: Transaction, refund: Refund) -> None:
    """Write down where the refund stands; one that gave nothing back in the end counts for no limit."""
    if refund.state in GIVES_BACK and refund.asked_by is not None:
        await give_back(tx, refund.tenant, Deed.REFUND, refund.name)
    data: dict[str, Any] = {
        "amount": refund.amount.neutral,
        "invoice": refund.invoice_id,
        "stripe_id": refund.stripe_id,
    }
    await record(tx, refund.tenant, None, f"refund.{refund.state}", refund.name, thing=refund, **data)
