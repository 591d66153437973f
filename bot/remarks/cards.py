"""What people see of a message that is no order, or not surely one."""

from bot.briefs.model import CANCELLABLE, OPEN_STATES, Brief, State
from bot.invoices.model import PAYABLE, Invoice, InvoiceState
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.remarks.model import Meant, Remark

SHOWN_OF_TEXT = 200
SHOWN_OF_TITLE = 40
ORDER, ABOUT, TEAM = "order", "about", "team"
CHOICES = (ORDER, ABOUT, TEAM)
EXAMPLE = N_("For example: Write a product page for our solar lamp, about 200 words.")
Row = tuple[Button, ...]


def thanks(remark: Remark) -> Card:
    """Somebody thanked us."""
    lines = Lines(_("Glad to hear it")).add(_("Write any time you need something new."))
    return Card(str(lines), (_ways(remark, team=True),))


def chat(remark: Remark) -> Card:
    """Somebody greeted us, or passed the time of day."""
    lines = Lines(_("Hello"))
    lines.add(_("Write what you need in a sentence or two. You see the price before anything starts."))
    lines.add(_(EXAMPLE))
    lines.add(_("/briefs shows what you ordered, /help what else I can do."))
    return Card(str(lines), (_ways(remark, team=True),))


def too_little(remark: Remark | None = None) -> Card:
    """Nobody could work from so few words. remark: where they are kept, and may go to the team."""
    lines = Lines(_("Tell me a little more"))
    lines.add(_("Say what you need in a sentence or two, for example:"))
    lines.add(_("Write a product page for our solar lamp, about 200 words."))
    lines.add(_("Or take /brief, which asks step by step."))
    return Card(str(lines), () if remark is None else ((_button(_("Write to the team"), remark, TEAM),),))


def unsure(remark: Remark, meant: Meant) -> Card:
    """What it is, its writer says by a tap."""
    lines = Lines(_("Is this a new order?"))
    lines.add(f"<blockquote>{first_lines(remark.text, SHOWN_OF_TEXT)}</blockquote>")
    lines.add(_("Nothing was started or charged. You need not write it again."))
    first: Row = (_button(_("New order"), remark, ORDER),)
    if meant.brief is not None:
        first = (*first, _button(_what(meant.brief), remark, ABOUT))
    return Card(str(lines), (first, (_button(_("Write to the team"), remark, TEAM),)))


def _what(brief: Brief) -> str:
    if brief.is_quote:
        return _("About “{title}”", title=brief.title[:SHOWN_OF_TITLE])
    return _("About brief {brief}", brief=brief.id)


def about(remark: Remark, meant: Meant, shown: Card) -> Card:
    """The brief or invoice that it is about, as `shown`, with what can be done there."""
    lines = [shown.text]
    if meant.invoice is not None:
        lines.append(_how_to_pay(meant.invoice))
    elif meant.brief is not None:
        lines.append(_what_now(meant.brief))
    if meant.guessed:
        lines.append(_("You mean another one? /briefs lists yours."))
    return Card("\n".join(lines), (*shown.rows, _ways(remark, team=True)))


def nothing_found(remark: Remark, meant: Meant) -> Card:
    """It is a question or a change, and nothing of the person's is meant."""
    if meant.unknown:
        lines = Lines(_unknown(meant)).add(_("/briefs and /invoices list yours. Nothing was started or charged."))
    else:
        lines = Lines(_("Not taken as an order")).add(_("Nothing was started or charged."))
        lines.add(_("/briefs and /invoices show how yours stand. The team answers everything else."))
    return Card(str(lines), (_ways(remark, team=True),))


def with_team(remark: Remark, meant: Meant, shown: Card | None = None) -> Card:
    """The team has it. shown: the brief or invoice that it is about."""
    lines = Lines(_("The team has your message"))
    lines.add(_("Nothing new was started or charged. A person reads it and gets back to you."))
    if meant.unknown:
        lines.add(_unknown(meant))
    if shown is None:
        return Card(str(lines), (_ways(remark, team=False),))
    return Card(f"{lines}\n\n{shown.text}", (*shown.rows, _ways(remark, team=False)))


def _unknown(meant: Meant) -> str:
    return _("You have no brief or invoice {number}.", number=escape(meant.unknown))


def _what_now(brief: Brief) -> str:
    """What can be done with a brief that stands so."""
    if brief.state is State.QUOTED:
        return _("Nothing starts before your yes. More options changes the text.")
    if brief.state in {State.DELIVERED, State.INVOICED, State.PAID}:
        if brief.revision_of is not None:
            return _("Should something be different? Tap Change this.")
        return _("Should something be different? Tap Change this; one or two stars open a free revision.")
    if brief.state in OPEN_STATES:
        if brief.state in CANCELLABLE:
            return _("It comes here by itself. Until then you can cancel it.")
        return _("It comes here by itself.")
    if brief.state is State.FAILED:
        return _("We were told of the fault and start it again.")
    return _("This one has ended. It starts anew only by a new order.")


def _how_to_pay(invoice: Invoice) -> str:
    """What can be done with an invoice that stands so."""
    if invoice.state in PAYABLE:
        return _("The button leads to Stripe's page, with every way to pay. /billing changes where invoices go.")
    if invoice.state is InvoiceState.PAID:
        return _("It is paid; there is nothing for you to do. Anything else the team answers.")
    return _("There is nothing to pay on it now. Anything else the team answers.")


def _ways(remark: Remark, *, team: bool) -> Row:
    order = _button(_("New order"), remark, ORDER)
    return (_button(_("Write to the team"), remark, TEAM), order) if team else (order,)


def _button(label: str, remark: Remark, choice: str) -> Button:
    return Button(label, "remark", remark.id, choice=choice)
