"""How duties read."""

from collections.abc import Sequence
from datetime import datetime

from bot.access.model import Person
from bot.incidents.cards import written_by
from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.text.words import clock, moment
from bot.kernel.translation import gettext as _
from storage.incidents.duties import Duty


def roster(who: Person, on_duty: Sequence[tuple[Duty, Person]], team: Sequence[Person], at: datetime) -> Card:
    """Who is on duty, and what one can do about it."""
    lines = Lines(_("On duty") if on_duty else _("Nobody is on duty"))
    for duty, person in on_duty:
        said = {"name": escape(person.name), "since": moment(duty.since or duty.offered_at)}
        lines.add(
            _("First: {name}, since {since}", **said) if duty.place == 1 else _("Second: {name}, since {since}", **said)
        )
    if not on_duty:
        lines.add(
            _(
                "All admins hear of every alert. Once somebody is on duty, they are told first, and the "
                "others only if nobody reacts."
            )
        )
    mine = next((duty for duty, person in on_duty if person.id == who.id), None)
    return Card(str(lines.add(_("As of {time}", time=clock(at)))), _buttons(who, mine, len(on_duty), team))


def _buttons(who: Person, mine: Duty | None, taken: int, team: Sequence[Person]) -> tuple[tuple[Button, ...], ...]:
    if mine is None:
        return () if taken > 1 else ((Button(_("Take duty"), "dutyon"),),)
    others = [Button(_("Hand over to {name}", name=one.name), "dutyto", one.id) for one in team if one.id != who.id]
    return (*in_rows(others, 1), (Button(_("Leave duty"), "dutyoff"),))


def offered(duty: Duty, by: str) -> Card:
    """The note on the shift, and the button that takes it over."""
    lines = Lines(_("Duty · {name} hands over to you", name=by)).add(escape(duty.note or ""))
    lines.add(f"<i>{escape(written_by(duty.note_model))}</i>")
    lines.add(_("Until you take it, {name} stays on duty.", name=escape(by)))
    return Card(str(lines), ((Button(_("I have it"), "dutytake", duty.id),),))


def handing_over(to: str) -> Card:
    """Say that the other was asked."""
    lines = Lines(_("Duty · Offered to {name}", name=to))
    return Card(str(lines.add(_("They got the note on your shift. You stay on duty until they take it."))))


def taken(by: str, at: datetime) -> Card:
    """Say that somebody took the duty over."""
    return Card(str(Lines(_("Duty · {name} took over, {time}", name=by, time=clock(at)))), silent=True)
