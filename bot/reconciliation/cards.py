"""How the comparison of ledger and Stripe reads: each mismatch in one sentence, with the figures of both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.approvals.ports import Subject
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.money import Money
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext, number
from bot.reconciliation.figures import Details, Standing
from bot.reconciliation.model import Ending, Figure, Kind, Mismatch, repair_of

SHOWN = 6  # mismatches in a message of news
WORDS: Mapping[Kind, str] = {
    Kind.TIMING: N_("On its way"),
    Kind.MISSING_HERE: N_("Missing in the ledger"),
    Kind.MISSING_THERE: N_("Missing at Stripe"),
    Kind.AMOUNT: N_("Amounts differ"),
    Kind.CURRENCY: N_("Currencies differ"),
    Kind.DUPLICATE: N_("Booked more than once"),
    Kind.FEE: N_("Fees differ"),
    Kind.EXCHANGE: N_("Exchanged amounts differ"),
    Kind.DASHBOARD: N_("Made in Stripe's dashboard"),
    Kind.DISPUTE: N_("Dispute not booked"),
    Kind.DISPUTE_REVERSAL: N_("Won dispute not booked"),
    Kind.REFUND_FAILED: N_("Failed refund not booked"),
    Kind.PAYOUT: N_("Payout does not agree"),
}
SENTENCES: Mapping[Kind, str] = {
    Kind.TIMING: N_("{thing}: the ledger says {here}, Stripe {there}; it is less than two hours old, so wait for it."),
    Kind.MISSING_HERE: N_("{thing}: Stripe moved {there}, and the ledger says {here} of it."),
    Kind.MISSING_THERE: N_("{thing}: the ledger says {here}, and Stripe knows {there} of it."),
    Kind.AMOUNT: N_("{thing}: the ledger says {here}, and Stripe moved {there}."),
    Kind.CURRENCY: N_("{thing}: the ledger says {here}, and Stripe moved {there}, in another currency."),
    Kind.DUPLICATE: N_("{thing}: the ledger says {here}, and Stripe moved {there} only: it is booked more than once."),
    Kind.FEE: N_("{thing}: the fee is another one: {here} in the ledger, {there} at Stripe."),
    Kind.EXCHANGE: N_("{thing}: it was exchanged: the ledger says {here}, and Stripe's balance got {there}."),
    Kind.DASHBOARD: N_(
        "{thing}: Stripe moved {there} by something that EchoPilot did not make; the ledger says {here} of it."
    ),
    Kind.DISPUTE: N_("{thing}: Stripe took {there} for a dispute, and the ledger says {here} of it."),
    Kind.DISPUTE_REVERSAL: N_("{thing}: a dispute was won and Stripe moved {there}; the ledger says {here} of it."),
    Kind.REFUND_FAILED: N_("{thing}: a refund failed and Stripe moved {there} back; the ledger says {here} of it."),
    Kind.PAYOUT: N_("{thing}: the ledger or its parts say {here}, and Stripe {there}."),
}
PAID = N_("{thing}: {here} came in by Stripe as the invoice says here, and Stripe's payments of it come to {there}.")
HELP: Mapping[Kind, str] = {
    Kind.MISSING_THERE: N_(
        "Look for it in Stripe's dashboard. If Stripe really has no such movement, take the entry back by /ledger."
    ),
    Kind.DASHBOARD: N_("Find out what it was. If it concerns these books, post it; if not, leave it as it is."),
}
ENDINGS: Mapping[Ending, str] = {
    Ending.GONE: N_("It agrees now."),
    Ending.REPAIRED: N_("Repaired from Stripe's own figures. /ledger shows the entry."),
    Ending.LEFT: N_("Left as it is. It comes up again only with other figures."),
}
ENDED: Mapping[Ending, str] = {
    Ending.REPAIRED: N_("Repaired"),
    Ending.LEFT: N_("Left as it is"),
    Ending.GONE: N_("Agrees by now"),
}
THINGS: Mapping[str, str] = {
    "invoice": N_("Invoice {name}"),
    "refund": N_("Refund {name}"),
    "dispute": N_("Dispute {name}"),
    "payout": N_("Payout {name}"),
    "fee": N_("Stripe's fee {name}"),
    "other": N_("Movement {name}"),
}


def standing(of: Standing, rows: tuple[tuple[Button, ...], ...] = ()) -> Card:
    """What is open, when it was last compared, and up to when the books are closed."""
    lines = Lines(_("Reconciliation · Everything agrees"))
    if of.open:
        lines = Lines(ngettext("Reconciliation · {n} mismatch", "Reconciliation · {n} mismatches", of.open))
    elif of.run is None:
        lines = Lines(_("Reconciliation"))
    lines.add(_compared(of))
    if of.closed is not None:
        lines.add(_("Books closed up to {day}", day=of.closed.day))
    for one in of.page:
        lines.add(f"/mismatch_{one.id} · {_(WORDS[one.found.kind])} · {thing(one)}")
    return Card(str(lines), (*rows, (Button(_("Compare now"), "reconcile"),)))


def _compared(of: Standing) -> str:
    if of.run is None:
        return _("The ledger was not compared with Stripe yet.")
    return _("Compared with Stripe: {time}", time=moment(of.run.ended_at))


def begun() -> Card:
    """Somebody wants it compared now."""
    return Card(toast=_("Comparing with Stripe; the result comes in a moment"))


def reading(left: int) -> Card:
    """The first time, and after long pauses, Stripe is asked about each payment before anything can be compared."""
    lines = Lines(_("Reconciliation · Reading"))
    lines.add(ngettext("Stripe is asked about {n} more movement.", "Stripe is asked about {n} more movements.", left))
    return Card(str(lines.add(_("The result follows here by itself."))))


def result(of: Standing, compared: int, new: int, gone: int) -> Card:
    """What came of a comparison by hand."""
    card = standing(of)
    counts = _("{compared} movements compared · {new} new · {gone} gone", compared=number(compared), new=new, gone=gone)
    return replace(card, text=f"{card.text}\n{counts}")


def news(new: Sequence[Mismatch]) -> Card:
    """What admins hear of mismatches that were not there before."""
    lines = Lines(ngettext("Money · {n} new mismatch", "Money · {n} new mismatches", len(new)))
    for one in new[:SHOWN]:
        lines.add(f"/mismatch_{one.id} · {sentence(one)}")
    if len(new) > SHOWN:
        lines.add(_("And {n} more: /reconcile lists them.", n=number(len(new) - SHOWN)))
    return Card(str(lines))


def details(shown: Details) -> Card:
    """One mismatch, and what can be done about it."""
    of, found = shown.mismatch, shown.mismatch.found
    lines = Lines(_("Mismatch {number} · {kind}", number=of.id, kind=_(WORDS[found.kind])))
    lines.add(sentence(of)).add(_("Found: {time}", time=moment(of.found_at)))
    if of.ending is not None:
        return Card(str(lines.add(_(ENDINGS[of.ending]))))
    if found.corrected:
        lines.add(_("A person corrected it by {entry}: look at that entry first.", entry=f"/entry_{found.entry}"))
    elif found.entry is not None:
        lines.add(_("In the ledger: {entry}", entry=f"/entry_{found.entry}"))
    if found.kind in HELP:
        lines.add(_(HELP[found.kind]))
    leave = Button(_("Leave as it is"), "mleave", of.id, of.version)
    if shown.asked:
        lines.add(_("Its repair is above what one admin may do alone: it waits for another admin. /approvals"))
    if shown.asked or repair_of(found) is None:
        return Card(str(lines), ((leave,),))
    lines.add(_("Repairing posts what Stripe says when it is asked now."))
    return Card(str(lines), ((Button(_("Repair"), "mrepair", of.id, of.version),), (leave,)))


def to_approve(of: Mismatch, amount: Money) -> Subject:
    """What another admin reads before they say yes to a repair."""
    name = _("Repair of mismatch {number}", number=of.id)
    return Subject(name, (sentence(of), _("The ledger changes by {money}. /mismatch_{number}", money=amount,
                                                number=of.id)))  # fmt: skip


def not_repaired(mismatch_id: int, why: str) -> Card:
    """To who asked for a repair that was approved and could not be done."""
    lines = Lines(_("Mismatch {number} · Approved, but not repaired", number=mismatch_id)).add(escape(why))
    return Card(str(lines.add(_("See it as it is now: {command}", command=f"/mismatch_{mismatch_id}"))))


def sentence(of: Mismatch) -> str:
    """What does not agree, with the figures of both sides."""
    found = of.found
    fees = found.kind is Kind.FEE
    here, there = _figure(found.here, fees=fees), _figure(found.there, fees=fees)
    words = PAID if found.paid else SENTENCES[found.kind]
    return _(words, thing=thing(of), here=here, there=there)


def thing(of: Mismatch) -> str:
    """What it is about, as people know it: "Invoice 8F3A-0042", "Refund re_…"."""
    kind, _sign, name = of.found.about.partition(":")
    return _(THINGS[kind], name=escape(of.number or name)) if kind in THINGS else escape(of.found.about)


def _figure(figure: Figure | None, *, fees: bool) -> str:
    if figure is None:
        return _("nothing")
    return str(Money(figure.fee if fees else figure.gross or -figure.fee, figure.currency))
