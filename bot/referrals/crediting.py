"""A referral's credit follows money: earned once the newcomer paid, taken off the referrer's invoices, taken back."""

from collections.abc import Sequence
from functools import partial

from bot.access.model import Permission
from bot.audit.service import record
from bot.invoices.model import Invoice, InvoiceLine, total_of
from bot.invoices.remote import RemoteNotice, TakenOver
from bot.kernel.errors import Refusal
from bot.kernel.events import Event
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.kernel.translation import reading_as
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.referrals import cards, model
from bot.referrals.model import Referral, Use, UseState
from storage.billing import invoices
from storage.engine.database import Transaction
from storage.ledger import postings
from storage.partners import partners
from storage.people import people
from storage.referrals import referrals, uses
from storage.refunds import refunds

Parts = Sequence[tuple[Referral, int]]


async def take_off(
    tx: Transaction, tenant: str, client_id: int, lines: Sequence[InvoiceLine]
) -> tuple[Sequence[InvoiceLine], Parts]:
    """The lines of an invoice that is about to be made, with what the client has as credit taken off by one more; and
    what of which credit that is, for `set_aside`. What Stripe charges at least is left.
    """
    total = total_of(lines)
    parts = model.taken_off(await referrals.usable(tx, tenant, client_id, total.currency), total)
    if not parts:
        return lines, ()
    client = await people.within(tx, tenant, client_id)
    with reading_as(client.reader):
        words = _("Referral credit")
    return (*lines, InvoiceLine(words, 1, Money(-taken(parts), total.currency))), parts


def taken(parts: Parts) -> int:
    """What they come to, in minor units."""
    return sum(part for _one, part in parts)


async def set_aside(tx: Transaction, invoice: Invoice, parts: Parts) -> None:
    """Keep what was taken off for that invoice, which was made now."""
    for referral, part in parts:
        await referrals.change(tx, referral, used_minor=referral.used + part)
        await uses.add(tx, referral, invoice.id, part)
        subject, amount = f"referral:{referral.id}", referral.money(part).neutral
        await record(tx, invoice.tenant, None, "referral.set_aside", subject, invoice=invoice.id, amount=amount)


async def earn(tx: Transaction, event: Event, percent: int) -> None:
    """A newcomer's first invoice is paid: that percentage of it is their referrer's credit, and they are told."""
    took = event.thing
    assert isinstance(took, TakenOver)
    invoice, sums = took.invoice, took.remote.sums
    base = Money(sums.subtotal - sums.discount - sums.tax_included, invoice.amount.currency)
    referral = await referrals.paid_by(tx, event.tenant, invoice.client_id)
    if referral is None or referral.invoice_id is not None or base.minor <= 0:
        return
    referrer = await people.by_id(tx.connection, event.tenant, referral.referrer_id)
    shared = await partners.share_of(tx.connection, event.tenant, referrer.id)  # who gets one gets no credit beside it
    credit = model.credit_of(base, percent if referrer.may(Permission.SUBMIT_BRIEFS) and not shared else 0)
    values = {"invoice_id": invoice.id, "currency": credit.currency, "earned_minor": credit.minor}
    referral = await referrals.change(tx, referral, **values)
    subject = f"referral:{referral.id}"
    if credit.minor:
        await postings.post(tx, event.tenant, model.earned(referral, invoice.id, credit))
        friend = await people.by_id(tx.connection, event.tenant, referral.person_id)
        card = partial(cards.earned, credit, friend.name)
        await notify(tx, referrer, Topic.INVOICES, card, key=f"{subject}:earned")
    await record(tx, event.tenant, None, "referral.earned", subject, invoice=invoice.id, amount=credit.neutral)


async def opened(tx: Transaction, event: Event) -> None:
    """The invoice asks for less: what was set aside is used."""
    for use in await uses.of_invoice(tx, event.tenant, event.number):
        if use.state is UseState.SET_ASIDE:
            now = await uses.move(tx, use, UseState.USED)
            await postings.post(tx, event.tenant, model.used(now))
            await _said(tx, "referral.used", now)


