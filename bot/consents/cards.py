"""What people read of what they allow and where they live, and admins of a region's rules."""

from collections.abc import Sequence

from bot.consents.model import ASKED, Choices, Purpose, Region, Rules, Standing
from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.text.words import moment
from bot.kernel.translation import full_date, local, ngettext
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

QUESTIONS = N_("whether you would recommend us, asked after paid work")
IMPROVING = N_("your briefs sent to our models once more, to compare instructions and to test our automatic check")
WHAT = {Purpose.QUESTIONS: QUESTIONS, Purpose.IMPROVING: IMPROVING}
YES = {Purpose.QUESTIONS: N_("Ask me"), Purpose.IMPROVING: N_("Use my briefs")}
NO = {Purpose.QUESTIONS: N_("Do not ask me"), Purpose.IMPROVING: N_("Do not use my briefs")}
DAYS = (90, 365, 730)


def where() -> Card:
    """The question where somebody lives, which is never guessed."""
    lines = Lines(_("Where do you live?"))
    lines.add(_("It decides how long your files and messages are kept, and what is done only with your yes."))
    lines.add(_("I do not guess it. You can change it at any time: /privacy"))
    return Card(str(lines), tuple((Button(one.words, "region", choice=one.value),) for one in Region), silent=True)


def choices(of: Choices) -> Card:
    """What the person allows, with a tap to change each."""
    lines = Lines(_("What you allow"))
    lines.add(region(of))
    for purpose in ASKED:
        lines.add(_said(of, purpose))
    lines.add(_first(of.rules))
    taps = [_tap(purpose, allowed=of.allows(purpose)) for purpose in ASKED]
    if of.rules.sale_opt_out:
        lines.add(_sale(of))
        taps += [] if Purpose.SALE in of.said else [Button(_("Do not sell my data"), "consent", choice="sale-no")]
    rest = (Button(_("Where I live"), "regionask"), Button(_("Back"), "priv"))
    return Card(str(lines), (*((tap,) for tap in taps), rest))


def region(of: Choices) -> str:
    """Where the person lives, as far as they said it."""
    if of.region is None:
        return _("Where you live: not said yet")
    return _("Where you live: {region}", region=of.region.words)


def _said(of: Choices, purpose: Purpose) -> str:
    said = of.said.get(purpose)
    if of.allows(purpose):
        if said is None:
            return _("Done unless you say no: {what}", what=_(WHAT[purpose]))
        return _("Allowed on {time}: {what}", time=moment(said.said_at), what=_(WHAT[purpose]))
    if said is None or said.given:
        return _("Not done: {what}", what=_(WHAT[purpose]))
    return _("Withdrawn on {time}: {what}", time=moment(said.said_at), what=_(WHAT[purpose]))


def _first(rules: Rules) -> str:
    if rules.asks_first:
        return _("These are done only with your yes. Your orders never depend on it.")
    return _("You can say no at any time. Your orders never depend on it.")


def _sale(of: Choices) -> str:
    said = of.said.get(Purpose.SALE)
    if said is None:
        return _("Your data is not sold, and not shared for advertising.")
    return _(
        "Your data is not sold, and on {day} you said that it never may be.", day=full_date(local(said.said_at).date())
    )


def _tap(purpose: Purpose, *, allowed: bool) -> Button:
    label = _((NO if allowed else YES)[purpose])
    return Button(label, "consent", choice=f"{purpose.value}-{'no' if allowed else 'yes'}")


def regions(found: Sequence[Standing]) -> Card:
    """For admins: every region, with how many live there and how long what is kept of them."""
    lines = Lines(_("Regions and their rules"))
    for one in found:
        lines.add(
            _(
                "{region}: {clients}, {kept}",
                region=one.region.words,
                clients=ngettext("{n} person", "{n} people", one.clients),
                kept=_kept(one.rules),
            )
        )
        if one.rules.refused:
            lines.add(_("Its briefs wait: {hosts} is refused.", hosts=_hosts(one.rules)))
    lines.add(_("Whoever did not say where they live is asked once, and asked first."))
    taps = [Button(one.region.words, "regrules", choice=one.region.value) for one in found]
    return Card(str(lines), (*((tap,) for tap in taps), (Button(_("Back"), "priv"),)))


def rules(of: Standing, provider: str) -> Card:
    """For admins: a region's rules, and what they can change."""
    lines = Lines(_("Rules · {region}", region=of.region.words))
    lines.add(_("Files and messages of ended work: {kept}", kept=_kept(of.rules)))
    lines.add(_answered(of.rules))
    if of.rules.asks_first:
        lines.add(_("What is done by consent needs a yes first."))
    else:
        lines.add(_("What is done by consent is done until somebody says no."))
    refused = provider in of.rules.refused
    if refused:
        lines.add(_("Models at {host} are refused: briefs of its clients wait.", host=_host(provider)))
        tap = Button(_("Allow the models"), "regrule", 0, of.version, choice=f"{of.region.value}-allow")
    else:
        lines.add(_("Models at {host} may be called.", host=_host(provider)))
        tap = Button(_("Refuse the models"), "regrule", 0, of.version, choice=f"{of.region.value}-refuse")
    days = [_keep(of, one) for one in DAYS if one != of.rules.retention_days]
    return Card(str(lines), (*in_rows(days, 3), (Button(_("Back"), "regions"),), (tap,)))


def _keep(of: Standing, days: int) -> Button:
    label = ngettext("Keep {n} day", "Keep {n} days", days)
    return Button(label, "regrule", 0, of.version, choice=f"{of.region.value}-{days}")


def _kept(of: Rules) -> str:
    if of.retention_days is None:
        return _("kept until erasure")
    return ngettext("kept {n} day", "kept {n} days", of.retention_days)


def _answered(of: Rules) -> str:
    if of.answer_days is None:
        return _("Requests are answered within a month.")
    return ngettext("Requests are answered within {n} day.", "Requests are answered within {n} days.", of.answer_days)


def _host(host: str) -> str:
    return f"<code>{escape(host)}</code>"


def _hosts(of: Rules) -> str:
    return ", ".join(_host(one) for one in sorted(of.refused))
