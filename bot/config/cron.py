"""Times as cron writes them, five fields in UTC, for APScheduler, which counts the days of the week from Monday."""

import re
from datetime import UTC, datetime

from apscheduler.triggers.cron import CronTrigger

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")  # 0 and 7 are Sunday: crontab(5)
NUMBERED = re.compile(r"(?:(?P<all>\*)|(?P<first>[0-7])(?:-(?P<last>[0-7]))?)(?:/(?P<step>[1-7]))?")


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


def _days(part: str) -> str:
    """Days in numbers as names; anything else as it is."""
    found = NUMBERED.fullmatch(part)
    if found is None or part == "*":
        return part
    first = int(found["first"] or 0)
    last = 6 if found["all"] else int(found["last"] or first)
    return ",".join(dict.fromkeys(DAYS[first : last + 1 : int(found["step"] or 1)])) or part
