"""The days, weeks and months that reports are about, and what they are compared with. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from bot.finance.model import Figures, first_of_month
from bot.reports.model import DayReport

DAY = timedelta(days=1)
WEEK = 7
DAYS_SHOWN = 30  # in the picture of a day, which by itself has nothing to show beside it
FIRST_YEAR = 2000


class Kind(StrEnum):
    """How long a report's time is: a day, a week from Monday to Sunday, a month of the calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """A day, week or month of the business. first: its first day."""

    kind: Kind
    first: date

    @classmethod
    def around(cls, kind: Kind, day: date) -> Self:
        """The one that the day belongs to."""
        match kind:
            case Kind.DAY:
                return cls(kind, day)
            case Kind.WEEK:
                return cls(kind, day - day.weekday() * DAY)
        return cls(kind, day.replace(day=1))

    @property
    def end(self) -> date:
        """The first day after it."""
        match self.kind:
            case Kind.DAY:
                return self.first + DAY
            case Kind.WEEK:
                return self.first + WEEK * DAY
        return first_of_month(self.first, -1)

    @property
    def days(self) -> list[date]:
        """Its days, the first one first."""
        return [self.first + number * DAY for number in range((self.end - self.first).days)]

    @property
    def before(self) -> "Period":
        """The one that ends where it begins."""
        return Period.around(self.kind, self.first - DAY)

    @property
    def after(self) -> "Period":
        """The one that begins where it ends."""
        return Period.around(self.kind, self.end)

    @property
    def year_before(self) -> "Period":
        """The same of the year before: the date, the week of that number, the month.

        What that year does not have, 29 February or a 53rd week, is the last before it.
        """
        match self.kind:
            case Kind.WEEK:
                year, week, _ = self.first.isocalendar()
                last = date(year - 1, 12, 28).isocalendar().week  # which is always in its year's last week
                return Period(self.kind, date.fromisocalendar(year - 1, min(week, last), 1))
            case Kind.DAY if (self.first.month, self.first.day) == (2, 29):
                return Period(self.kind, self.first.replace(year=self.first.year - 1, day=28))
        return Period(self.kind, self.first.replace(year=self.first.year - 1))

    @property
    def shown(self) -> list[date]:
        """The days that its picture shows."""
        if self.kind is Kind.DAY:
            return [self.first - number * DAY for number in range(DAYS_SHOWN - 1, -1, -1)]
        return self.days


def same_part(of: Period, reached: datetime | None, period: Period) -> datetime | None:
    """How far to go of the other period for as much as there is of this one, by the clock of its days; None for all.

    reached: where this one stands, in the zone of its days; None where it is over.
    """
    if reached is None:
        return None
    day = of.first + (reached.date() - period.first)
    return datetime.combine(day, reached.time(), reached.tzinfo) if day < of.end else None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there."""
    return datetime.combine(day, time(), zone)


@dataclass(frozen=True, slots=True)
class Compared:
    """One currency's figures, beside those of the period before and of the same a year before.

    None where nothing moved then.
    """

    now: Figures
    before: Figures | None
    year_before: Figures | None


@dataclass(frozen=True, slots=True)
class PeriodReport:
    """What a report says. over: none of it is to come. day: what became of briefs, and what is told of money in lines.

    money: of each currency in which something moved, the business's own first. by_day: the figures of every day that is
    shown, by currency.
    """

    period: Period
    over: bool
    day: DayReport
    money: Sequence[Compared]
    by_day: Sequence[tuple[date, Mapping[str, Figures]]]

    @property
    def today(self) -> date:
        """The day on which it is made, where the business is."""
        return self.day.now.astimezone(self.day.start.tzinfo).date()

    @property
    def currencies(self) -> Sequence[str]:
        """Those in which something moved, and the business's own where nothing did."""
        return [one.now.currency for one in self.money]

    def of(self, currency: str) -> Compared:
        """That currency's, else the first's."""
        return next((one for one in self.money if one.now.currency == currency), self.money[0])
