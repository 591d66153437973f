"""How a digest reads."""

from collections.abc import Sequence

from bot.alerts import alert_cards
from bot.incidents.cards import written_by
from bot.incidents.model import Lately
from bot.incidents.writing import Written
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.text.words import clock, in_parts, usd
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number

SHOWN = 5


def lines(found: Lately) -> list[str]:
    """The digest's lines in plain text; what is nothing is left out."""
    opened = sum(n for _rule, n in found.rules)
    said = []
    if opened:
        over = [(alert_cards.headline(alert), n) for alert, n in found.rules if not alert.open]
        alerts = _alerts(opened)
        said.append(_("{alerts}; resolved: {which}", alerts=alerts, which=_counted(over)) if over else alerts)
    said += [_("Still open: {what}", what=alert_cards.named(one)) for one in found.open_alerts[:SHOWN]]
    if (more := len(found.open_alerts) - SHOWN) > 0:
        said.append(_("and {n} more", n=number(more)))
    if found.incidents or found.open_incidents:
        of = {"n": number(found.incidents), "open": number(found.open_incidents)}
        said.append(_("Incidents: {n} new, {open} open", **of))
    if found.failed:
        said.append(_("Jobs that failed: {which}", which=_counted(found.failed)))
    if found.waiting:
        said.append(_("Stopped work that waits for a person: {n}", n=number(found.waiting)))
    said.append(_("Models cost {amount}", amount=usd(found.spent)))
    return said


def _alerts(n: int) -> str:
    return ngettext("{n} alert", "{n} alerts", n)


def _counted(rows: Sequence[tuple[str, int]]) -> str:
    return in_parts(f"{name} ({number(n)})" if n > 1 else name for name, n in rows[:SHOWN])


def card(found: Lately, written: Written | None) -> Card:
    """The last half day, and what to do about it."""
    lines_of = Lines(_("The last 12 hours · Quiet") if found.quiet else _("The last 12 hours"))
    for line in lines(found):
        lines_of.add(escape(line))
    if written is not None:
        lines_of.add("").add(escape(written.text)).add(f"<i>{escape(written_by(written.model))}</i>")
    lines_of.add(_("As of {time}", time=clock(found.at)))
    return Card(str(lines_of), ((Button(_("Alerts"), "alerts"),),), silent=found.quiet)
