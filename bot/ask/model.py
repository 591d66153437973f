"""What can be asked of the figures: named queries, what each is given, and what comes of one. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.kernel.money import Money
from bot.kernel.task_type import TaskType

DAY = timedelta(days=1)
MOST_DAYS = 1_100  # three years
FIRST_DAY = date(2000, 1, 1)
MOST_ROWS = 1_000
PERIODS = (
    "today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_quarter", "last_quarter",
    "this_year", "last_year", "last_7_days", "last_30_days", "last_90_days",
)  # fmt: skip
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")


class Name(StrEnum):
    """The queries that there are. A button carries the name, so none ever means another thing."""

    REVENUE = "revenue"
    REVENUE_CHANGE = "revenue_change"
    REVENUE_BY_TYPE = "revenue_by_type"
    TOP_CLIENTS = "top_clients"
    MARGIN = "margin"
    MODEL_COSTS = "model_costs"
    REFUNDS = "refunds"
    OVERDUE = "overdue_invoices"
    RECEIVABLES = "receivables"
    BRIEFS = "briefs_by_state"
    BRIEFS_BY_TYPE = "briefs_by_type"
    TURNAROUND = "turnaround"
    QUALITY = "quality_scores"
    RATINGS = "ratings"
    LOAD = "load"
    INCIDENTS = "incidents"
    FAILED_JOBS = "failed_jobs"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days of the tenant's time zone; until: the first that is not in it any more."""

    since: date
    until: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until - DAY

    @property
    def before(self) -> Self:
        """What it is compared with: whole months with as many before, part of a month or week with the same part of
        the one before, and anything else with as many days before.
        """
        length = self.until - self.since
        if self.since.day == 1 and self.until.day == 1:
            months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month
            return type(self)(_month(self.since, -months), self.since)
        if self.since.day == 1 and length <= timedelta(days=31):
            begin = _month(self.since, -1)
            return type(self)(begin, min(begin + length, self.since))
        back = 7 * DAY if self.since.weekday() == 0 and length <= 7 * DAY else length
        return type(self)(self.since - back, self.until - back)


def _month(day: date, by: int) -> date:
    months = day.year * 12 + day.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


def span_of(period: str, today: date) -> Span:
    """The days of a period that `Period` takes; one that goes on ends with today."""
    if (found := _DAYS.fullmatch(period)) is not None:
        first = date.fromisoformat(found[1])
        return Span(first, date.fromisoformat(found[2] or found[1]) + DAY)
    if (month := _MONTH.fullmatch(period)) is not None:
        begin = date(int(month[1]), int(month[2]), 1)
        return Span(begin, _month(begin, 1))
    if period.endswith("_days"):
        return Span(today - int(period.split("_")[1]) * DAY + DAY, today + DAY)
    if period in {"today", "yesterday"}:
        day = today if period == "today" else today - DAY
        return Span(day, day + DAY)
    which, _, unit = period.partition("_")
    begin, earlier = {
        "week": (today - today.weekday() * DAY, today - (today.weekday() + 7) * DAY),
        "month": (today.replace(day=1), _month(today, -1)),
        "quarter": (_month(today, -((today.month - 1) % 3)), _month(today, -((today.month - 1) % 3) - 3)),
        "year": (date(today.year, 1, 1), date(today.year - 1, 1, 1)),
    }[unit]
    return Span(begin, today + DAY) if which == "this" else Span(earlier, begin)


def _is_period(said: str) -> str:
    if said in PERIODS:
        return said
    try:
        span = span_of(said, FIRST_DAY)
    except (ValueError, KeyError, IndexError):
        raise ValueError("no period: a name, 2026-10, 2026-10-03 or 2026-10-01..2026-10-15") from None
    if not _DAYS.fullmatch(said) and not _MONTH.fullmatch(said):
        raise ValueError("no period")
    if not FIRST_DAY <= span.since < span.until <= date(2100, 1, 1) or (span.until - span.since).days > MOST_DAYS:
        raise ValueError("a period has one day at least, and three years at most")
    return said


Period = Annotated[str, AfterValidator(_is_period)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
ClientNumber = Annotated[int, Field(ge=1, lt=10**9, strict=True)]


class Arguments(BaseModel):
    """What a query may be given at all. One that it has no use for is refused, since it would be left out unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def given(self) -> dict[str, Any]:
        """What was said, by name."""
        return self.model_dump(mode="json", exclude_none=True)


class Now(Arguments):
    """Of what stands now."""


class InPeriod(Arguments):
    """Of a time."""

    period: Period = "last_30_days"


class InMoney(InPeriod):
    """Of a time, in one currency; the business's own where none is said."""

    currency: Currency | None = None


class Revenue(InMoney):
    """Of one type or one client too."""

    type: TaskType | None = None
    client: ClientNumber | None = None


class OfType(InPeriod):
    """Of a time, and perhaps of one type."""

    type: TaskType | None = None


class OfWork(OfType):
    """Of a time, perhaps of one type or one client."""

    client: ClientNumber | None = None


class Owed(Now):
    """In one currency, or all."""

    currency: Currency | None = None


class Overdue(Owed):
    """Of one client too."""

    client: ClientNumber | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A query, and what it is given."""

    name: Name
    given: Arguments


@dataclass(frozen=True, slots=True)
class Named:
    """A client in a row: their number, and their name where it is known."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Something in a row that can be opened by /kind_number."""

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What models cost, in millionths of a US dollar."""

    micro_usd: int


Cell = str | int | Decimal | Money | datetime | timedelta | StrEnum | Named | Ref | Spent | None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a query. span: its days, None where it is of now. figures: what its sentence says, by name.

    columns: the names of the rows' cells. more: whether there are more rows than MOST_ROWS, the newest of which these
    are. so_far: whether its last day is not over. others: what was earned in other currencies than the one told of.
    """

    choice: Choice
    span: Span | None
    now: datetime
    figures: Mapping[str, Any]
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    more: bool = False
    so_far: bool = False
    client: Named | None = None
    others: Sequence[Money] = ()
