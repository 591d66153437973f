"""Times as cron writes them, five fields in UTC, for APScheduler, which counts the days of the week from Monday."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")  # 0 and 7 are Sunday: crontab(5)
REMEMBERED = 20  # times that were missed, of one job after a long stop: enough to see the gap
NUMBERED = re.compile(r"(?:(?P<all>\*)|(?P<first>[0-7])(?:-(?P<last>[0-7]))?)(?:/(?P<step>[1-7]))?")


@lru_cache(maxsize=256)  # reading one takes longer than all that is asked of it, and it never changes
def trigger(cron: str) -> CronTrigger:
    """When a cron time comes; raises ValueError where it is none."""
    fields = cron.split()
    if len(fields) == 5:
        fields[4] = ",".join(map(_days, fields[4].split(",")))
    return CronTrigger.from_crontab(" ".join(fields), timezone=UTC)


def check(cron: str) -> None:
    """Raise ValueError, with words, where nobody could say when it comes, or where it never does."""
    comes = trigger(cron)
    _, _, day, _, weekday = cron.split()
    if not day.startswith("*") and not weekday.startswith("*"):
        raise ValueError("it names days of the month and days of the week; write * for one of them")
    if comes.get_next_fire_time(None, datetime.now(UTC)) is None:
        raise ValueError("it never comes")


def next_time(trigger: BaseTrigger, now: datetime) -> datetime | None:
    """The next time that the trigger fires."""
    following: datetime | None = trigger.get_next_fire_time(None, now)
    return following


def due_times(trigger: BaseTrigger, last: datetime, now: datetime) -> list[datetime]:
    """The trigger's times after `last`, up to and including `now`; of many the newest, one more than are remembered.

    What it costs grows with the logarithm of the time between, not with the number of times: where there are too many,
    the moment after which there are just enough is found by halving.
    """
    most = REMEMBERED + 1
    times = _first(trigger, last, now, most + 1)
    if len(times) <= most:
        return times
    early, late = last, now
    begin = max(last, now - (times[-1] - times[0]))  # where it fires evenly there are just enough after this
    while len(times := _first(trigger, begin, now, most + 1)) != most:
        early, late = (begin, late) if len(times) > most else (early, begin)
        begin = early + (late - early) / 2
    return times


def _first(trigger: BaseTrigger, after: datetime, until: datetime, limit: int) -> list[datetime]:
    """The first times after one moment and up to another, at most so many."""
    times: list[datetime] = []
    at = trigger.get_next_fire_time(None, after + timedelta(microseconds=1))
    while at is not None and at <= until and len(times) < limit:
        times.append(at)
        at = trigger.get_next_fire_time(at, at + timedelta(microseconds=1))
    return times


def _days(part: str) -> str:
    """Days in numbers as names; anything else as it is."""
    found = NUMBERED.fullmatch(part)
    if found is None or part == "*":
        return part
    first = int(found["first"] or 0)
    last = 6 if found["all"] else int(found["last"] or first)
    return ",".join(dict.fromkeys(DAYS[first : last + 1 : int(found["step"] or 1)])) or part
