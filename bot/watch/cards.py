"""What people read of runbooks, and of what was kept silent."""

from collections.abc import Sequence
from datetime import datetime

from bot.alerts import alert_cards
from bot.alerts.model import Alert, Facts
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number
from bot.watch.ports import Runbook

SHOWN, LONGEST_LINE = 15, 120


def planned(alert: Alert, runbook: Runbook, facts: Facts | None) -> Card:
    """What a runbook would do, and the button that has it done."""
    lines = Lines(_("{what} · Runbook", what=alert_cards.headline(alert)))
    back = Button(_("Back"), "ashow", alert.id)
    if facts is None:
        lines.add(_("There is nothing to do: it is done already, or nothing is waiting."))
        return Card(str(lines), ((back,),))
    lines.add(_filled(runbook.would, facts)).add(_("Nothing was done yet."))
    return Card(str(lines), ((back,), (Button(_("Do it"), "arundo", alert.id, alert.version),)))


def done(alert: Alert, runbook: Runbook, facts: Facts) -> Card:
    """What it did, and that it is looked at whether that helps."""
    lines = Lines(_("{what} · Runbook done", what=alert_cards.headline(alert)))
    lines.add(_filled(runbook.did, facts))
    lines.add(_("In a few minutes I check whether it helped and tell you. Until then the alert is yours."))
    return Card(str(lines), ((Button(_("Back"), "ashow", alert.id),),))


def checked(alert: Alert, *, helped: bool) -> Card:
    """Whether it helped."""
    if helped:
        lines = Lines(_("{what} · The runbook helped", what=alert_cards.headline(alert)))
        return Card(str(lines.add(_("The alert is resolved: /alert_{id}", id=alert.id))), silent=True)
    lines = Lines(_("{what} · The runbook did not help", what=alert_cards.headline(alert)))
    return Card(str(lines.add(_("Nothing has improved; the alert is still yours: /alert_{id}", id=alert.id))))


def kept_silent(found: Sequence[Alert], at: datetime) -> Card:
    """What happened during somebody's quiet hours."""
    still = sum(alert.open for alert in found)
    lines = Lines(ngettext("{n} alert in your quiet hours", "{n} alerts in your quiet hours", len(found)))
    lines.add(_("{n} still open", n=number(still)) if still else _("All of them are resolved."))
    for alert in found[:SHOWN]:
        lines.add(alert_cards.in_one_line(alert, at) if alert.open else _over(alert))
    if len(found) > SHOWN:
        lines.add(_("and {n} more", n=number(len(found) - SHOWN)))
    return Card(str(lines), silent=True)


def _over(alert: Alert) -> str:
    return f"/alert_{alert.id} {first_lines(alert_cards.named(alert), LONGEST_LINE)}"


def _filled(sentence: str, facts: Facts) -> str:
    """A runbook's sentence; its facts are never so long that they have to be cut."""
    return _(sentence, **{name: escape(value) for name, value in alert_cards.plain(facts).items()})
