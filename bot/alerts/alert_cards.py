"""How an alert reads."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.alerts.model import SNOOZE, Alert, Changed, Facts
from bot.alerts.rules.catalog import BY_NAME
from bot.alerts.rules.rule import Act
from bot.kernel.card import Button, Card, Lines, escape, first_lines, in_rows
from bot.kernel.task_type import TaskType
from bot.kernel.text.words import clock, duration, moment
from bot.kernel.translation import full_date, ngettext, number, percent
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.kept import read

LONGEST_FACT = 300
SHARE, DAY = "share", "day"
LISTED = 10
# What people call a provider.
NAMES = {
    "telegram": "Telegram",
    "stripe": "Stripe",
    "notion": "Notion",
    "mail": N_("Mail"),
    **dict.fromkeys(("models", "The models"), N_("The models")),
}
SENTENCES = {"slo", "state", "fixed", "kpi"}  # facts that the code has a sentence for
SPANS = {"hours": timedelta(hours=1), "days": timedelta(days=1)}  # facts that are a time
LONG = timedelta(hours=20)  # what began longer ago is told with its day
# What was changed last, by the event's name.
CHANGES = {
    "program.began": N_("version {what}"),
    "flag.switched": N_("switch {what}"),
    "prompt.used": N_("instructions {what}"),
    "prompt.rested": N_("instructions {what}"),
    "line.adopted": N_("minimum score for {what}"),
    "price.adopted": N_("price of {what}"),
    "job.paused": N_("job {what} paused"),
}


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
    value = read(value)
    return value if len(value) <= LONGEST_FACT else f"{value[:LONGEST_FACT].rstrip()}…"


def _day(value: str) -> str:
    """A day, which is kept as in "2026-11-27"."""
    try:
        return full_date(date.fromisoformat(value))
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
    for line in _context(alert, now):
        lines.add(line)
    if alert.flaps(now):
        lines.add(_("It came and went {n} times; updates are silent until it is stable.", n=number(alert.openings)))
    if alert.taken_at is not None:
        lines.add(_("Taken by {name} at {time}.", name=escape(alert.taker), time=clock(alert.taken_at)))
    elif alert.sleeps(now) and alert.snoozed_until is not None:
        lines.add(_("Quiet until {time}.", time=_until(alert.snoozed_until, now)))
    return Card(str(lines), buttons(alert))


def _context(alert: Alert, now: datetime) -> list[str]:
    """What it costs, and what was changed last before it opened."""
    said = []
    if alert.budget_used is not None:
        said.append(_("Budget: {share} of 30 days is used.", share=percent(alert.budget_used / 10_000)))
    if alert.changed is not None and alert.changed.event in CHANGES:
        what = _(CHANGES[alert.changed.event], what=first_lines(_named(alert.changed), 60))
        said.append(_("Last change: {what}, {time}", what=what, time=_at(alert.changed.at, now)))
    return said


def _named(changed: Changed) -> str:
    """What was changed, as people call it: a type of brief has words of its own."""
    found = next((one for one in TaskType if one.value == changed.what), None)
    return changed.what if found is None else found.words


def buttons(alert: Alert) -> tuple[tuple[Button, ...], ...]:
    """What one can do about an alert that is open."""
    take = () if alert.taken_by is not None else (_button(_("I have it"), "atake", alert),)
    first = (*take, _button(_("Snooze {time}", time=duration(SNOOZE)), "asnooze", alert))
    longer = _button(_("Snooze longer"), "asnoozes", alert)
    rule = BY_NAME.get(alert.rule)
    own = () if rule is None or rule.act is None else (_act(rule.act, alert),)
    book = (_button(_("Runbook"), "arunbook", alert),) if rule is not None and rule.runbook else ()
    return (*((own,) if own else ()), (*first, longer), (*book, _button(_("Resolve"), "aresolve", alert)))


def _act(act: Act, alert: Alert) -> Button:
    return Button(_(act.label), act.action, int(alert.facts.get(act.fact, 0)))


def _button(label: str, action: str, alert: Alert, choice: str = "") -> Button:
    return Button(label, action, alert.id, alert.version, choice=choice)


def ask_snooze(alert: Alert, now: datetime) -> Card:
    """For how long is nobody told of it?"""
    lines = Lines(_("{what} · Snooze", what=headline(alert)))
    lines.add(
        _("Nobody is told of it for that long, unless it ends and comes back. It is {time} now.", time=clock(now))
    )
    times = [_button(duration(span), "asnooze", alert, name) for name, span in alert.severity.snoozes.items()]
    return Card(str(lines), (*in_rows(times), (Button(_("Back"), "ashow", alert.id),)))


def _since(alert: Alert, now: datetime) -> str:
    return _("Since {time}, /alert_{id}", time=_at(alert.opened_at, now), id=alert.id)


def _at(at: datetime, now: datetime) -> str:
    return moment(at) if now - at > LONG else clock(at)


def _until(at: datetime, now: datetime) -> str:
    return moment(at) if at - now > LONG else clock(at)


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


def listing(open_ones: Sequence[Alert], at: datetime, anchor: int = 0) -> Card:
    """All alerts that are open, ten at a time, and the way to what somebody hears.

    anchor: as a button of paging carries it: 2 × the id beside which the page lies, plus 1 for those before it.
    """
    last = (Button(_("Refresh"), "alerts"), Button(_("Your notifications"), "hear"))
    if not open_ones:
        lines = Lines(_("No open alerts")).add(_("No problem is known as of {time}.", time=clock(at)))
        return Card(str(lines), (last,))
    lines = Lines(ngettext("{n} open alert", "{n} open alerts", len(open_ones)))
    start = _start(open_ones, anchor)
    shown = open_ones[start : start + LISTED]
    for alert in shown:
        lines.add(in_one_line(alert, at))
    paging = [Button("◀", "alerts", 2 * shown[0].id + 1)] if start else []
    paging += [Button("▶", "alerts", 2 * shown[-1].id)] if start + LISTED < len(open_ones) else []
    lines.add(_("As of {time}", time=clock(at)))
    return Card(str(lines), (*((tuple(paging),) if paging else ()), last))


def _start(open_ones: Sequence[Alert], anchor: int) -> int:
    """Where the page begins; at the first one where what it lay beside is over."""
    beside, before = divmod(anchor, 2)
    place = next((place for place, alert in enumerate(open_ones) if alert.id == beside), None)
    if place is None or (not before and place + 1 == len(open_ones)):
        return 0
    return max(0, place - LISTED) if before else place + 1
