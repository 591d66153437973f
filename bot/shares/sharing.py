"""A partner's share follows money: earned when an invoice is paid, and taken back in the part that goes back."""

from bot.access.model import Permission
from bot.audit.service import record
from bot.invoices.model import Invoice, brief_of
from bot.invoices.remote import RemoteNotice, TakenOver
from bot.kernel.events import Event
from bot.partners.model import Partner
from bot.shares import model
from bot.shares.model import Kind, Move, NewShare, Reason, Share
from storage.billing import invoices
from storage.engine.database import Transaction
from storage.ledger import postings
from storage.partners import orders, partners
from storage.people import people
from storage.referrals import referrals
from storage.refunds import refunds
from storage.shares import shares


async def earn(tx: Transaction, event: Event) -> None:
    """An invoice is paid: the partner whose program ordered it, or by whose link its client came, gets a share once."""
    taken = event.thing
    assert isinstance(taken, TakenOver)
    found = await _whose(tx, event.tenant, taken.invoice)
    if found is None:
        return
    partner, reason = found
    base = model.base_of(taken.remote)
    new = NewShare(partner, taken.invoice.id, reason, base, model.share_of(base, partner.share_bp))
    if not new.earned.minor or not await shares.add(tx, event.tenant, new):
        return
    await _moved(tx, event.tenant, Move(partner.id, new.invoice_id, Kind.EARNED, new.earned, f"share:{new.invoice_id}"))


async def _whose(tx: Transaction, tenant: str, invoice: Invoice) -> tuple[Partner, Reason] | None:
    """The partner with a share in it; an order counts before a link. None where there is none, or they were let out."""
    number = brief_of(invoice.subject)
    order = None if number is None else await orders.of_brief(tx.connection, tenant, number)
    if order is not None:
        partner, reason = await partners.get(tx.connection, tenant, order.partner_id), Reason.ORDER
    else:
        came = await referrals.of_person(tx.connection, tenant, invoice.client_id)
        if came is None:
            return None
        partner, reason = await partners.of_client(tx.connection, tenant, came.referrer_id), Reason.REFERRAL
    if partner is None or not partner.share_bp:
        return None
    client = await people.by_id(tx.connection, tenant, partner.client_id)
    return (partner, reason) if client.may(Permission.SUBMIT_BRIEFS) else None


async def refunded(tx: Transaction, event: Event) -> None:
    """A refund went out, or came back: the share of that invoice follows."""
    share = await shares.of_invoice(tx, event.tenant, int(event.data["invoice"]))
    if share is not None:
        await _claw(tx, share)


async def disputed(tx: Transaction, event: Event) -> None:
    """The client's bank took the money back, or gave it back: the share follows."""
    notice = event.thing
    assert isinstance(notice, RemoteNotice)
    share = await shares.of_invoice(tx, event.tenant, event.number)
    if share is None:
        return
    gone = notice.amount.minor if sum(move.settled.gross.minor for move in notice.moves) < 0 else 0
    if gone != share.disputed:
        share = await shares.change(tx, share, disputed_minor=gone)
    await _claw(tx, share)


async def credited(tx: Transaction, event: Event) -> None:
    """A credit note after payment gave something back that is no refund: the share follows."""
    taken = event.thing
    assert isinstance(taken, TakenOver)
    share = await shares.of_invoice(tx, event.tenant, taken.invoice.id)
    gone = taken.remote.sums.to_balance + taken.remote.sums.back_elsewhere
    if share is not None and gone != share.credited:
        await _claw(tx, await shares.change(tx, share, credited_minor=gone))


async def _claw(tx: Transaction, share: Share) -> None:
    """Take back what is called for by what went back of the invoice's money, or give it again."""
    invoice = await invoices.load_invoice(tx.connection, share.invoice_id)
    assert invoice is not None
    back = (await refunds.returned(tx.connection, share.tenant, [invoice])).get(invoice.id)
    wanted = model.to_claw(share, 0 if back is None else back.done.minor, invoice.paid_minor)
    if wanted == share.clawed:
        return
    now = await shares.change(tx, share, clawed_minor=wanted)
    key = f"share:{share.invoice_id}:clawed:{now.version}"
    await _moved(
        tx, share.tenant, Move(share.partner_id, share.invoice_id, Kind.CLAWED, share.money(share.clawed - wanted), key)
    )


async def _moved(tx: Transaction, tenant: str, move: Move) -> None:
    """Write the move down, in the ledger too, and say that it happened."""
    if await shares.move(tx, tenant, move):
        await postings.post(tx, tenant, model.posting_of(move))
        name = "partner.share_earned" if move.kind is Kind.EARNED else "partner.share_clawed"
        subject, amount = f"partner:{move.partner_id}", move.amount.neutral
        await record(tx, tenant, None, name, subject, invoice=move.invoice_id, amount=amount)
