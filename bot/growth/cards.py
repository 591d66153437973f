"""What people read of growth, and the question to clients."""

from datetime import date
from decimal import Decimal

from bot.growth.model import HIGHEST, PASSIVE, TOO_FEW, Growth, Nps, Question, Worth
from bot.kernel.card import Button, Card, Lines, in_rows
from bot.kernel.money import Money
from bot.kernel.text import played
from bot.kernel.text.words import in_a_row, share
from bot.kernel.translation import calendar_day, decimal, ngettext, number
from bot.kernel.translation import gettext as _

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
    lines = played.below(ngettext("Growth · last {n} day", "Growth · last {n} days", of.days))
    came = ngettext("{n} new client", "{n} new clients", of.leads)
    if of.leads:
        paid = _("{n} paid ({share})", n=number(of.converted), share=share(of.converted, of.leads))
        came = in_a_row([came, paid])
    lines.add(came)
    lines.add(_cac(of))
    for one in of.worth:
        lines.add(_worth(of, one))
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


def cost_set(month: date, amount: Money) -> Card:
    """What was spent on winning clients is noted."""
    named = calendar_day(month, "MMMM y")
    if not amount.minor:
        return Card(str(Lines(_("Cost of winning clients · {month}", month=named)).add(_("Taken out again."))))
    lines = Lines(_("Cost of winning clients · {month}", month=named)).add(_("{money}, noted.", money=amount))
    lines.add(_("/growth counts it by days. It is not in the ledger."))
    return Card(str(lines), ((Button(_("Growth"), "growth", DAYS[0]),),))


def _cac(of: Growth) -> str:
    """What winning one who pays cost, and of what that is made."""
    if not of.costs:
        return _("CAC: not known. Write what you spent on winning clients: /growth cost 500")
    made_of = in_a_row([_("{money} spent", money=in_a_row(map(str, of.spent)))] if of.spent else [])
    if of.referrals.credited:
        credits_ = _("{money} credits for referrals", money=in_a_row(map(str, of.referrals.credited)))
        made_of = in_a_row([part for part in (made_of, credits_) if part])
    if not of.cac:
        return _("CAC: nobody of them paid yet; {parts}", parts=made_of)
    # Translators: the customer acquisition cost: what it cost to win one client who pays.
    return _("CAC {money}: {parts}, for each new client who paid", money=in_a_row(map(str, of.cac)), parts=made_of)


def _worth(of: Growth, one: Worth) -> str:
    # Translators: the lifetime value: what a client brought so far, on average.
    line = ngettext("LTV {money}: what {n} client who paid brought so far, less refunds and disputes",
                    "LTV {money}: what {n} clients who paid brought so far, on average, less refunds and disputes",
                    one.clients, money=one.each)  # fmt: skip
    times = of.times(one.total.currency)
    return line if times is None else in_a_row([line, _("{times} times the CAC", times=decimal(Decimal(times), 1))])


def _nps(of: Nps) -> str:
    if not of.answers:
        return _("NPS: no answers in 90 days")
    answers = ngettext("{n} answer in 90 days", "{n} answers in 90 days", of.answers)
    if of.score is None or of.margin is None:
        return _("NPS: too few to tell, {answers}; {least} are needed", answers=answers, least=number(TOO_FEW))
    # Translators: the score, how far off it may be, and out of how many answers: "NPS 42 ± 12, 61 answers in 90 days".
    return _("NPS {score} ± {margin}, {answers}", score=number(of.score), margin=number(of.margin), answers=answers)
