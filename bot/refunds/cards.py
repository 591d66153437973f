"""How refunds read: while they are asked for, to those who approve them, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.approvals.ports import Subject
from bot.billing.cards import in_one_line
from bot.flags.model import Switch
from bot.invoices.model import Invoice
from bot.invoices.remote import RemoteCharge
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.money import Money
from bot.kernel.text.words import in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext
from bot.refunds.model import GIVES_BACK, NOT_LEFT, Refund, RefundState, left, spent

LONGEST_WHY = 300
SHOWN = 8
AMOUNT_OPEN = N_("Still open: how much of invoice {number} is to be refunded? Write the amount; /stop ends it.")
REASON_OPEN = N_("Still open: why is invoice {number} to be refunded? Write it in a few words; /stop ends it.")
PREVIEW_OPEN = N_("Still open: the refund of invoice {number}. Tap Ask for approval in its preview; /stop discards it.")
STATES: Mapping[RefundState, str] = {
    RefundState.REQUESTED: N_("needs approval"),
    RefundState.APPROVED: N_("approved"),
    RefundState.RESERVED: N_("approved"),
    RefundState.SENT: N_("being sent"),
    RefundState.UNKNOWN: N_("being checked with Stripe"),
    RefundState.PENDING: N_("under way"),
    RefundState.SUCCEEDED: N_("sent back"),
    RefundState.FAILED: N_("failed, the money is yours"),
    RefundState.CANCELLED: N_("cancelled, the money is yours"),
}
HEADS: Mapping[RefundState, str] = {
    **dict.fromkeys(RefundState, N_("Refund {number} · Approved")),
    RefundState.REQUESTED: N_("Refund {number} · Needs approval"),
    RefundState.SENT: N_("Refund {number} · Being sent"),
    RefundState.UNKNOWN: N_("Refund {number} · Being checked with Stripe"),
    RefundState.PENDING: N_("Refund {number} · Under way"),
    RefundState.SUCCEEDED: N_("Refund {number} · Sent back"),
    RefundState.FAILED: N_("Refund {number} · Failed"),
    RefundState.CANCELLED: N_("Refund {number} · Cancelled"),
}
MEANS: Mapping[RefundState, str] = {
    RefundState.UNKNOWN: N_(
        "Stripe did not say whether it sent it. It is asked again in 5 min, 1 h and 1 day; nothing is sent twice."
    ),
    RefundState.PENDING: N_("Stripe has it, and sends it as soon as it can. The client was told."),
    RefundState.SUCCEEDED: N_("It reaches the client's account in 5 to 10 working days. The client was told."),
    RefundState.FAILED: N_("The money is yours again, and can be refunded anew: /refund"),
    RefundState.CANCELLED: N_("The money is yours again, and can be refunded anew: /refund"),
}
# Why it failed: https://docs.stripe.com/refunds#failed-refunds
WHY: Mapping[str, str] = {
    NOT_LEFT: N_("less than that is left of the payment; part of it was refunded meanwhile"),
    "charge_for_pending_refund_disputed": N_("the client's bank disputes the payment"),
    "declined": N_("the client's bank declined it"),
    "expired_or_canceled_card": N_("the client's card has expired or was cancelled"),
    "insufficient_funds": N_("too little money was on the balance at Stripe"),
    "lost_or_stolen_card": N_("the client's card was reported lost or stolen"),
    "merchant_request": N_("it was cancelled in Stripe's dashboard"),
    "unknown": N_("Stripe does not know"),
}
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class About:
    """A refund, its invoice, the client's name, and all refunds of the invoice, this one too."""

    refund: Refund
    invoice: Invoice
    client: str
    others: Sequence[Refund]

    @property
    def number(self) -> str:
        """Of the invoice, as people know it."""
        return numbered(self.invoice)

    @property
    def left(self) -> Money:
        """What is left of the payment once it is sent."""
        refund = self.refund
        return Money(max(0, refund.payment.minor - spent(self.others, refund.intent)), refund.amount.currency)


@dataclass(frozen=True, slots=True)
class Refundable:
    """A payment that money can be sent back from: its invoice and client, and all refunds of the invoice."""

    invoice: Invoice
    charge: RemoteCharge
    client: str
    refunds: Sequence[Refund]

    @property
    def left(self) -> Money:
        """What can still be sent back."""
        return left(self.charge, self.refunds)


