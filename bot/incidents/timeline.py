"""What happened in an incident, as lines that people and models read: nothing else is known of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.alerts import alert_cards
from bot.alerts.rules.catalog import BY_NAME
from bot.incidents.model import Incident
from bot.kernel.text.words import clock, listed, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of an incident or of one of its alerts. who: the person's name, "" where nobody did it."""

    id: int
    subject: str
    name: str
    data: Mapping[str, Any]
    at: datetime
    who: str


# By the event's name, what is said of it; {who} did it, {what} is the alert's headline.
_OF_INCIDENT = {
    "opened": N_("Incident opened"),
    "opened_by": N_("{who} opened the incident: {words}"),
    "joined": N_("Alert: {what}"),
    "noted": N_("{who}: {words}"),
    "taken": N_("{who} has it"),
    "released": N_("Nobody has it any more"),
    "paged": N_("Paged: {names}"),
    "paged_nobody": N_("Nobody could be paged"),
    "closed": N_("{who} closed the incident"),
    "recovered": N_("All alerts are resolved; the incident ended by itself"),
}
_OF_ALERT = {
    "taken": N_("{who} has: {what}"),
    "resolved": N_("Resolved: {what}"),
    "runbook_done": N_("{who} used the runbook of: {what}"),
    "runbook_helped": N_("The runbook helped: {what}"),
    "runbook_in_vain": N_("The runbook did not help: {what}"),
}


def lines(found: Sequence[Happened]) -> list[str]:
    """ "14:03 UTC  Alert: Stripe · Not answering", each in plain text; what says nothing new is left out."""
    headlines = dict(_headlines(found))
    said = [(one, _said(one, headlines)) for one in found]
    at = moment if found and found[-1].at - found[0].at > alert_cards.LONG else clock
    return [f"{at(one.at)}  {words}" for one, words in said if words]


def _said(one: Happened, headlines: Mapping[str, str]) -> str:
    if one.subject.startswith("alert:"):
        sentence, what = _OF_ALERT.get(one.name, ""), headlines.get(one.subject, one.subject)
        return _(sentence, who=one.who, what=what) if sentence else ""
    if one.name == "joined":
        return _(_OF_INCIDENT["joined"], what=headlines[f"alert:{one.data['alert']}"])
    if one.name == "paged":
        names = one.data.get("names", [])
        return _(_OF_INCIDENT["paged"], names=listed(names)) if names else _(_OF_INCIDENT["paged_nobody"])
    sentence = _OF_INCIDENT.get("opened_by" if one.name == "opened" and one.who else one.name, "")
    return _(sentence, who=one.who, words=str(one.data.get("words", ""))) if sentence else ""


def _headlines(found: Iterable[Happened]) -> Iterable[tuple[str, str]]:
    for one in found:
        if one.name == "joined":
            rule = BY_NAME.get(one.data["rule"])
            facts = alert_cards.plain(one.data["facts"])
            yield f"alert:{one.data['alert']}", one.data["rule"] if rule is None else _(rule.headline, **facts)


def of_alerts(found: Sequence[Happened]) -> list[str]:
    """The alerts that joined, each once: they may belong to another incident by now."""
    return list(dict(_headlines(found)).values())


def called(incident: Incident, found: Sequence[Happened]) -> str:
    """What the incident is called: a person's words, else its first alert's."""
    if incident.title:
        return incident.title
    return next((what for _subject, what in _headlines(found)), _("Incident"))
