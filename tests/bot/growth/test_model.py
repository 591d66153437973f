"""The net promoter score."""

from collections.abc import Mapping

import pytest

from bot.growth.model import Nps


@pytest.mark.parametrize(
    ("counts", "score", "margin"),
    [
        ({}, None, None),
        ({10: 19}, None, None),
        ({10: 20}, 100, 0),
        ({0: 20}, -100, 0),
        ({7: 10, 8: 10}, 0, 0),
        ({9: 50, 6: 50}, 0, 20),
        ({10: 60, 8: 20, 3: 20}, 40, 16),
    ],
)
def test_score(counts: Mapping[int, int], score: int | None, margin: int | None) -> None:
    """Promoters less detractors, with how far off it may be; under 20 answers nothing is told."""
    nps = Nps(counts)
    assert (nps.score, nps.margin) == (score, margin)
