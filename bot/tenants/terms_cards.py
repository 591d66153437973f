"""Terms and privacy in words: screens of a few lines each, and all of it at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.kernel.card import Button, Card, Document, Lines, bold, escape
from bot.kernel.text.fitting import units
from bot.kernel.text.words import in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext, percent

READ_IN_CHAT = 3_300
TITLES = {"order": N_("Terms, in short"), "data": N_("What we keep of you"), "forget": N_("How to be forgotten")}
ASKS = {"order": N_("How you order"), "data": N_("What we keep"), "forget": N_("Be forgotten")}


CHANGES = {
    "free": N_("One change of delivered work costs nothing."),
    "priced": N_("A change of delivered work costs {part} of its price."),
    "asked": N_("What a change of delivered work costs the team tells you first."),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the settings say. expected: when work is ready. models: the host of the models' provider.

    notion, drive: whether records are copied there, and work is kept there.
    changes: how delivered work is changed, as the setting says.
    own: the tenant's own text, "" where it has none.
    """

    expected: str
    quote_days: int
    invoice_days: int
    retention_days: int
    models: str
    notion: bool
    drive: bool
    changes: str = "asked"
    change_percent: int = 0
    own: str = ""


def _order(facts: Facts) -> Sequence[str]:
    pay = _days(facts.invoice_days) if facts.invoice_days else ""
    return [
        _(
            "You see the price first; nothing starts before your yes. A quote stands for {days}.",
            days=_days(facts.quote_days),
        ),
        facts.expected,
        _("You pay after delivery, within {days} of the invoice.", days=pay) if pay else _("You pay after delivery."),
        _("You pay for work that was delivered, and for nothing else."),
        _(CHANGES[facts.changes], part=percent(facts.change_percent / 100)),
        _("With one or two stars you get one revision, free of charge."),
    ]


def _data(facts: Facts) -> Sequence[str]:
    after = _days(facts.retention_days)
    others = [_("{host} (models)", host=escape(facts.models)), _("Stripe (payment)"), _("Telegram (this chat)")]
    if facts.notion:
        others.append(_("Notion (records)"))
    if facts.drive:
        others.append(_("Google Drive (finished work)"))
    return [
        _("Your name and settings, briefs with files, our work, stars, invoices: until you have it erased (/privacy)."),
        _("Messages in general, and files that became no brief: {days}.", days=after),
        _("Messages to the team about a brief or an invoice: as long as that is kept."),
        _("Others who work with it: {names}.", names=in_a_row(others)),
    ]


def _forget(facts: Facts) -> Sequence[str]:  # noqa: ARG001 - every screen's shape
    return [
        _("/privacy shows what is kept about you, gives it to you as a file, and erases it."),
        _("24 hours after your yes it is erased, and you get a certificate. Until then one tap stops it."),
        _("What the law tells us to keep stays, such as invoices, under a number instead of your name."),
        _("You can stop any time: nothing is made without your yes."),
    ]


SCREENS: Mapping[str, Callable[[Facts], Sequence[str]]] = {"order": _order, "data": _data, "forget": _forget}


def _days(number: int) -> str:
    return ngettext("{n} day", "{n} days", number)


def screen(name: str, facts: Facts) -> Card:
    """One of them, with the way to the others and to all of it."""
    lines = Lines(_(TITLES[name]))
    for line in SCREENS[name](facts):
        lines.add(line)
    others = tuple(Button(_(ASKS[other]), "terms", choice=other) for other in SCREENS if other != name)
    return Card(str(lines), (others, (Button(_("Read it all"), "termsall"),)))


def whole(facts: Facts) -> Card:
    """All of it in one message, with the tenant's own text; as a file where that is long."""
    parts = ["\n".join([bold(_(TITLES[name])), *SCREENS[name](facts)]) for name in SCREENS]
    if not facts.own:
        return Card("\n\n".join(parts))
    if units(facts.own) <= READ_IN_CHAT - sum(map(units, parts)):
        return Card("\n\n".join([*parts, bold(_("Terms and privacy")), escape(facts.own)]))
    return Card("\n\n".join(parts), document=Document("terms.txt", facts.own))
