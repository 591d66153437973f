"""What whoever runs the business should know in the morning, as figures. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.forecast.figures import AroundDay
from bot.growth.churn import Outlook
from bot.incidents.model import Incident
from bot.reports.model import Late
from bot.reports.periods.model import PeriodReport


@dataclass(frozen=True, slots=True)
class Morning:
    """How a day begins. month: the one of the day before, as much as there is of it.

    to_decide: drafts before people, the first of them since `oldest`. approvals: deeds that wait for somebody's yes.
    late: invoices that should have been paid. leaving: clients at high risk. incidents: those that go on, the
    oldest first; alerts: how many are open.
    """

    day: date
    day_before: PeriodReport
    month: PeriodReport
    ahead: AroundDay
    to_decide: int
    oldest: datetime | None
    approvals: int
    late: Late
    leaving: Sequence[Outlook]
    incidents: Sequence[Incident]
    alerts: int
    at: datetime

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say: nothing moved this month, nothing waits, nothing is wrong."""
        moved = any(not one.now.empty for report in (self.day_before, self.month) for one in report.money)
        waits = self.to_decide or self.approvals or self.late.count
        return not (moved or waits or self.leaving or self.incidents or self.alerts)
