"""What is asked of whoever rejects a brief: why, and what becomes of an invoice that it leaves behind."""

from collections.abc import Mapping, Sequence

from bot.briefs.cards import button
from bot.briefs.model import Brief
from bot.invoices.model import Invoice
from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.quality.model import CRITERIA, Criterion

# What a client reads when a brief is rejected for a criterion; the judge's own words are for operators.
REJECTIONS: dict[Criterion, tuple[str, str]] = {
    Criterion.ACCURACY: (
        N_("Facts missing"),
        N_("The brief leaves facts open that the text needs, and we do not make them up."),
    ),
    Criterion.COMPLETENESS: (N_("Too much asked"), N_("We cannot cover all that the brief asks for in one text.")),
    Criterion.CLARITY: (N_("Brief unclear"), N_("We could not find out from the brief what the text has to say.")),
    Criterion.TONE: (N_("Not our tone"), N_("The brief asks for a tone that we do not write in.")),
}
# What becomes of the invoice, by the names that buttons carry: whether it is to be voided.
INVOICE: Mapping[str, bool] = {"keep": False, "void": True}
# The names of reasons, alone and with what becomes of the invoice: the criterion, and whether that is to be voided.
REASONS: Mapping[str, tuple[Criterion, bool | None]] = {
    **{str(criterion): (criterion, None) for criterion in CRITERIA},
    **{f"{criterion}-{name}": (criterion, void) for criterion in CRITERIA for name, void in INVOICE.items()},
}


def ask_about_invoice(brief: Brief, invoice: Invoice) -> Card:
    """Asked first, since the client reads both at once. The brief revises the one that the invoice is for."""
    lines = Lines(_("Brief {brief} · Reject", brief=brief.id))
    number = escape(invoice.number or str(invoice.id))
    lines.add(
        _(
            "It is the free revision of brief {before}. Invoice {number} of {money} for that one is open and unpaid.",
            before=brief.revision_of,
            number=number,
            money=invoice.amount,
        )
    )
    lines.add(_("What becomes of the invoice? Then comes the reason, and only then is anything done."))
    keep = Button(_("Keep the invoice"), "rejecting", brief.id, brief.version, choice="keep")
    void = Button(_("Void the invoice"), "rejecting", brief.id, brief.version, choice="void")
    return Card(str(lines), ((keep, button(_("Never mind"), "undecided", brief)), (void,)))


def ask_why(brief: Brief, criteria: Sequence[Criterion], invoice: str = "") -> Card:
    """The reason, which the client reads: one of three by a tap, or words of one's own.

    invoice: what was decided of the one that it leaves behind, as in INVOICE; empty where there is none.
    """
    lines = Lines(_("Brief {brief} · Reject", brief=brief.id))
    lines.add(_("Why? Tap a reason, or write it as your next message. The client reads it."))
    for criterion in criteria:
        label, words = REJECTIONS[criterion]
        lines.add(f"{_(label)}: <i>{_(words)}</i>")
    lines.add(_what_follows(brief, invoice))
    quick = [button(_(REJECTIONS[c][0]), "deny", brief, f"{c}-{invoice}" if invoice else c) for c in criteria]
    return Card(str(lines), ((button(_("Never mind"), "undecided", brief),), *in_rows(quick)))


def _what_follows(brief: Brief, invoice: str) -> str:
    if brief.revision_of is None:
        return _("The brief ends there and is not charged.")
    if invoice == "void":
        return _("The revision ends there, and the invoice of brief {brief} is voided.", brief=brief.revision_of)
    return _("The revision ends there; what is owed for brief {brief} stays as it is.", brief=brief.revision_of)
