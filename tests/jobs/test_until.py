"""Until when a job is paused, as people write it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.kernel.errors import Refusal
from bot.kernel.translation import Reader, reading_as
from jobs.machinery.until import LONGEST, until

NOW = datetime(2026, 11, 26, 10, 2, tzinfo=UTC)  # a Thursday, 15:02 in Karachi


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("3 h", NOW + timedelta(hours=3)),
        ("90 min", NOW + timedelta(minutes=90)),
        ("2 Days", NOW + timedelta(days=2)),
        ("1 semana", NOW + timedelta(days=7)),
        ("18:00", datetime(2026, 11, 26, 13, tzinfo=UTC)),
        ("9.30", datetime(2026, 11, 27, 4, 30, tzinfo=UTC)),
        ("tomorrow 9:00", datetime(2026, 11, 27, 4, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 11, 26, 19, tzinfo=UTC)),
        (" Friday  18:00 ", datetime(2026, 11, 27, 13, tzinfo=UTC)),
        ("2026-12-24 08:00", datetime(2026, 12, 24, 3, tzinfo=UTC)),
    ],
)
def test_a_time(words: str, at: datetime) -> None:
    """A span, a time of day, a day, or both, by the reader's clocks."""
    with reading_as(Reader("en", "Asia/Karachi")):
        assert until(words, NOW) == at


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("soon", "is no time I can read"),
        ("25:00", "is no time I can read"),
        ("", "is no time I can read"),
        ("3 eggs", "is no time I can read"),
        ("2026-02-30", "is no time I can read"),
        ("today 9:00", "is over"),
        ("2025-12-24", "is over"),
        ("31 days", "more than 30 days"),
        ("2027-12-24", "more than 30 days"),
        ("999 weeks", "more than 30 days"),
    ],
)
def test_no_time(words: str, said: str) -> None:
    """What is none, over, or too far away is refused with words that say what to write."""
    with reading_as(Reader("en", "Asia/Karachi")), pytest.raises(Refusal, match=said):
        until(words, NOW)


def test_in_other_languages() -> None:
    """Days are read in the reader's language."""
    with reading_as(Reader("es", "Europe/Madrid")):
        assert until("viernes 8:00", NOW) == datetime(2026, 11, 27, 7, tzinfo=UTC)
    assert timedelta(days=30) == LONGEST