async def given_back(tx: Transaction, event: Event) -> None:
    """The invoice is void or cancelled: what was taken off it is there again for the next one."""
    for use in await uses.of_invoice(tx, event.tenant, event.number):
        if use.state is UseState.RETURNED:
            continue
        now = await uses.move(tx, use, UseState.RETURNED)
        if use.state is UseState.USED:
            await postings.post(tx, event.tenant, model.returned(now))
        referral = await referrals.locked(tx, event.tenant, use.referral_id)
        referral = await referrals.change(tx, referral, used_minor=referral.used - use.amount.minor)
        await _said(tx, "referral.returned", now)
        await _claw(tx, referral)


async def asked_anew(tx: Transaction, event: Event) -> None:
    """A void invoice is made once more, with the same lines: its credit has to be there still. Raises Refusal."""
    for use in await uses.of_invoice(tx, event.tenant, event.number):
        if use.state is not UseState.RETURNED:
            continue
        referral = await referrals.locked(tx, event.tenant, use.referral_id)
        if referral.left < use.amount.minor:
            raise Refusal(
                _(
                    "{money} of referral credit was taken off invoice {number}, and is used elsewhere by now. Make a "
                    "new one by /invoice.",
                    money=use.amount,
                    number=use.invoice_id,
                )
            )
        await referrals.change(tx, referral, used_minor=referral.used + use.amount.minor)
        await _said(tx, "referral.set_aside", await uses.move(tx, use, UseState.SET_ASIDE))


async def refunded(tx: Transaction, event: Event) -> None:
    """A refund went out, or came back: the unused credit for that invoice follows."""
    referral = await referrals.of_invoice(tx, event.tenant, int(event.data["invoice"]))
    if referral is not None:
        await _claw(tx, referral)


async def disputed(tx: Transaction, event: Event) -> None:
    """The newcomer's bank took the money back, or gave it back: the unused credit follows."""
    notice = event.thing
    assert isinstance(notice, RemoteNotice)
    referral = await referrals.of_invoice(tx, event.tenant, event.number)
    if referral is None:
        return
    gone = notice.amount.minor if sum(move.settled.gross.minor for move in notice.moves) < 0 else 0
    if gone != referral.disputed:
        referral = await referrals.change(tx, referral, disputed_minor=gone)
    await _claw(tx, referral)


async def _claw(tx: Transaction, referral: Referral) -> None:
    """Take back what the refunds of the newcomer's invoice call for, as far as it is not used."""
    if referral.invoice_id is None or not referral.earned:
        return
    invoice = await invoices.load_invoice(tx.connection, referral.invoice_id)
    assert invoice is not None
    back = (await refunds.returned(tx.connection, referral.tenant, [invoice])).get(invoice.id)
    wanted = model.to_claw(referral, 0 if back is None else back.done.minor, invoice.paid_minor)
    more = referral.money(wanted - referral.clawed)
    if not more.minor:
        return
    now = await referrals.change(tx, referral, clawed_minor=wanted)
    await postings.post(tx, referral.tenant, model.clawed(now, invoice.id, more))
    subject = f"referral:{now.id}"
    await record(tx, referral.tenant, None, "referral.clawed", subject, invoice=invoice.id, amount=more.neutral)
    if more.minor > 0:
        friend = await people.by_id(tx.connection, referral.tenant, referral.person_id)
        referrer = await people.by_id(tx.connection, referral.tenant, referral.referrer_id)
        card = partial(cards.clawed, more, friend.name)
        await notify(tx, referrer, Topic.INVOICES, card, key=f"{subject}:clawed:{now.version}")


async def _said(tx: Transaction, name: str, use: Use) -> None:
    subject = f"referral:{use.referral_id}"
    await record(tx, use.tenant, None, name, subject, invoice=use.invoice_id, amount=use.amount.neutral)
