"""What is read for a forecast."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.access.model import Person
from bot.forecast.model import Expected, Made, PastError


@dataclass(frozen=True, slots=True)
class Without:
    """As if a client had left. share: what part of the last SHARE_DAYS days was theirs."""

    client: Person
    share: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is told of a series today. made: its forecast from today on; None where there is none.

    known: days of history so far. past: the last days with what they had.
    error: of forecasts of days that are over. currencies: in which there was revenue.
    without: a client who is taken out of `made`, and of nothing else.
    """

    series: str
    today: date
    made: Made | None
    known: int
    past: Sequence[tuple[date, int]]
    error: PastError | None
    currencies: Sequence[str]
    without: Without | None = None


@dataclass(frozen=True, slots=True)
class AroundDay:
    """What is told of the first currency on a day and on the one before, and of the day's briefs, in hundredths; None
    where nothing is.

    known: days of history so far.
    """

    currency: str
    before: Expected | None
    day: Expected | None
    load: Expected | None
    known: int
