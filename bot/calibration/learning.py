"""What the gate's decisions and people's labels say of a target: is it proven, which should be next, and what would
the past have been under it. Pure; what it reads is one `Judged` per decision of the gate.

A target is called proven where the audits of what passed under it prove that at most 5 % is bad
(`bot.calibration.agreement.proven`). Only a proven target is lowered, in steps of two points, as far as the drafts of
each step, which people decided on, prove the same of themselves: hypotheses tested in a fixed order, each only after
the one before was rejected, so that together they are wrong at most once in 20 times (Maurer, Hothorn and Lehmacher
1995). That bad drafts are no rarer at higher scores is assumed. Raising needs less: it costs people's time, not
clients' trust. Of fewer than 20 labels nothing is proposed at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.calibration.agreement import LIMIT, audits_needed, disproven, proven
from bot.kernel.text.words import FEW

# A target under which just as much is bad as the claim allows could never be proven, so targets aim at half of it.
AIM = LIMIT / 2
STEP = 2
FURTHEST = 10
RAISED_AT_MOST = 4
LOWEST, HIGHEST = 60, 98


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision of the gate, or several (`times`) that are alike.

    weighted: the score that counted, in hundredths of a point; None where not scored.
    passed: it would have gone out without a person, or did.
    bound: something other than the target (a floor, a flag, a person's note) sends it to a person at any target.
    good: a person let exactly this text out (True), or did not (False); None where nobody decided on it.
    """

    weighted: int | None
    passed: bool
    bound: bool
    good: bool | None
    created_at: datetime
    times: int = 1

    def reaches(self, present: int) -> bool:
        """Whether it would pass at that target, in points."""
        return not self.bound and self.weighted is not None and self.weighted >= present * 100


@dataclass(frozen=True, slots=True)
class Count:
    """How many were labelled, and how many of those bad."""

    bad: int
    total: int

    @property
    def clean(self) -> int:
        return self.total - self.bad

    @property
    def few(self) -> bool:
        """Whether they are too few to tell a share by."""
        return self.total < FEW

    @property
    def needed(self) -> int:
        """How many labels would prove it, were no further one bad."""
        return audits_needed(self.bad)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The target as it is and as it should be (the same: keep it), with what speaks for it.

    audits: the labelled drafts that reach the present target. band: those that only reach the proposed one.
    """

    present: int
    target: int
    proven: bool
    too_bad: bool
    audits: Count
    band: Count


@dataclass(frozen=True, slots=True)
class Shadow:
    """A span of time as another target would have made it.

    more: drafts that would have passed and did not, of which people decided on `more_read` and turned `more_bad` down.
    fewer: drafts that passed and would not have, with the same of the audited ones.
    """

    decisions: int
    passed: int
    more: int
    more_read: int
    more_bad: int
    fewer: int
    fewer_read: int
    fewer_bad: int


def count(rows: Sequence[Judged]) -> Count:
    """How many of the rows were labelled, and how many of those bad."""
    bad, good = (sum(row.times for row in rows if row.good is label) for label in (False, True))
    return Count(bad, bad + good)


def propose(rows: Sequence[Judged], present: int, since: datetime | None = None) -> Proposal:
    """The target that the rows since its adoption (`since`) speak for; labels from before prove nothing of it."""
    fresh = [row for row in rows if since is None or row.created_at >= since]
    audits = count([row for row in fresh if row.reaches(present)])
    is_proven = proven(audits.bad, audits.total)
    too_bad = not audits.few and disproven(audits.bad, audits.total, AIM)
    target = present
    if is_proven:
        target = _lowered(fresh, present)
    elif too_bad:
        target = _raised(fresh, present)
    return Proposal(present, target, is_proven, too_bad, audits, _band(fresh, target, present))


def _band(rows: Sequence[Judged], low: int, high: int) -> Count:
    return count([row for row in rows if row.reaches(low) and not row.reaches(high)])


def _lowered(rows: Sequence[Judged], present: int) -> int:
    lowest = present
    for candidate in range(present - STEP, max(LOWEST, present - FURTHEST) - 1, -STEP):
        band = _band(rows, candidate, candidate + STEP)
        if not proven(band.bad, band.total):
            break
        lowest = candidate
    return lowest


def _raised(rows: Sequence[Judged], present: int) -> int:
    """The lowest target, a few points up at most, above which the audits found no more bad drafts than AIM."""
    top = min(HIGHEST, present + RAISED_AT_MOST)
    for candidate in range(present + 1, top):
        kept = count([row for row in rows if row.reaches(candidate)])
        if kept.total and kept.bad <= AIM * kept.total:
            return candidate
    return max(present, top)


def _times(rows: Sequence[Judged]) -> int:
    return sum(row.times for row in rows)


def shadow(rows: Sequence[Judged], target: int, present: int) -> Shadow:
    """What these decisions would have been at `target`; they were made at `present` or at a target of their own."""
    more = [row for row in rows if not row.passed and row.reaches(target) and not row.reaches(present)]
    fewer = [row for row in rows if row.passed and not row.reaches(target)]
    read_more, read_fewer = count(more), count(fewer)
    return Shadow(
        decisions=_times(rows),
        passed=_times([row for row in rows if row.passed]),
        more=_times(more),
        more_read=read_more.total,
        more_bad=read_more.bad,
        fewer=_times(fewer),
        fewer_read=read_fewer.total,
        fewer_bad=read_fewer.bad,
    )
