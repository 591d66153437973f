"""What people read of growth, and the question to clients."""

from bot.growth.model import HIGHEST, PASSIVE, TOO_FEW, Growth, Nps, Question
from bot.kernel.card import Button, Card, Lines, in_rows
from bot.kernel.text.words import in_a_row, share
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number

DAYS = (30, 90, 365)


def question(of: Question) -> Card:
    """Asked once, quietly."""
    lines = Lines(_("How likely are you to recommend us?"))
    lines.add(_("From 0, not at all, to 10, very likely. One tap is enough."))
    taps = [Button(number(score), "nps", of.id, choice=str(score)) for score in range(HIGHEST + 1)]
    return Card(str(lines), (*in_rows(taps, 6), (Button(_("I would rather not say"), "npsskip", of.id),)), silent=True)


def answered(of: Question) -> Card:
    """The question once it was answered."""
    assert of.score is not None
    lines = Lines(_("You answered {score} of 10", score=number(of.score))).add(_("Thank you, noted."))
    change = (Button(_("Change my answer"), "npsagain", of.id),)
    if of.score >= PASSIVE:
        lines.add(_("If you know somebody who needs texts: /referrals gives you a link, and a credit for it."))
        return Card(str(lines), (change,))
    lines.add(_("What should we do better? The team reads what you write."))
    return Card(str(lines), ((Button(_("Write to the team"), "write", of.brief_id, choice="brief"),), change))


def left() -> Card:
    """They did not want to say."""
    return Card(str(Lines(_("You are not asked again soon"))))


def growth(of: Growth) -> Card:
    """Who came, who paid, answers and referrals."""
    lines = Lines(ngettext("Growth · last {n} day", "Growth · last {n} days", of.days))
    came = ngettext("{n} new client", "{n} new clients", of.leads)
    if of.leads:
        paid = _("{n} paid ({share})", n=number(of.converted), share=share(of.converted, of.leads))
        came = in_a_row([came, paid])
    lines.add(came)
    lines.add(_nps(of.nps))
    brought = of.referrals
    if brought.came:
        by_link = ngettext("{n} came by a referral link", "{n} came by a referral link", brought.came)
        parts = [by_link, _("{n} of them paid", n=number(brought.paid))]
        if brought.credited:
            parts.append(_("credits {money}", money=in_a_row(map(str, brought.credited))))
        lines.add(in_a_row(parts))
    else:
        lines.add(_("Nobody came by a referral link."))
    others = [Button(ngettext("{n} day", "{n} days", days), "growth", days) for days in DAYS if days != of.days]
    return Card(str(lines), (tuple(others),))


def _nps(of: Nps) -> str:
    if not of.answers:
        return _("NPS: no answers in 90 days")
    answers = ngettext("{n} answer in 90 days", "{n} answers in 90 days", of.answers)
    if of.score is None or of.margin is None:
        return _("NPS: too few to tell, {answers}; {least} are needed", answers=answers, least=number(TOO_FEW))
    # Translators: the score, how far off it may be, and out of how many answers: "NPS 42 ± 12, 61 answers in 90 days".
    return _("NPS {score} ± {margin}, {answers}", score=number(of.score), margin=number(of.margin), answers=answers)
