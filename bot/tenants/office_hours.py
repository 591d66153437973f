"""When a business works: hours by day of the week, as a setting says them, without its country's holidays.

Holidays are of the package `holidays`, which counts them itself: https://holidays.readthedocs.io.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLE = "Mon-Fri 09:00-18:00; Sat 10:00-14:00"
LONGEST_CLOSED = 366
_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
Span = tuple[int, int]  # minutes of a day, from when until when


def _never(day: date) -> bool:  # noqa: ARG001 - the shape of them all
    return False


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """hours: by day of the week, Monday is 0; a day without is none on which anybody works. holiday: another such."""

    hours: Mapping[int, Span]
    holiday: Callable[[date], bool] = _never

    def works(self, day: date) -> bool:
        """Whether anybody works on that day."""
        return day.weekday() in self.hours and not self.holiday(day)

    def working_day(self, day: date) -> date:
        """That day, or the first after it on which anybody works."""
        days = (day + timedelta(days=later) for later in range(LONGEST_CLOSED))
        return next((one for one in days if self.works(one)), day)

    def end_of(self, day: date, zone: tzinfo) -> datetime:
        """The end of the working day, by the clocks of that zone; of a day off, when any other ends the latest."""
        latest = max(until for _, until in self.hours.values())
        until = self.hours[day.weekday()][1] if self.works(day) else latest
        later, minutes = divmod(until, 24 * 60)
        return datetime.combine(day + timedelta(days=later), time(*divmod(minutes, 60)), zone)


@lru_cache
def office_hours(words: str, holidays: str = "") -> OfficeHours:
    """Those that the settings say. Raises ValueError, whose words end "OFFICE_HOURS …" or "HOLIDAYS …"."""
    return OfficeHours(_hours(words), calendar(holidays))


def _hours(words: str) -> Mapping[int, Span]:
    found: dict[int, Span] = {}
    for part in filter(None, (part.strip().lower() for part in words.split(";"))):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"are no office hours: write them like {EXAMPLE}")
        first, last, *numbers = match.groups()
        hours, minutes, to_hours, to_minutes = map(int, numbers)
        span = hours * 60 + minutes, to_hours * 60 + to_minutes
        if max(minutes, to_minutes) > 59 or not span[0] < span[1] <= 24 * 60:
            raise ValueError(f"are no office hours: from an earlier to a later time of one day, like {EXAMPLE}")
        for day in _days(first, last or first):
            if found.setdefault(day, span) is not span:
                raise ValueError(f"name {DAYS[day].capitalize()} twice")
    if not found:
        raise ValueError(f"are no office hours: write them like {EXAMPLE}")
    return found


def _days(first: str, last: str) -> Iterator[int]:
    """From one day of the week to the other, over a Sunday too."""
    if first not in DAYS or last not in DAYS:
        raise ValueError(f"have days of the week by three letters, like {EXAMPLE}")
    day, end = DAYS.index(first), DAYS.index(last)
    yield day
    while day != end:
        day = (day + 1) % 7
        yield day


def calendar(countries: str) -> Callable[[date], bool]:
    """Whether a day is a holiday in any of the countries: "DE-HH, PK". Raises ValueError for one that is not known."""
    codes = [code.strip().upper() for code in countries.split(",") if code.strip()]
    if not codes:
        return _never
    import holidays  # 0.1 s, for whom it is set

    known = holidays.list_supported_countries()
    for code in codes:
        country, _, part = code.partition("-")
        if country not in known or (part and part not in known[country]):
            raise ValueError(f"name {code}, whose holidays are not known: write them like DE, DE-HH or PK")
    found = [holidays.country_holidays(c.partition("-")[0], subdiv=c.partition("-")[2] or None) for c in codes]
    return lambda day: any(day in each for each in found)
