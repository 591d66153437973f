"""When finished work is to be expected, from what was measured and from office hours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.briefs.expected import Expected, in_words, read_by, told, told_in_review, usual
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, reading_as
from bot.tenants.office_hours import office_hours
from tests.briefs import made_up

WEEK = office_hours("Mon-Fri 09:00-18:00", "DE")
KARACHI = ZoneInfo("Asia/Karachi")
THURSDAY = datetime(2026, 11, 26, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        ([60, 60, 60, 60], None),
        ([1, 1, 1, 1, 1], 1),
        ([30, 61, 61, 90, 4000], 2),
        ([30, 61, 61, 4000, 4000], 67),
        ([10] * 75 + [300] * 25, 1),
        ([10] * 74 + [300] * 26, 5),
    ],
)
def test_usual(seconds: list[int], minutes: int | None) -> None:
    """Three of four were ready by then, in whole minutes; of fewer than five nothing is usual."""
    assert usual([timedelta(seconds=one) for one in seconds]) == (minutes and timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("now", "zone", "by"),
    [
        (THURSDAY, UTC, datetime(2026, 11, 26, 18, tzinfo=UTC)),
        (datetime(2026, 11, 26, 16, tzinfo=UTC), UTC, datetime(2026, 11, 26, 18, tzinfo=UTC)),
        (datetime(2026, 11, 26, 16, 1, tzinfo=UTC), UTC, datetime(2026, 11, 27, 18, tzinfo=UTC)),
        (datetime(2026, 11, 27, 17, 0, tzinfo=UTC), UTC, datetime(2026, 11, 30, 18, tzinfo=UTC)),
        (datetime(2026, 11, 28, 10, 0, tzinfo=UTC), UTC, datetime(2026, 11, 30, 18, tzinfo=UTC)),
        (datetime(2026, 12, 25, 10, 0, tzinfo=UTC), UTC, datetime(2026, 12, 28, 18, tzinfo=UTC)),
        # the business is five hours ahead, where it is 15:00
        (THURSDAY, KARACHI, datetime(2026, 11, 26, 13, tzinfo=UTC)),
        (datetime(2026, 11, 26, 20, tzinfo=UTC), KARACHI, datetime(2026, 11, 27, 13, tzinfo=UTC)),
    ],
)
def test_read_by(now: datetime, zone: ZoneInfo, by: datetime) -> None:
    """The end of the working day where the business is; of the next one with less than two hours left, or a day off."""
    assert read_by(now, WEEK, zone) == by


def test_in_words() -> None:
    """The time alone where it is the reader's today, else with its day; nothing that was not measured."""
    expected = Expected(timedelta(minutes=2), datetime(2026, 11, 26, 18, tzinfo=UTC))
    assert in_words(expected, THURSDAY) == "Usually ready in 2 min; by 18:00 UTC if a person reads it first."
    with reading_as(Reader("en", "Pacific/Auckland")):
        assert "by Fri 27 Nov, 07:00 GMT+13 if" in in_words(expected, THURSDAY - timedelta(hours=5))
    assert in_words(replace(expected, usual=None), THURSDAY) == (
        "If a person reads it first, it is ready by 18:00 UTC."
    )


def test_told_at_the_yes() -> None:
    """What was told is said as long as it can come true, and never after."""
    by, two = THURSDAY + timedelta(hours=8), timedelta(minutes=2)
    brief = replace(made_up("b", TaskType.DRAFTING), updated_at=THURSDAY, usual_seconds=120, read_by=by)
    assert told(brief, by, THURSDAY) == in_words(Expected(two, by), THURSDAY)
    assert told(brief, by, THURSDAY + two) == in_words(Expected(None, by), THURSDAY)
    assert told(brief, by, by) == "It takes longer than usual."
    assert told_in_review(brief, THURSDAY).endswith(", by 18:00 UTC.")
    assert told_in_review(brief, by) == "A person looks at it before it goes out."
