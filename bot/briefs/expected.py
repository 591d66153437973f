"""When finished work is to be expected: how long it usually takes, and by when a person has read what they have to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from bot.briefs.model import Brief
from bot.kernel.text.words import clock, duration, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import local
from bot.tenants.office_hours import OfficeHours

FEWEST = 5  # pieces of work, below which nothing is usual
MEASURED = 50  # the newest ones are measured
MEASURED_FOR = timedelta(days=30)
_USUALLY = 3, 4  # of four, three took no longer
MORNING = time(8)  # by the clocks of the business
_TO_READ = timedelta(hours=2)  # what comes later in the day is read on the next working day


@dataclass(frozen=True, slots=True)
class Expected:
    """usual: how long work takes that no person reads first; None: too little is known. read_by: for what one does."""

    usual: timedelta | None
    read_by: datetime


@dataclass(frozen=True, slots=True)
class Morning:
    """When work starts that waits for the next morning, when it is ready then, and how many percent less it costs.

    percent: 0 where it is not offered.
    """

    starts_at: datetime
    expected: Expected
    percent: int


def next_morning(now: datetime, zone: tzinfo) -> datetime:
    """The morning of the next day, by those clocks."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, MORNING, zone).astimezone(now.tzinfo)


def usual(spans: Sequence[timedelta]) -> timedelta | None:
    """The whole minutes within which three of four of these were ready; None where they are too few to tell."""
    if len(spans) < FEWEST:
        return None
    part, whole = _USUALLY
    longest = sorted(spans)[-(-len(spans) * part // whole) - 1]
    return timedelta(minutes=max(1, -(-longest // timedelta(minutes=1))))


def read_by(now: datetime, hours: OfficeHours, zone: tzinfo) -> datetime:
    """By when a person has read what comes now: the end of the working day, by the clocks of the business."""
    day = hours.working_day(now.astimezone(zone).date())
    end = hours.end_of(day, zone)
    if now + _TO_READ > end:
        end = hours.end_of(hours.working_day(day + timedelta(days=1)), zone)
    return end.astimezone(now.tzinfo)


def in_words(expected: Expected, now: datetime) -> str:
    """ "Usually ready in 2 min; by 18:00 if a person reads it first."."""
    by = when(expected.read_by, now)
    if expected.usual is None:
        return _("If a person reads it first, it is ready by {when}.", when=by)
    # Translators: {time} is such as "2 min", {when} such as "18:00 UTC" or "Mon 30 Nov, 18:00 UTC".
    return _("Usually ready in {time}; by {when} if a person reads it first.", time=duration(expected.usual), when=by)


def told(brief: Brief, read_by: datetime, now: datetime) -> str:
    """The same while it is made, as it was told at the yes; what is over is not said again."""
    span = None if brief.usual_seconds is None else timedelta(seconds=brief.usual_seconds)
    usual = span if span is not None and now < brief.updated_at + span else None
    if now < read_by:
        return in_words(Expected(usual, read_by), now)
    return _("It takes longer than usual.")


def told_in_review(brief: Brief, now: datetime) -> str:
    """While a person has to read it."""
    if brief.read_by is None or now >= brief.read_by:
        return _("A person looks at it before it goes out.")
    return _("A person looks at it before it goes out, by {when}.", when=when(brief.read_by, now))


def when(at: datetime, now: datetime) -> str:
    """The time alone where it is today for its reader, else with its day."""
    return clock(at) if local(at).date() == local(now).date() else moment(at)
