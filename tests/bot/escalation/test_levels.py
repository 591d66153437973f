"""The rules of review: how long a claim holds, and which level a wait has reached."""

from datetime import timedelta

import pytest

from bot.briefs.model import ADMINS, LAST, NOBODY, OTHERS, SAME_PEOPLE
from bot.review.model import Escalation

MINUTE = timedelta(minutes=1)
ESCALATION = Escalation(30 * MINUTE, 30 * MINUTE, 120 * MINUTE, 480 * MINUTE, 1_440 * MINUTE)


@pytest.mark.parametrize(
    ("minutes", "level"),
    [(0, NOBODY), (29, NOBODY), (30, SAME_PEOPLE), (119, SAME_PEOPLE), (120, OTHERS), (479, OTHERS), (480, ADMINS),
     (1_439, ADMINS), (1_440, LAST), (100_000, LAST)],
)  # fmt: skip
def test_levels(minutes: int, level: int) -> None:
    """Each level is reached at its time, and the last one is the last."""
    assert ESCALATION.level(minutes * MINUTE) == level