@dataclass(frozen=True, slots=True)
class Preview:
    """A refund that nobody was asked for yet. needed: so many have to approve it; fuse: minutes that it waits then.

    switched: set where payments are switched off.
    """

    of: Refundable
    amount: Money
    reason: str
    needed: int
    fuse: int
    switched: Switch | None


def numbered(invoice: Invoice) -> str:
    """The number by which people know it, as HTML."""
    return escape(invoice.number or str(invoice.id))


def choose(found: Sequence[Invoice], clients: Mapping[int, str], rows: Rows) -> Card:
    """The paid invoices, each with a button."""
    lines = Lines(_("Refund · Which invoice?"))
    for invoice in found:
        lines.add(in_one_line(invoice, clients.get(invoice.client_id, "")))
    if not found:
        return Card(str(lines.add(_("No invoice is paid yet, so there is nothing to send back."))))
    buttons = [Button(f"{invoice.number or invoice.id}", "refundof", invoice.id) for invoice in found]
    pairs = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    lines.add(_("Another one: /refund and its number."))
    return Card(str(lines), (*pairs, *rows))


def ask_amount(of: Refundable) -> Card:
    """What is left of the invoice, and the question how much of it goes back."""
    lines = Lines(_("Refund · Invoice {number}", number=of.invoice.number or of.invoice.id))
    lines.add(
        _("{money} came in from {client}{card}", money=of.charge.amount, client=escape(of.client), card=_card(of))
    )
    for refund in of.refunds[-SHOWN:]:
        lines.add(_line(refund))
    lines.add(_("Left to refund: {money}. Write how much, or tap.", money=of.left))
    everything = Button(_("All {money}", money=of.left), "rfall", of.invoice.id)
    return Card(str(lines), ((everything,), (Button(_("Never mind"), "rfdrop", of.invoice.id),)))


def _card(of: Refundable) -> str:
    return f" {ending(of.charge.ending)}" if of.charge.ending else ""


def ending(digits: str) -> str:
    """Which card it is."""
    return _("(card ending {digits})", digits=escape(digits))


def _line(refund: Refund) -> str:
    by = "" if refund.asked_by is not None else _("made in Stripe's dashboard")
    said = _("Refund {number}: {money}, {state}", number=refund.id, money=refund.amount, state=_(STATES[refund.state]))
    return in_a_row(part for part in (said, by) if part)


def ask_reason(of: Refundable, amount: Money) -> Card:
    """Why, before anybody is asked for a yes."""
    lines = Lines(_("Refund · Invoice {number}", number=of.invoice.number or of.invoice.id))
    lines.add(_("{amount} to {client}. Why? Those who approve it read what you write.", amount=amount,
                client=escape(of.client)))  # fmt: skip
    return Card(str(lines), ((Button(_("Never mind"), "rfdrop", of.invoice.id),),))


def preview(of: Preview, turn: int) -> Card:
    """All that matters, before anybody is asked. turn: tells this preview from others."""
    found, amount = of.of, of.amount
    lines = Lines(_("Refund · Invoice {number} · Not asked for yet", number=found.invoice.number or found.invoice.id))
    lines.add(
        _("{amount} of {payment} to {client}{card}", amount=amount, payment=found.charge.amount,
          client=escape(found.client), card=_card(found))
    )  # fmt: skip
    lines.add(_money(found.charge.fee, found.left - amount))
    lines.add(_("Why: {why}", why=first_lines(of.reason, LONGEST_WHY)))
    lines.add(_keys(of))
    if of.switched is not None:
        lines.add(_("Payments are switched off now: it is sent once they are on again."))
    invoice = found.invoice.id
    change = Button(_("Change amount"), "rfamount", invoice, turn)
    return Card(
        str(lines),
        ((Button(_("Ask for approval"), "rfask", invoice, turn), change), (Button(_("Discard"), "rfdrop", invoice),)),
    )


def _keys(of: Preview) -> str:
    if of.needed == 1:
        return _("One other person has to approve it; then it is sent.")
    said = ngettext(
        "{n} other person has to approve it.", "{n} different people other than you have to approve it.", of.needed
    )
    if not of.fuse:
        return said
    wait = ngettext("Then it can be stopped for {n} minute.", "Then it can be stopped for {n} minutes.", of.fuse)
    return f"{said} {wait}"


def _money(fee: Money | None, remaining: Money) -> str:
    rest = _("Left of the payment after this: {money}.", money=remaining)
    if fee is None:
        return rest
    kept = _("Stripe keeps its fee of {money}.", money=fee)
    return f"{kept} {rest}"


