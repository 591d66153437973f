"""Times of jobs mean what every other cron means by them."""

from datetime import UTC, datetime

import pytest

from bot.config.cron import trigger

FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "following"),
    [
        ("1", ["Mon", "Mon"]),
        ("mon", ["Mon", "Mon"]),
        ("0", ["Sun", "Sun"]),
        ("7", ["Sun", "Sun"]),
        ("1-5", ["Mon", "Tue"]),
        ("5-7", ["Sat", "Sun"]),
        ("2,4", ["Tue", "Thu"]),
        ("1-5/2", ["Mon", "Wed"]),
        ("*/3", ["Sat", "Sun"]),
        ("*", ["Sat", "Sun"]),
    ],
)
def test_days_of_the_week(days: str, following: list[str]) -> None:
    """Days of the week in numbers count from Sunday, as in crontab(5), whatever the library counts from."""
    times = trigger(f"0 8 * * {days}")
    first = times.get_next_fire_time(None, FRIDAY)
    second = times.get_next_fire_time(first, first.replace(minute=1))
    assert [f"{first:%a}", f"{second:%a}"] == following
