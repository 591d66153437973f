"""How incidents read."""

from collections.abc import Sequence
from datetime import datetime

from bot.alerts import alert_cards
from bot.alerts.model import Alert
from bot.incidents import timeline
from bot.incidents.model import Incident
from bot.incidents.timeline import Happened
from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines
from bot.kernel.text.words import clock, duration, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number

SHOWN = 5  # alerts; the rest is in /alerts
LATEST = 3  # lines of the timeline, which has a button
LISTED = 10
MOST_LINES, LONGEST_LINE = 15, 160


def headline(incident: Incident, found: Sequence[Happened]) -> str:
    """ "Incident 1001 · Critical · Stripe · Not answering"."""
    what = timeline.called(incident, found)
    how = incident.severity.words if incident.open else _("Closed")
    return _("Incident {id} · {how} · {what}", id=incident.id, how=how, what=what)


def card(incident: Incident, alerts: Sequence[Alert], found: Sequence[Happened], now: datetime) -> Card:
    """An incident: how it stands, its open alerts, the summary or what happened last, and what one can do."""
    lines = Lines(headline(incident, found)).add(_stands(incident, now))
    still = [one for one in alerts if one.open]
    for alert in still[:SHOWN]:
        lines.add(alert_cards.in_one_line(alert, now))
    if len(still) > SHOWN:
        lines.add(_("and {n} more", n=number(len(still) - SHOWN)))
    if incident.summary:
        lines.add(escape(incident.summary)).add(f"<i>{escape(written_by(incident.summary_model))}</i>")
    elif said := timeline.lines(found)[-LATEST:]:
        lines.add("\n".join(first_lines(one, 160) for one in said)).add(f"<i>{escape(written_by(None))}</i>")
    return Card(str(lines), _buttons(incident), silent=not incident.open)


def _stands(incident: Incident, now: datetime) -> str:
    if incident.closed_at is not None:
        took = duration(incident.closed_at - incident.opened_at)
        if incident.closed_by is None:
            return _("It ended by itself at {time}, after {duration}.", time=clock(incident.closed_at), duration=took)
        who, at = escape(incident.closer), clock(incident.closed_at)
        return _("{name} closed it at {time}, after {duration}.", name=who, time=at, duration=took)
    since = duration(now - incident.opened_at)
    if incident.taken_at is None:
        return _("Open for {duration}; nobody has it yet.", duration=since)
    who, at = escape(incident.taker), clock(incident.taken_at)
    return _("Open for {duration}; taken by {name} at {time}.", duration=since, name=who, time=at)


def written_by(model: str | None) -> str:
    """What the words are, in plain text, so that nobody takes them for a person's."""
    if model is None:
        return _("Compiled by rules from the events alone.")
    return _("Written by {model} from the events alone; check before you rely on it.", model=model)


def _buttons(incident: Incident) -> tuple[tuple[Button, ...], ...]:
    papers = (_button(_("Timeline"), "itimeline", incident), _button(_("Post-mortem"), "ipostmortem", incident))
    if not incident.open:
        return (papers,)
    take = () if incident.taken_by is not None else (_button(_("I have it"), "itake", incident),)
    return (*take, _button(_("Add a note"), "inote", incident)), papers, (_button(_("Close"), "iclose", incident),)


def _button(label: str, action: str, incident: Incident) -> Button:
    return Button(label, action, incident.id, incident.version)


def listing(found: Sequence[tuple[Incident, Sequence[Happened]]], now: datetime) -> Card:
    """The newest incidents."""
    still = sum(incident.open for incident, _happened in found)
    if not found:
        lines = Lines(_("No incidents")).add(_("Related alerts become one incident. To open one yourself:"))
        return Card(str(lines.add(f"/incident {_('Stripe does not answer')}")))
    lines = Lines(ngettext("{n} open incident", "{n} open incidents", still) if still else _("No open incident"))
    for incident, happened in found[:LISTED]:
        what = first_lines(timeline.called(incident, happened), 80)
        how = incident.severity.words if incident.open else _("closed")
        lines.add(
            f"/incident_{incident.id} "
            + _("{how}, {time}: {what}", how=how, time=moment(incident.opened_at), what=what)
        )
    lines.add(_("To open one: /incident and what you see. As of {time}", time=clock(now)))
    return Card(str(lines))


def whole_timeline(incident: Incident, found: Sequence[Happened]) -> Card:
    """All that happened, the oldest first; of much the newest."""
    said = timeline.lines(found)
    lines = Lines(_("Incident {id} · Timeline", id=incident.id))
    if len(said) > MOST_LINES:
        lines.add(_("The newest {n} of {all}; the post-mortem has them all.", n=MOST_LINES, all=number(len(said))))
    for one in said[-MOST_LINES:]:
        lines.add(first_lines(one, LONGEST_LINE))
    return Card(str(lines))


def ask_note(incident: Incident) -> Card:
    """Ask what to write into the timeline."""
    lines = Lines(_("Incident {id} · Your note", id=incident.id))
    return Card(str(lines.add(_("Write one or two sentences for the timeline, or /stop."))))


def post_mortem(incident: Incident, found: Sequence[Happened]) -> Card:
    """A draft of the post-mortem, as a file of Markdown: what is known, and what a person has to write."""
    text = "\n".join(_post_mortem(incident, found))
    lines = Lines(_("Incident {id} · Post-mortem, a draft", id=incident.id))
    lines.add(_("The timeline and figures come from the events. Please add causes and actions."))
    return Card(str(lines), document=Document(f"incident-{incident.id}.md", text))


def _post_mortem(incident: Incident, found: Sequence[Happened]) -> list[str]:
    ended = incident.closed_at or found[-1].at if found else incident.opened_at
    text = [f"# {headline(incident, found)}", ""]
    text += [_("- Began: {time}", time=moment(incident.opened_at))]
    text += [_("- Ended: {time}", time=moment(incident.closed_at) if incident.closed_at else _("not yet"))]
    text += [_("- Lasted: {time}", time=duration(ended - incident.opened_at))]
    text += [_("- Taken: {time}", time=moment(incident.taken_at) if incident.taken_at else _("never")), ""]
    text += [f"## {_('Summary')}", "", incident.summary or _("(write one or two sentences)")]
    if incident.summary:
        text += ["", written_by(incident.summary_model)]
    text += ["", f"## {_('Alerts')}", "", *(f"- {what}" for what in timeline.of_alerts(found))]
    text += ["", f"## {_('Timeline')}", "", *(f"- {line}" for line in timeline.lines(found))]
    for title in (_("Impact"), _("Cause"), _("What went well"), _("What went badly"), _("Actions")):
        text += ["", f"## {title}", "", _("(to be written)")]
    return [*text, ""]
