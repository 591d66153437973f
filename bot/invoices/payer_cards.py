"""What people see while they say where their invoices go."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bot.invoices.countries import country_name
from bot.invoices.model import Invoice
from bot.invoices.payer import BillingDetails, Given, KeptDetails
from bot.kernel.card import Button, Card, Lines, escape, first_lines, in_rows
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext

PAGE = N_("You pay each invoice on Stripe's page, without an e-mail.")
EMAIL_OPEN = N_("Still open: where should the invoice go? Write an e-mail address, or skip.")
NAME_OPEN = N_("Still open: which name goes on the invoice? Write it; /stop ends the question.")
COUNTRY_OPEN = N_("Still open: which country is on the invoice? Write it; /stop ends the question.")
ADDRESS_OPEN = N_("Still open: which address goes on the invoice? Write it, or skip.")
TAX_ID_OPEN = N_("Still open: which tax ID goes on the invoice? Write it, or skip.")
WHERE = N_("Where should the invoice go?")
SKIP = N_("Skip: pay on Stripe's page")
# What Stripe refused: with what was given, and where nothing was.
REFUSED: Mapping[str, tuple[str, str]] = {
    "email": (
        N_("Stripe does not take your e-mail address “{value}”, so the invoice cannot be made yet."),
        N_("Stripe does not take your e-mail address, so the invoice cannot be made yet."),
    ),
    "name": (
        N_("Stripe does not take your name “{value}”, so the invoice cannot be made yet."),
        N_("Stripe does not take your name, so the invoice cannot be made yet."),
    ),
    "country": (
        N_("Stripe does not take your country “{value}”, so the invoice cannot be made yet."),
        N_("Stripe does not take your country, so the invoice cannot be made yet."),
    ),
    "address": (
        N_("Stripe does not take your address “{value}”, so the invoice cannot be made yet."),
        N_("Stripe does not take your address, so the invoice cannot be made yet."),
    ),
    "tax_id": (
        N_("Stripe does not take your tax ID “{value}”, so the invoice cannot be made yet."),
        N_("Stripe does not take your tax ID, so the invoice cannot be made yet."),
    ),
}
SHOWN = 30  # letters of what a button says


def ask_email(waiting: Sequence[str], kept: str, turn: int, *, may_skip: bool) -> Card:
    """The first question; `waiting`: titles of what starts once it is answered; `turn`: which asking this is."""
    lines = Lines(_(WHERE))
    if waiting:
        lines.add(
            ngettext(
                "I ask this once, then {quotes} starts.",
                "Then {quotes} start.",
                len(waiting),
                quotes=quoted(waiting),
            )
        )
    lines.add(_("Write an e-mail address. Name and country may come with it:"))
    lines.add(_("Nordwind GmbH, anna@example.org, Germany"))
    return Card(str(lines), _email_rows(kept, turn, may_skip=may_skip))


def ask_email_again(why: str, kept: str, turn: int, *, may_skip: bool, may_be_brief: bool) -> Card:
    """What was written is no address; `may_be_brief`: it may have been meant as something else."""
    lines = Lines(_(WHERE)).add(escape(why))
    if may_skip:
        lines.add(_("Or skip it, and you pay on Stripe's page."))
    meant = ((Button(_("It is a new brief"), "unread"),),) if may_be_brief else ()
    return Card(str(lines), (*meant, *_email_rows(kept, turn, may_skip=may_skip)))


def _email_rows(kept: str, turn: int, *, may_skip: bool) -> tuple[tuple[Button, ...], ...]:
    rows = [(_keep(kept, "email"),)] if kept else []
    if may_skip:
        rows.append((Button(_(SKIP), "billskip", turn),))
    return (*rows, (_cancel(turn),))


def _cancel(turn: int) -> Button:
    """It ends the asking that it stands under, and no later one."""
    return Button(_("Cancel"), "billstop", turn)


def ask_name(email: str, name: str, turn: int) -> Card:
    """The second question, with a name to tap where there is one."""
    lines = Lines(_("Which name goes on the invoice?")).add(_("It goes to {address}.", address=escape(email)))
    if name:
        lines.add(_("Write the name of a person or company, or tap yours."))
    else:
        lines.add(_("Write the name of a person or company."))
    return Card(str(lines), (((_keep(name, "name"),), (_cancel(turn),)) if name else ((_cancel(turn),),)))


def ask_country(name: str, offered: Sequence[str], turn: int) -> Card:
    """The third question, with some countries to tap."""
    lines = Lines(_("Which country?"))
    # Translators: {name} is that of a person or company: "Where Nordwind GmbH is."
    lines.add(_("Where {name} is. Tap one, or write any other.", name=first_lines(name, 60)))
    buttons = [Button(country_name(code)[:SHOWN], "billland", number_of(code)) for code in offered]
    return Card(str(lines), (*in_rows(buttons), (_cancel(turn),)))


def ask_address(kept: str, turn: int) -> Card:
    """What may stand on the invoice besides."""
    lines = Lines(_("Which address goes on the invoice?"))
    if kept:
        lines.add(f"<blockquote>{escape(kept)}</blockquote>")
    lines.add(_("Write street, postcode and town, like Hafenstrasse 1, 20457 Hamburg."))
    return Card(str(lines), (_leave(kept, "address"), (_cancel(turn),)))


def ask_tax_id(kept: str, turn: int) -> Card:
    """The number that companies want to see."""
    lines = Lines(_("Which tax ID goes on the invoice?"))
    if kept:
        lines.add(f"<blockquote>{escape(kept)}</blockquote>")
    lines.add(_("Write it as it should be printed, like DE123456789."))
    return Card(str(lines), (_leave(kept, "tax_id"), (_cancel(turn),)))


def saved(kept: KeptDetails, started: Sequence[int], stopped: Sequence[str], invoiced: Sequence[Invoice]) -> Card:
    """What was kept, and which briefs it let start; `stopped` says why others did not.

    invoiced: the invoices that go on.
    """
    if kept.given is Given.SKIPPED:
        lines = Lines(_started(started) if started else _("You pay on Stripe's page"))
        lines.add(_("You pay each invoice on Stripe's page, without an e-mail. /billing adds one."))
    else:
        lines = Lines(_started(started) if started else _("Billing details saved"))
        lines.add(_("Invoices go to {payer}.", payer=_shown(kept.details)))
        lines.add(_("Saved for your next invoices; /billing changes it."))
    briefs = [invoice.brief_id for invoice in invoiced if invoice.brief_id is not None]
    if briefs:
        lines.add(_("The invoice for brief {briefs} continues now.", briefs=in_a_row(briefs)))
    for invoice in invoiced:
        if invoice.brief_id is None:
            lines.add(_("Invoice {number} continues now.", number=invoice.id))
    for why in stopped:
        lines.add(escape(why))
    more = Button(_("Add address or tax ID"), "billmore")
    has_both = kept.details.address and kept.details.tax_id
    return Card(str(lines), ((more,),) if kept.given is Given.DETAILS and not has_both else ())


def _started(briefs: Sequence[int]) -> str:
    return ngettext("Brief {briefs} is started", "Brief {briefs} are started", len(briefs), briefs=in_a_row(briefs))


def refused(invoice: Invoice, field: str, details: BillingDetails) -> Card:
    """Stripe says no to what the client gave: they give something else, or skip it."""
    if invoice.brief_id is None:
        lines = Lines(_("Invoice {number} · It needs you", number=invoice.id))
    else:
        lines = Lines(_("Brief {brief} · Its invoice needs you", brief=invoice.brief_id))
    value = {**asdict(details), "country": country_name(details.country)}[field]
    given, empty = REFUSED[field]
    words = _(given, value=first_lines(value, 80)) if value else _(empty)
    lines.add(words if invoice.brief_id is None else f"{words} {_('Your work is safe.')}")
    lines.add(_("Give another by /billing, or skip and pay on Stripe's page. The invoice then comes at once."))
    give = Button(_("Give another"), "billmore" if field in {"address", "tax_id"} else "billchange")
    return Card(str(lines), ((give,), (Button(_(SKIP), "billskip"),)))


def overview(kept: KeptDetails | None) -> Card:
    """/billing: what is kept, to be changed or removed."""
    if kept is None or kept.given is not Given.DETAILS:
        skipped = kept is not None and kept.given is Given.SKIPPED
        lines = Lines(_("Billing details · none")).add(_(PAGE) if skipped else _("I have none."))
        return Card(str(lines), ((Button(_("Add details"), "billchange"),),))
    lines, details = Lines(_("Billing details")), kept.details
    for line in (details.name, details.email, details.address, country_name(details.country)):
        if line:
            lines.add(escape(line))
    if details.tax_id:
        lines.add(_("Tax ID {number}", number=escape(details.tax_id)))
    lines.add(_("They will be on your next invoices."))
    change = (Button(_("Change"), "billchange"), Button(_("Address, tax ID"), "billmore"))
    return Card(str(lines), (change, (Button(_("Remove"), "billremove", 0, kept.version),)))


def ask_removal(kept: KeptDetails) -> Card:
    """Once more, before they are gone."""
    lines = Lines(_("Remove your billing details?"))
    lines.add(_("I delete them now, and at Stripe before your next invoice."))
    lines.add(_("Existing invoices stay as they are. I ask again when you next say yes to a quote."))
    return Card(
        str(lines),
        ((Button(_("Keep them"), "billshow"),), (Button(_("Yes, remove"), "billremoveyes", 0, kept.version),)),
    )


def removed() -> Card:
    """They are gone."""
    return Card(str(Lines(_("Billing details · removed")).add(_("/billing adds new ones."))))


def number_of(code: str) -> int:
    """A country's code as the number that a button can carry."""
    return (ord(code[0]) - ord("A")) * 26 + ord(code[1]) - ord("A")


def code_of(number: int) -> str:
    """The code that `number_of` was given."""
    first, second = divmod(number % 676, 26)
    return chr(ord("A") + first) + chr(ord("A") + second)


def quoted(titles: Sequence[str]) -> str:
    """ "“Product page” and “Leaflet”", as HTML."""
    return in_a_row([f"“{escape(title)}”" for title in titles])


def in_a_row(briefs: Sequence[int | str]) -> str:
    """ "1042 and 1043", of one brief or several."""
    row = str(briefs[0])
    for brief in briefs[1:]:
        # Translators: puts numbers in a row: "1042 and 1043".
        row = _("{these} and {last}", these=row, last=brief)
    return row


def _shown(details: BillingDetails) -> str:
    return escape(", ".join((details.name, details.email, country_name(details.country))))


def _keep(value: str, field: str) -> Button:
    return Button(value if len(value) <= SHOWN else f"{value[: SHOWN - 1]}…", "billkeep", choice=field)


def _leave(kept: str, field: str) -> tuple[Button, ...]:
    skip = Button(_("Keep it") if kept else _("Skip"), "billkeep", choice=field)
    return (skip, Button(_("Leave it off"), "billoff", choice=field)) if kept else (skip,)
