"""Who is on duty: taking it, leaving it, and handing it over with a note on the shift."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.access.model import Permission, Person
from bot.alerts import alert_cards
from bot.alerts.model import Alert
from bot.audit.service import record
from bot.incidents import cards, duty_cards
from bot.incidents.details import happened
from bot.incidents.writing import SHIFT, Writer
from bot.kernel.errors import Refusal, Stale
from bot.kernel.text.fitting import beginning
from bot.kernel.text.words import clock
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, reading_as
from bot.messages.service import TEAM, notify
from bot.messages.topics import Topic
from storage.alerts import alerts
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.incidents import duties, incidents
from storage.incidents.duties import Duty
from storage.people import people

PLACES = (1, 2)
LONGEST_SHIFT = timedelta(days=2)  # a note tells of no more
MOST_ALERTS = 50
MOST_LINES, LONGEST_LINE = 12, 120  # of a note that no model wrote


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is on duty at a time, the first place first, and who of the team may be."""

    at: datetime
    on_duty: Sequence[tuple[Duty, Person]]
    team: Sequence[Person]


class DutyRoster:
    """Verbs on duties; each raises Forbidden."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def roster(self, who: Person) -> Roster:
        """Who is on duty."""
        who.require(Permission.WATCH)
        async with self._database.reading() as connection:
            held = await duties.now(connection, who.tenant)
            team = await people.with_roles(connection, who.tenant, *TEAM)
        by_id = {person.id: person for person in team}
        on_duty = [(duty, by_id[duty.person_id]) for duty in held if duty.person_id in by_id]
        return Roster(self._database.clock.now(), on_duty, team)

    async def begin(self, who: Person) -> Roster:
        """Be on duty, in the first place that is free. Raises Refusal where none is, Stale where they are already."""
        who.require(Permission.WATCH)

        async def work(tx: Transaction) -> None:
            await duties.hold(tx, who.tenant)
            held = await duties.now(tx.connection, who.tenant)
            if any(duty.person_id == who.id for duty in held):
                raise Stale(_("You are on duty already. /duty shows who is."))
            free = [place for place in PLACES if place not in {duty.place for duty in held}]
            if not free:
                raise Refusal(_("Two people are on duty already. Either can hand over to you with /duty."))
            await duties.begin(tx, who, free[0])
            await record(tx, who.tenant, who, "duty.begun", f"person:{who.id}", place=free[0])

        await self._database.write(work)
        return await self.roster(who)

    async def leave(self, who: Person) -> Roster:
        """Be on duty no more. Raises Stale where they are not."""
        who.require(Permission.WATCH)

        async def work(tx: Transaction) -> None:
            if not await duties.end(tx, await _theirs(tx.connection, who)):
                raise _not_on_duty()
            await record(tx, who.tenant, who, "duty.ended", f"person:{who.id}")

        await self._database.write(work)
        return await self.roster(who)

    async def hand_over(self, who: Person, person_id: int) -> Person:
        """Offer one's place to another of the team, with a note on the shift; until they take it, one stays on duty.

        Raises Stale where one is not on duty, Refusal where the other may not be.
        """
        who.require(Permission.WATCH)
        async with self._database.reading() as connection:
            mine = await _theirs(connection, who)
            to = await people.find(connection, who.tenant, person_id)
            shift = await _shift(connection, mine, self._database.clock.now())
        if to is None or not to.may(Permission.WATCH) or to.id == who.id:
            raise Refusal(_("Only operators and admins can be on duty. /duty shows whom you can hand over to."))
        with reading_as(to.reader):
            said = [f"{clock(at)}  {words()}" for at, words in shift]
            written = await self._writer.write(who.tenant, "shift_note", SHIFT, said)
            note = written.text if written is not None else by_rules(said)

        async def work(tx: Transaction) -> None:
            model = written.model if written is not None else None
            place = (await _theirs(tx.connection, who)).place
            await duties.withdraw(tx, who)
            duty = await duties.offer(tx, who, to, place, note, model)
            await record(tx, who.tenant, who, "duty.offered", f"person:{to.id}", place=place)
            show = partial(duty_cards.offered, duty, who.name)
            await notify(tx, to, Topic.DUTY, show, slot=f"duty:{duty.id}")

        await self._database.write(work)
        return to

    async def accept(self, who: Person, duty_id: int) -> Roster:
        """Take the place that was offered; whoever offered it is off duty.

        Raises Stale where that was done, or whoever offered it has the place no more.
        """
        who.require(Permission.WATCH)

        async def work(tx: Transaction) -> None:
            await duties.hold(tx, who.tenant)
            offered, held = await _offered(tx.connection, who, duty_id)
            for one in held:
                if one.place == offered.place or one.person_id == who.id:
                    await duties.end(tx, one)
            await duties.accept(tx, offered)
            await record(tx, who.tenant, who, "duty.taken", f"person:{who.id}", place=offered.place)
            if offered.offered_by is not None:
                giver = await people.by_id(tx.connection, who.tenant, offered.offered_by)
                await notify(tx, giver, Topic.DUTY, partial(duty_cards.taken, who.name, tx.now))

        await self._database.write(work)
        return await self.roster(who)


async def _offered(connection: Connection, who: Person, duty_id: int) -> tuple[Duty, list[Duty]]:
    """What was offered to the person, with the duties that hold now. Raises Stale where it is over."""
    offered, held = await duties.find(connection, who.tenant, duty_id), await duties.now(connection, who.tenant)
    if offered is None or offered.person_id != who.id or offered.until is not None or offered.since is not None:
        raise Stale(_("That was taken already, or offered to somebody else. /duty shows who is on duty."))
    if not any(one.place == offered.place and one.person_id == offered.offered_by for one in held):
        raise Stale(_("Whoever offered it is not on duty there any more. /duty shows who is on duty."))
    return offered, held


def by_rules(said: Sequence[str]) -> str:
    """The newest of what happened, each in a short line of plain text."""
    if not said:
        return _("Nothing happened.")
    shown = [beginning(one, LONGEST_LINE) for one in said[-MOST_LINES:]]
    more = len(said) - len(shown)
    return "\n".join([*([ngettext("{n} more before", "{n} more before", more)] if more else []), *shown])


async def _theirs(connection: Connection, who: Person) -> Duty:
    """The person's duty. Raises Stale where they have none."""
    held = await duties.now(connection, who.tenant)
    mine = next((duty for duty in held if duty.person_id == who.id), None)
    if mine is None:
        raise _not_on_duty()
    return mine


async def _shift(connection: Connection, duty: Duty, now: datetime) -> list[tuple[datetime, Callable[[], str]]]:
    """What happened on the shift, the oldest first: alerts that opened, how they stand, and incidents."""
    since = max(duty.since or duty.offered_at, now - LONGEST_SHIFT)
    found = await alerts.between(connection, duty.tenant, since, now, MOST_ALERTS)
    said: list[tuple[datetime, Callable[[], str]]] = [(one.opened_at, partial(_of_alert, one)) for one in found]
    for one in await incidents.page(connection, duty.tenant, Page(limit=MOST_ALERTS), still_open=False):
        if one.open or one.opened_at >= since:
            events = await happened(connection, one)
            said.append((one.opened_at, partial(cards.headline, one, events)))
    return sorted(said, key=lambda one: one[0])


def _of_alert(alert: Alert) -> str:
    what = alert_cards.named(alert)
    if not alert.open:
        return what
    if alert.taken_by is not None:
        return _("{what}; {name} has it", what=what, name=alert.taker)
    return _("{what}; still open, nobody has it", what=what)


def _not_on_duty() -> Stale:
    return Stale(_("You are not on duty. /duty shows who is."))
