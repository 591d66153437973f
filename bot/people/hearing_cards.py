"""What somebody hears of, how loudly, and when not."""

from collections.abc import Mapping
from itertools import cycle, dropwhile

from bot.access.model import Person
from bot.kernel.card import Button, Card, Lines, in_rows
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.topics import Topic
from bot.messages.wishes import MAY_BE_OFF, Hear, QuietHours, wish

NAMES: Mapping[Topic, str] = {
    Topic.ALERTS: N_("Alerts"),
    Topic.JOBS: N_("Jobs"),
    Topic.TROUBLE: N_("Faults"),
    Topic.COSTS: N_("Costs"),
    Topic.QUALITY: N_("Quality"),
    Topic.RATINGS: N_("Ratings"),
    Topic.REPORTS: N_("Reports"),
    Topic.MIRROR: N_("Notion"),
    Topic.PEOPLE: N_("People"),
}
OFFERED = ("22:00-07:00", "23:00-08:00")
NEVER = "never"
STRICT, LENIENT = "all", "critical"
WISHES = tuple(f"{topic.name.lower()}-{how.value}" for topic in MAY_BE_OFF for how in Hear)
HOURS = (*(hours.replace(":", "") for hours in OFFERED), NEVER, STRICT, LENIENT)


def card(who: Person) -> Card:
    """How each topic is heard, and the quiet hours; every tap on a topic takes the next way of hearing it."""
    lines = Lines(_("Your notifications"))
    lines.add(_("Tap a topic to change it. Answers to you always come, and what waits for your decision always rings."))
    lines.add(_quiet(who))
    topics = [_topic(who, topic) for topic in MAY_BE_OFF]
    return Card(str(lines), (*in_rows(topics), *_hours(who)))


def _topic(who: Person, topic: Topic) -> Button:
    how = wish(who.heard, topic)
    following = cycle(Hear)
    next(dropwhile(lambda one: one is not how, following))
    label = _("{topic}: {how}", topic=_(NAMES[topic]), how=how.words)
    return Button(label, "hearset", choice=f"{topic.name.lower()}-{next(following).value}")


def _quiet(who: Person) -> str:
    hours = QuietHours.kept(who.quiet_hours)
    if hours is None:
        return _("You have no quiet hours. For example: /alerts quiet 22:00-07:00")
    said = {"begins": f"{hours.begins:%H:%M}", "ends": f"{hours.ends:%H:%M}", "zone": who.reader.zone}
    if hours.strict:
        return _("Quiet from {begins} to {ends} ({zone}): everything is silent, even critical alerts.", **said)
    return _("Quiet from {begins} to {ends} ({zone}): only critical alerts ring.", **said)


def _hours(who: Person) -> tuple[tuple[Button, ...], ...]:
    hours = QuietHours.kept(who.quiet_hours)
    if hours is None:
        offered = [Button(_("Quiet {hours}", hours=one), "quietset", choice=one.replace(":", "")) for one in OFFERED]
        return (tuple(offered),)
    other = (
        Button(_("Let critical ring"), "quietset", choice=LENIENT)
        if hours.strict
        else Button(_("Silence critical too"), "quietset", choice=STRICT)
    )
    return ((other, Button(_("End quiet hours"), "quietset", choice=NEVER)),)


def meant(who: Person, choice: str) -> QuietHours | None:
    """The quiet hours that a button means; None: none at all."""
    hours = QuietHours.kept(who.quiet_hours)
    if choice == NEVER or (hours is None and choice in {STRICT, LENIENT}):
        return None
    if hours is not None and choice in {STRICT, LENIENT}:
        return QuietHours(hours.begins, hours.ends, strict=choice == STRICT)
    begins, ends = choice.split("-")
    return QuietHours.said(f"{begins[:2]}:{begins[2:]}-{ends[:2]}:{ends[2:]}")
