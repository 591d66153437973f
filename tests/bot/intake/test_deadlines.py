"""By when something is due: the end of a working day, by the clocks of whoever asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from gettext import NullTranslations

import pytest

from bot.briefs.options import deadline_in, written_deadline
from bot.kernel import translation
from bot.kernel.errors import Refusal
from bot.kernel.translation import Reader, reading_as
from bot.tenants.office_hours import OfficeHours, office_hours

WEEK = office_hours("Mon-Fri 09:00-18:00")
THURSDAY = datetime(2026, 11, 26, 12, tzinfo=UTC)


@contextmanager
def in_karachi(language: str = "en") -> Iterator[None]:
    translation.install(language, NullTranslations)
    with reading_as(Reader(language, "Asia/Karachi")):
        yield
    if language != "en":
        translation.uninstall(language)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A time in Karachi, which is five hours ahead."""
    return datetime(year, month, day, hour - 5, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (THURSDAY, local(2026, 11, 27, 18)),
        # in Karachi it is Friday already, and Saturday is a day off
        (datetime(2026, 11, 26, 19, 0, tzinfo=UTC), local(2026, 11, 30, 18)),
        (datetime(2026, 11, 26, 18, 59, tzinfo=UTC), local(2026, 11, 27, 18)),
    ],
)
def test_tomorrow(now: datetime, due: datetime) -> None:
    """Tomorrow is where the person is, on both sides of their midnight, and over a weekend the next working day."""
    with in_karachi():
        assert deadline_in(1, now, WEEK) == due == written_deadline("tomorrow", now, WEEK)


def test_a_holiday_is_no_working_day() -> None:
    """A holiday of the country, or of a part of it, is passed over; elsewhere it is a day like others."""
    before = datetime(2026, 10, 30, 12, tzinfo=UTC)  # a Friday; the 31st is a Saturday
    assert deadline_in(1, before, office_hours("Mon-Sat 09:00-18:00", "DE-HH")).day == 2
    assert deadline_in(1, before, office_hours("Mon-Sat 09:00-18:00", "DE-BE")).day == 31
    christmas = datetime(2026, 12, 24, 12, tzinfo=UTC)
    assert deadline_in(1, christmas, office_hours("Mon-Fri 09:00-18:00", "DE, PK")).date() == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("today", local(2026, 11, 26, 18)),
        ("Friday", local(2026, 11, 27, 18)),
        ("thu", local(2026, 12, 3, 18)),
        ("2026-12-24", local(2026, 12, 24, 18)),
        ("2026-12-26", local(2026, 12, 26, 18)),  # a Saturday, which was asked for
    ],
)
def test_a_day_in_words(words: str, due: datetime) -> None:
    """Today, days of the week and dates end as a working day does, and a day off that was named stays that day."""
    with in_karachi():
        assert written_deadline(words, THURSDAY, WEEK) == due


def test_a_day_in_their_language() -> None:
    """Days of the week are read in the reader's language too."""
    with in_karachi("es"):
        assert written_deadline("Viernes", THURSDAY, WEEK) == local(2026, 11, 27, 18)
        assert written_deadline("vie", THURSDAY, WEEK) == local(2026, 11, 27, 18)


def test_the_end_of_today_may_be_over() -> None:
    """After the end of the working day today is over."""
    with in_karachi(), pytest.raises(Refusal, match="is over"):
        written_deadline("today", THURSDAY.replace(hour=13, minute=1), WEEK)


def test_hours_of_each_day() -> None:
    """Each day of the week has its own end; who works to midnight is done when it strikes."""
    hours = office_hours("Sun-Fri 10:00-24:00; sat 10:00-14:00")
    assert hours.end_of(date(2026, 11, 28), UTC) == datetime(2026, 11, 28, 14, tzinfo=UTC)
    assert hours.end_of(date(2026, 11, 29), UTC) == datetime(2026, 11, 30, tzinfo=UTC)
    assert hours.works(date(2026, 11, 29))


def test_who_never_works() -> None:
    """Where every day is a holiday the day itself is meant: nobody looks on for ever."""
    closed = OfficeHours({0: (0, 60)}, holiday=lambda day: True)
    assert closed.working_day(date(2026, 11, 28)) == date(2026, 11, 28)
