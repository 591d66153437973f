"""What was told of a played business's days, day by day, and scored when they were over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from bot.finance.model import EARNED
from bot.forecast.model import FEWEST, LOAD, MOST, PARTS, Expected, forecast, seasonal_naive, usual_difference
from sandbox.history.lives import DAY
from sandbox.history.sheet import Sheet
from storage.engine.types import EPOCH

STARTED = "SELECT at / :day, count(*) FROM events WHERE tenant = 'main' AND name = 'queued' GROUP BY at / :day"
REVENUE = (
    "SELECT l.currency, p.posted_at / :day, -sum(l.amount_minor) FROM postings p JOIN posting_lines l"
    " ON l.posting_id = p.id WHERE p.tenant = 'main' AND l.account IN ({accounts})"
    " GROUP BY l.currency, p.posted_at / :day"
)
ONE = timedelta(days=1)


def add_up(connection: Connection, sheet: Sheet, now: datetime, back: int) -> None:
    """Write what each day had, and what was told on each of the last so many days and today."""
    if not back:
        return
    today = now.date()
    for series, values in _series(connection).items():
        known = {day: value for day, value in values.items() if today - MOST * ONE <= day < today}
        if not known:
            continue
        first = min(known)
        history = [known.get(first + past * ONE, 0) for past in range((today - first).days)]
        for place, value in enumerate(history):
            if value or series == LOAD:
                sheet.add("daily_values", series=series, day=(first + place * ONE).isoformat(), value=value)
        for made_on in (today - past * ONE for past in range(back, -1, -1)):
            before = history[: (made_on - first).days]
            if len(before) >= FEWEST:
                _told(sheet, series, made_on, before, history[len(before) :])


def _series(connection: Connection) -> Mapping[str, Mapping[date, int]]:
    found: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for day, count in connection.execute(text(STARTED), {"day": DAY}):
        found[LOAD][_day(day)] = PARTS * int(count)
    accounts = ", ".join(f"'{account.value}'" for account in EARNED)
    for currency, day, minor in connection.execute(text(REVENUE.format(accounts=accounts)), {"day": DAY}):
        found[currency][_day(day)] = int(minor)
    return found


def _day(number: int) -> date:
    return EPOCH.date() + int(number) * ONE


def _told(sheet: Sheet, series: str, made_on: date, before: Sequence[int], after: Sequence[int]) -> None:
    """A day's forecast by the days before it, and of the days after it those that are over."""
    told, naive = forecast(before), seasonal_naive(before)
    scale, its = max(1, round(usual_difference(before))), {"series": series, "made_on": made_on.isoformat()}
    sheet.add("forecasts", **its, history=len(before), scale=scale, **_whole(told.total))
    for step, one in enumerate(told.days):
        sheet.add(
            "forecast_days", **its, day=(made_on + step * ONE).isoformat(), **_whole(one), naive=round(naive[step]),
            scale=scale, actual=after[step] if step < len(after) else None,
        )  # fmt: skip


def _whole(expected: Expected) -> dict[str, int]:
    return {name: round(value) for name, value in asdict(expected).items()}
