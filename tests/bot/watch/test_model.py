"""When something is wrong, by figures. Pure."""

import pytest

from bot.watch.model import Days, payments_fail


@pytest.mark.parametrize(
    ("day", "before", "week", "dip"),
    [(70, 100, None, 0), (69, 100, None, 31), (0, 100, None, 100), (0, 0, None, 0), (120, 100, None, 0),
     (0, 100, 0, 0), (69, 100, 80, 0), (69, 100, 100, 31), (10, 100, 200, 90)],
)  # fmt: skip
def test_dips(day: int, before: int, week: int | None, dip: int) -> None:
    """More than 30 % down on the day before is a dip, unless that weekday was as low a week ago."""
    assert Days("USD", day, before, week).dip == dip


@pytest.mark.parametrize(
    ("failed", "tried", "wrong"), [(0, 0, False), (2, 2, False), (3, 60, False), (3, 59, True), (5, 100, False)]
)
def test_payments(failed: int, tried: int, wrong: bool) -> None:
    """More than 5 % of payments, and three at least."""
    assert payments_fail(failed, tried) is wrong
