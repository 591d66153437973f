"""What people read of clients who may leave."""

from collections.abc import Mapping, Sequence

from bot.growth.churn import HORIZON, LEAST_ORDERS, TOO_FEW, Outlook, Outlooks, Reason, Risk, Score
from bot.kernel.card import Button, Card, Lines, bold, escape
from bot.kernel.text import played
from bot.kernel.text.words import in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext, number

RISKS: Mapping[Risk, str] = {Risk.HIGH: N_("High risk"), Risk.MEDIUM: N_("Some risk"), Risk.LOW: N_("Low risk")}
REASONS: Mapping[Reason, str] = {
    Reason.LESS: N_("orders half as much as before"),
    Reason.LATE: N_("has an overdue invoice"),
    Reason.STARS: N_("gave one or two stars lately"),
}


def listing(of: Outlooks) -> Card:
    """Everybody at risk, and how the rule did."""
    lines = played.below(_("Clients who may leave") if of.at_risk else _("Clients who may leave · None"))
    if not of.known:
        words = _("Nobody has ordered on {n} different days of the last year yet, so nobody has a rhythm.",
                  n=number(LEAST_ORDERS))  # fmt: skip
        return Card(str(lines.add(words)))
    for one in of.at_risk:
        lines.add(f"{bold(_(RISKS[one.risk]))} · /client_{one.client_id} {escape(one.name)}: {_why(one)}")
    if not of.at_risk:
        lines.add(ngettext("{n} client has a rhythm, and keeps to it.", "{n} clients have a rhythm, and keep to it.",
                           of.known))  # fmt: skip
    return Card(str(lines.add(_score(of.score))))


def told(new: Sequence[Outlook], more: int) -> Card:
    """Some at high risk, to admins. more: how many of whom they are told the next times."""
    if len(new) == 1:
        (one,) = new
        lines = Lines(_("{name} may leave", name=one.name)).add(_why(one)).add(f"/client_{one.client_id}")
    else:
        lines = Lines(ngettext("{n} client may leave", "{n} clients may leave", len(new)))
        for one in new:
            lines.add(f"/client_{one.client_id} {escape(one.name)}: {_why(one)}")
    if more > 0:
        lines.add(ngettext("{n} more is at high risk; you hear of them next.",
                           "{n} more are at high risk; you hear of them next.", more))  # fmt: skip
    return Card(str(lines), ((Button(_("Who else?"), "churn"),),), silent=True)


def _why(one: Outlook) -> str:
    silent = ngettext("no order for {n} day", "no order for {n} days", one.silence.days)
    usual = ngettext("usually one every {n} day", "usually one every {n} days", max(1, round(one.usual.days)))
    return in_a_row([silent, usual, *(_(REASONS[reason]) for reason in one.reasons)])


def _score(of: Score) -> str:
    """How often the rule was right, on clients whose later orders it did not see."""
    if not of.enough:
        return _("How good this rule is cannot be told yet: {n} looks back, {least} are needed.",
                 n=number(of.looked_at), least=number(TOO_FEW))  # fmt: skip
    return _(
        "Looking back {n} times: of {flagged} whom the rule named, {right} ordered nothing for {days} days; it found "
        "{right} of the {left} who left.",
        n=number(of.looked_at),
        flagged=number(of.flagged),
        right=number(of.right),
        days=number(HORIZON.days),
        left=number(of.left),
    )
