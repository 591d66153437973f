"""How service levels stand, as figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.ops.series import Count
from bot.slo.model import Budget, Severity, Slo, State, Stretch


@dataclass(frozen=True, slots=True)
class Level:
    """How a service level stands: its budget, how fast that burned in the last hour, and whether admins were told."""

    budget: Budget
    burn: float
    state: State

    @property
    def slo(self) -> Slo:
        return self.budget.slo

    @property
    def bad(self) -> bool:
        """Whether somebody should look at it."""
        return self.state.burning is Severity.PAGE or (self.budget.used >= 1 and self.budget.count.bad > 0)


@dataclass(frozen=True, slots=True)
class Levels:
    """How all of them stand."""

    at: datetime
    levels: Sequence[Level]


@dataclass(frozen=True, slots=True)
class Closer:
    """One of them from near: what used its budget up, and how many were bad on each of the last days, oldest first."""

    at: datetime
    level: Level
    worst: Sequence[Stretch]
    days: Sequence[tuple[datetime, Count]]


@dataclass(frozen=True, slots=True)
class Public:
    """What strangers may know. kept: the share of good events within 30 days, None where nothing was counted yet."""

    kept: float | None
    fine: bool
    at: datetime
