"""What every query is run on: one snapshot of one tenant, in its days."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.ask.model import Named, Span, span_of
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.finance import folds


@dataclass(frozen=True, slots=True)
class Look:
    """tenant: of whoever asks, and of nobody else. usual: the currency of its prices."""

    connection: Connection
    tenant: str
    zone: ZoneInfo
    usual: str
    now: datetime

    @property
    def today(self) -> date:
        """Which day it is where the business is."""
        return self.now.astimezone(self.zone).date()

    def days(self, period: str) -> Span:
        """The days of the period."""
        return span_of(period, self.today)

    def times(self, span: Span) -> tuple[datetime, datetime]:
        """From when to when the days go, up to now at most."""
        since, until = folds.midnight(span.since, self.zone), folds.midnight(span.until, self.zone)
        return since, max(since, min(until, self.now))

    def goes_on(self, span: Span) -> bool:
        """Whether the days are not over."""
        return folds.midnight(span.until, self.zone) > self.now

    async def names(self, clients: Collection[int]) -> Mapping[int, Named]:
        """These clients, with the names that they have here."""
        found = await briefs.client_names(self.connection, self.tenant, clients) if clients else {}
        return {number: Named(number, found.get(number, "")) for number in clients}
