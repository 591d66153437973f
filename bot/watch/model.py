"""When something is wrong, by figures. Pure: the limits stand here, and what is counted comes from the rows."""

from dataclasses import dataclass
from datetime import timedelta

WEBHOOK_SPAN, WEBHOOKS_MOST = timedelta(minutes=5), 3
WEBHOOK_WAITS = timedelta(minutes=1)  # one that waits longer counts as failing
PAYMENT_SPAN = timedelta(hours=1)
PAYMENT_PERCENT, PAYMENTS_LEAST = 5, 3  # of few payments a single failure is a large share, and means nothing
DIP_PERCENT = 30
REFUSED_SPAN, REFUSED_MOST = timedelta(hours=1), 10
STOPPED_SPAN, STOPPED_MOST = timedelta(hours=1), 5
SILENT_MOST = 5  # jobs that do not run are told one by one, and of more there is one alert
CHECKED_AFTER = timedelta(minutes=1)  # whether a runbook helped shows after so long at the earliest
CHECKED_FOR = timedelta(minutes=20)  # and where it does not show after so long, it did not


@dataclass(frozen=True, slots=True)
class Days:
    """What was earned in one currency, in minor units: on the day that is over, the day before, and a week before it.

    week_before None: nothing was earned that long ago, so there is no week to compare with.
    """

    currency: str
    day: int
    day_before: int
    week_before: int | None

    @property
    def dip(self) -> int:
        """By how many percent it is below the day before; 0 where it is not, or that weekday is always so."""
        if self.day_before <= 0 or self.day >= self.day_before:
            return 0
        percent = (self.day_before - self.day) * 100 // self.day_before
        usual = self.week_before is not None and self.day * 100 >= self.week_before * (100 - DIP_PERCENT)
        return 0 if usual or percent <= DIP_PERCENT else percent


def payments_fail(failed: int, tried: int) -> bool:
    """Whether more than the usual share of payments fails."""
    return failed >= PAYMENTS_LEAST and failed * 100 > tried * PAYMENT_PERCENT
