"""The times of a job, by its trigger."""

from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger

REMEMBERED = 20  # missed times recorded per job after a long stop: enough to see the gap


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
