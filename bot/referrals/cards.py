"""What people read of referrals."""

from collections.abc import Sequence
from urllib.parse import urlencode

from bot.access.model import Person
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.money import Money
from bot.kernel.text import played
from bot.kernel.text.words import basis_points, day, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, percent
from bot.referrals.model import Listed, Own, Totals

Rows = tuple[tuple[Button, ...], ...]


def own(of: Own, bot_name: str) -> Card:
    """A client's link, and what came of it."""
    if not of.open:
        lines = Lines(_("Referrals · Switched off"))
        lines.add(_("The studio takes nobody in by referral links at present."))
        return Card(str(_standing(lines, of)))
    link = f"https://t.me/{bot_name}?start={of.code}"
    lines = Lines(_("Your referral link")).add(link)
    if of.share_bp:
        lines.add(_("Who comes by it becomes a client here, and you get {share} of each of their payments.",
                    share=basis_points(of.share_bp)))  # fmt: skip
    else:
        lines.add(_usual(of))
    share = f"https://t.me/share/url?{urlencode({'url': link})}"
    return Card(str(_standing(lines, of)), ((Button(_("Share"), url=share),),))


def _usual(of: Own) -> str:
    return _(
        "Who comes by it becomes a client here. Once they paid their first invoice, you get {share} of it as a "
        "credit, taken off your next invoice in the same currency.",
        share=percent(of.percent / 100),
    )


def _standing(lines: Lines, of: Own) -> Lines:
    if of.came:
        paid = ngettext("{n} of them paid", "{n} of them paid", of.paid)
        lines.add(in_a_row([ngettext("{n} person came by it", "{n} people came by it", of.came), paid]))
    else:
        lines.add(_("Nobody came by it yet."))
    if of.credit:
        lines.add(_("Your credit: {money}", money=in_a_row(map(str, of.credit))))
    return lines


def listing(found: Sequence[Listed], share: int, beside: Rows, totals: Totals) -> Card:
    """Everybody who came by a link, for admins."""
    lines = played.below(_("Referrals") if found else _("Referrals · None yet"))
    if share:
        lines.add(
            _(
                "Clients get their link by /referrals, and {share} of the first paid invoice.",
                share=percent(share / 100),
            )
        )
    else:
        lines.add(_("Switched off: REFERRAL_PERCENT is 0. Credits from before are still taken off invoices."))
    if totals.came:
        came = ngettext("{n} came in the last 365 days", "{n} came in the last 365 days", totals.came)
        paid = ngettext("{n} of them paid", "{n} of them paid", totals.paid)
        lines.add(in_a_row([came, paid, percent(totals.paid / totals.came)]))
    for sums in totals.credits:
        lines.add(
            _(
                "Credits {earned}: {used} used, {clawed} taken back, {left} left",
                earned=sums.earned,
                used=sums.used.plain,
                clawed=sums.clawed.plain,
                left=sums.left.plain,
            )
        )
    for one in found:
        lines.add(_in_one_line(one))
    return Card(str(lines), beside)


def _in_one_line(one: Listed) -> str:
    of = one.referral
    # Translators: who sent the link, and who came by it: "Alice → Eve".
    parts = [_("{referrer} → {newcomer}", referrer=escape(one.referrer), newcomer=escape(one.person)), day(of.came_at)]
    if of.invoice_id is None:
        parts.append(_("not paid yet"))
    elif not of.earned:
        parts.append(_("paid, no credit"))
    else:
        parts.append(_("credit {money}", money=of.money(of.earned)))
        if of.used:
            parts.append(_("{amount} used", amount=of.money(of.used).plain))
        if of.clawed:
            parts.append(_("{amount} taken back", amount=of.money(of.clawed).plain))
    return in_a_row(parts)


def earned(credit: Money, name: str) -> Card:
    """The one message to whoever referred them."""
    lines = Lines(_("{money} credit for you", money=credit))
    lines.add(_("{name} came by your link and paid their first invoice.", name=escape(name)))
    return Card(str(lines.add(_("It is taken off your next invoice in {currency}.", currency=credit.currency))))


def clawed(amount: Money, name: str) -> Card:
    """Some of it is gone."""
    lines = Lines(_("{money} of your referral credit is taken back", money=amount))
    lines.add(_("{name}'s payment was returned. What you have used already stays yours.", name=escape(name)))
    return Card(str(lines.add(_("/referrals shows what is left."))))


def came(person: Person, referrer: str) -> Card:
    """For admins, since nobody of the team invited them."""
    lines = Lines(_("{name} is a new client", name=person.name))
    return Card(str(lines.add(_("They came by {referrer}'s referral link.", referrer=escape(referrer)))), silent=True)
