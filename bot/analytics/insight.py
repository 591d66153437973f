"""Whether the revenue of the last seven days is unlike that of the weeks before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

WEEKS = 9  # that are looked at, the last one too
FEWEST = 6  # weeks since the first revenue, under which nothing is usual
MATTERS = 0.2  # of what is usual: what changed by less is told of to nobody


@dataclass(frozen=True, slots=True)
class Insight:
    """now, before: revenue of the last seven days and of the seven before them, in minor units. weeks: of so many it is
    the highest, or the lowest. in_a_row: for how many weeks it has gone that way.
    """

    currency: str
    now: int
    before: int
    up: bool
    weeks: int
    in_a_row: int

    @property
    def change(self) -> float | None:
        """The change in parts of the week before; None where that had nothing to take a part of."""
        return (self.now - self.before) / self.before if self.before > 0 else None


def insight(currency: str, weeks: Sequence[int]) -> Insight | None:
    """What is to be told, if anything. weeks: revenue by week, the newest first, since there was any.

    It has to be the highest or the lowest of the last nine weeks, and to differ from the week before by a fifth of what
    is usual.
    """
    looked_at = weeks[:WEEKS]
    if len(looked_at) < FEWEST:
        return None
    now, *earlier = looked_at
    usual = max(median(earlier), 0)
    if min(earlier) <= now <= max(earlier) or abs(now - earlier[0]) < MATTERS * usual or not (usual or now):
        return None
    up, row = now > max(earlier), 0
    for later, one in zip(looked_at, earlier, strict=False):
        if later == one or (later > one) is not up:
            break
        row += 1
    return Insight(currency, now, earlier[0], up, len(looked_at), row)
