"""The rule on who may leave, and how it is scored."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.growth.churn import Reason, Risk, Score, pause_of, reasons_of, score_of

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def ordered(*back: int) -> Sequence[datetime]:
    """Orders so many days ago."""
    return [NOW - timedelta(days=days) for days in back]


@pytest.mark.parametrize(
    ("back", "risk"),
    [
        ((35, 28, 21, 14, 7), Risk.LOW),
        ((42, 35, 28, 21, 14), Risk.MEDIUM),
        ((50, 43, 36, 29, 22), Risk.HIGH),
        ((120, 90, 60, 30), Risk.LOW),
        ((150, 149, 100, 99, 40), Risk.LOW),
        ((5, 4, 3, 2), Risk.MEDIUM),
    ],
)
def test_risk(back: Sequence[int], risk: Risk) -> None:
    """It counts how many of their own pauses somebody is silent; a silence that they had before is no sign."""
    pause = pause_of(ordered(*back), NOW)
    assert pause is not None
    assert pause.risk is risk


@pytest.mark.parametrize("back", [(), (90,), (30, 20, 10), (40, 40, 40, 40, 30, 20), (260, 250, 240, 230)])
def test_no_rhythm(back: Sequence[int]) -> None:
    """Too few days with an order, or half a year of silence, say nothing of who may leave."""
    assert pause_of(ordered(*back), NOW) is None


def test_reasons() -> None:
    """Fewer orders, a late invoice and few stars are named."""
    found = reasons_of(ordered(170, 150, 120, 100, 40), NOW, (5, 2), late=True)
    assert found == [Reason.LESS, Reason.LATE, Reason.STARS]
    assert reasons_of(ordered(100, 60, 30), NOW, (5, 3), late=False) == []


def test_score_sees_nothing_of_what_came_after() -> None:
    """The rule is told what was before each look alone, and held against what was after it."""
    weekly = [NOW - timedelta(days=days) for days in range(300, 0, -7)]
    stopped = [NOW - timedelta(days=days) for days in range(300, 85, -7)]
    assert score_of({1: weekly}, NOW) == Score(3, 0, 0, 0)
    found = score_of({1: weekly, 2: stopped}, NOW)
    # 60 days ago the second was silent for 27 days, at thrice a week; at the looks before, both went on
    assert found == Score(6, 1, 1, 1)
    assert not found.enough
