"""How an alert reads."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.alerts.model import SNOOZE, Alert, Facts
from bot.alerts.rules import BY_NAME
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.text.words import clock, duration, moment
from bot.kernel.translation import calendar_day, ngettext, number, percent
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

LONGEST_FACT = 300
SHARE, DAY = "share", "day"
LISTED = 15
# What people call a provider.
NAMES = {
    "telegram": "Telegram",
    "stripe": "Stripe",
    "notion": "Notion",
    "mail": N_("Mail"),
    **dict.fromkeys(("models", "The models"), N_("The models")),
}
SENTENCES = {"slo", "state", "fixed"}  # facts that the code has a sentence for
SPANS = {"hours": timedelta(hours=1), "days": timedelta(days=1)}  # facts that are a time
LONG = timedelta(hours=20)  # what began longer ago is told with its day


def headline(alert: Alert) -> str:
    """What is wrong, in plain text."""
    rule = BY_NAME.get(alert.rule)
    return alert.rule if rule is None else _(rule.headline, **plain(alert.facts))


def named(alert: Alert) -> str:
    """ "Critical · Stripe · Not answering", or how it is called once it is over."""
    if alert.open:
        return _("{severity} · {what}", severity=alert.severity.words, what=headline(alert))
    rule = BY_NAME.get(alert.rule)
    if rule is not None and rule.recovered:
        return _(rule.recovered, **plain(alert.facts))
    return _("{what} · Resolved", what=headline(alert))


def meaning(alert: Alert) -> str:
    """What that means and what to do, as a line of HTML."""
    rule = BY_NAME.get(alert.rule)
    if rule is None:
        return escape(_("This version knows no such rule."))
    return _(rule.meaning, **{name: escape(value) for name, value in plain(alert.facts).items()})


def plain(facts: Facts) -> dict[str, str]:
    """The facts as a reader reads them, cut where they are long; not escaped."""
    return {name: _fact(name, value) for name, value in facts.items()}


def _fact(name: str, value: str | int) -> str:
    if isinstance(value, int):
        return _figure(name, value)
    if name == DAY:
        return _day(value)
    if value in NAMES:
        return _(NAMES[value])
    if name in SENTENCES:
        return _(value)
    return value if len(value) <= LONGEST_FACT else f"{value[:LONGEST_FACT].rstrip()}…"


def _day(value: str) -> str:
    try:
        return calendar_day(date.fromisoformat(value), "EEEE d MMM")
    except ValueError:  # an alert is shown whatever stands in it
        return value


def _figure(name: str, value: int) -> str:
    if name in SPANS:
        return duration(value * SPANS[name])
    return percent(value / 100) if name == SHARE else number(value)


def card(alert: Alert, now: datetime) -> Card:
    """The alert and how it stands, with what one can do about it."""
    lines = Lines(named(alert))
    lines.add(_since(alert, now))
    if not alert.open:
        return Card(str(lines.add(over(alert))), silent=True)
    lines.add(meaning(alert))
    if alert.flaps:
        lines.add(_("It came and went {n} times; updates are silent until it is stable.", n=number(alert.openings)))
    if alert.taken_at is not None:
        lines.add(_("Taken by {name} at {time}.", name=escape(alert.taker), time=clock(alert.taken_at)))
    elif alert.sleeps(now) and alert.snoozed_until is not None:
        lines.add(_("Quiet until {time}.", time=clock(alert.snoozed_until)))
    return Card(str(lines), buttons(alert))


def buttons(alert: Alert) -> tuple[tuple[Button, ...], ...]:
    """What one can do about an alert that is open."""
    take = () if alert.taken_by is not None else (_button(_("I have it"), "atake", alert),)
    minutes = number(SNOOZE.seconds // 60)
    first = (*take, _button(_("Snooze {n} min", n=minutes), "asnooze", alert))
    rule = BY_NAME.get(alert.rule)
    second = (_button(_("Runbook"), "arunbook", alert),) if rule is not None and rule.runbook else ()
    return first, (*second, _button(_("Resolve"), "aresolve", alert))


def _button(label: str, action: str, alert: Alert) -> Button:
    return Button(label, action, alert.id, alert.version)


def _since(alert: Alert, now: datetime) -> str:
    since = moment(alert.opened_at) if now - alert.opened_at > LONG else clock(alert.opened_at)
    return _("Since {time}, /alert_{id}", time=since, id=alert.id)


def over(alert: Alert) -> str:
    """How it ended, as a line of HTML."""
    assert alert.resolved_at is not None
    took, at = duration(alert.resolved_at - alert.opened_at), clock(alert.resolved_at)
    if alert.resolved_by is None:
        return _("Resolved by itself at {time}, after {duration}.", time=at, duration=took)
    return _("{name} resolved it at {time}, after {duration}.", name=escape(alert.resolver), time=at, duration=took)


def in_one_line(alert: Alert, now: datetime) -> str:
    """ "/alert_1001 Critical · Stripe · Not answering, 12 min, Carol has it"."""
    said = _("{what}, {time}", what=first_lines(named(alert), 120), time=duration(now - alert.opened_at))
    if alert.taken_by is not None:
        said = _("{said}, {name} has it", said=said, name=escape(alert.taker))
    return f"/alert_{alert.id} {said}"


def listing(open_ones: Sequence[Alert], at: datetime) -> Card:
    """All alerts that are open, and the way to what somebody hears."""
    if not open_ones:
        lines = Lines(_("No open alerts")).add(_("No problem is known as of {time}.", time=clock(at)))
    else:
        lines = Lines(ngettext("{n} open alert", "{n} open alerts", len(open_ones)))
        for alert in open_ones[:LISTED]:
            lines.add(in_one_line(alert, at))
        if len(open_ones) > LISTED:
            lines.add(_("and {n} more", n=number(len(open_ones) - LISTED)))
        lines.add(_("As of {time}", time=clock(at)))
    return Card(str(lines), ((Button(_("Refresh"), "alerts"), Button(_("Your notifications"), "hear")),))