def subject(of: About) -> Subject:
    """What those who approve it have to know."""
    refund = of.refund
    lines = [_amount(of), _("Why: {why}", why=first_lines(refund.reason, LONGEST_WHY))]
    if refund.state not in GIVES_BACK:  # of what is not sent nothing is kept, and nothing less is left
        lines.insert(1, _money(refund.fee, of.left))
    return Subject(_("Refund {number}", number=refund.id), lines)


def _amount(of: About) -> str:
    refund = of.refund
    card = f" {ending(refund.ending)}" if refund.ending else ""
    return _("{amount} of {payment} to {client}{card}, invoice {number}", amount=refund.amount, payment=refund.payment,
             client=escape(of.client), card=card, number=of.number)  # fmt: skip


def state(of: About) -> Card:
    """What became of it, to the team."""
    refund = of.refund
    lines = Lines(_(HEADS[refund.state], number=refund.id)).add(_amount(of))
    if refund.error:
        lines.add(_("Why: {why}", why=_why(refund.error)))
    if refund.state is RefundState.UNKNOWN and refund.stripe_id is not None:
        lines.add(_("Stripe has it in a state that is new here. It counts as sent until Stripe says another one."))
    elif refund.state in MEANS:
        lines.add(_(MEANS[refund.state]))
    return Card(str(lines))


def _why(error: str) -> str:
    """A code in words, where it is a known one; what Stripe said in its own words stays as it is."""
    known = WHY.get(error)
    if known is not None:
        return _(known)
    return first_lines(error if " " in error else error.replace("_", " "), LONGEST_WHY)


def held(of: About, switch: Switch) -> Card:
    """It is approved, and payments are switched off."""
    lines = Lines(_("Refund {number} · Approved, waits", number=of.refund.id)).add(_amount(of))
    lines.add(_("{who}. It is sent once payments are on again; you need do nothing.", who=escape(switch.who)))
    return Card(str(lines))


def lost(of: About) -> Card:
    """Nobody knows after a day whether it was sent."""
    lines = Lines(_("Refund {number} · Nobody knows whether it was sent", number=of.refund.id)).add(_amount(of))
    lines.add(
        _("Stripe gave no answer in a day. Look in Stripe's dashboard for it, or ask once more; nothing is sent twice.")
    )
    return Card(str(lines), _ask_again(of))


def _ask_again(of: About) -> Rows:
    return ((Button(_("Ask Stripe again"), "rfagain", of.refund.id, of.refund.version),),)


def asked_again(of: About) -> Card:
    """Stripe is being asked."""
    return Card(_("Stripe is asked again about refund {number}.", number=of.refund.id))


def to_client(of: About) -> Card:
    """Money goes back to the client, at once or as soon as Stripe can send it."""
    refund, waits = of.refund, of.refund.state is RefundState.PENDING
    head = N_("Refund of {money} · Under way") if waits else N_("Refund of {money} · Sent")
    lines = Lines(_(head, money=refund.amount))
    if refund.ending:
        lines.add(_("For invoice {number}, to your card ending {digits}.", number=of.number,
                    digits=escape(refund.ending)))  # fmt: skip
    else:
        lines.add(_("For invoice {number}, to the card or account that you paid with.", number=of.number))
    if waits:
        lines.add(_("Stripe sends it as soon as it can. After that your bank shows it in 5 to 10 working days."))
    else:
        lines.add(_("Your bank shows it in 5 to 10 working days. You need not do anything."))
    return Card(str(lines))


def back_from_client(of: About) -> Card:
    """It was said that money goes back, and it did not arrive."""
    lines = Lines(_("Refund of {money} · Did not arrive", money=of.refund.amount))
    if of.refund.state is RefundState.CANCELLED:
        lines.add(_("For invoice {number}. It was cancelled before it reached you.", number=of.number))
    else:
        lines.add(_("For invoice {number}. Your bank did not take it, so it came back to us.", number=of.number))
    return Card(str(lines.add(_("We were told and look into it. /support writes to us."))))


def details(of: About, *, may: bool) -> Card:
    """A refund, for whoever looks it up. may: whether they may have Stripe asked again, once it is not by itself."""
    remaining = _("Left of the payment: {money}", money=of.left)
    shown = lost(of) if of.refund.lost else state(of)
    return Card(f"{shown.text}\n{remaining}", shown.rows if may else ())
