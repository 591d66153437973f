"""The tables of days: what each came to, what was told of it, and how far off that was.

A series is a currency, whose values are minor units of revenue, or "load", whose values are hundredths of a brief.
Days are those of the tenant's time zone, "2026-11-28".
"""

from sqlalchemy import Column, Index, UniqueConstraint

from storage.engine.schema import moment, table, text, whole
from storage.engine.types import Json

# Days that are over. Of the load each has a row; of a currency one that has none had no revenue.
daily_values = table(
    "daily_values",
    text("series"),
    text("day"),
    whole("value"),
    UniqueConstraint("tenant", "series", "day"),
)
Index("ix_daily_values_day", daily_values.c.day)

# What a day that is over came to, by the names of bot.analytics.model: of the rows, and of the ledger.
daily_counts = table(
    "daily_counts",
    # of the IANA's; with another one days begin at other times, and are counted anew
    text("zone"),
    text("day"),
    # whole numbers as text, since a sum may need more than 64 bits
    Column("counts", Json, nullable=False),
    # by which it is seen that they were changed since
    text("checksum"),
    moment("counted_at"),
    UniqueConstraint("tenant", "zone", "day"),
)

# What was told on a day of the sum of that day and those after it.
forecasts = table(
    "forecasts",
    text("series"),
    text("made_on"),
    # how many days of history it was made by, and how far these are from the same one a week before, on average
    whole("history"),
    whole("scale"),
    whole("middle"),
    whole("low80"),
    whole("high80"),
    whole("low95"),
    whole("high95"),
    UniqueConstraint("tenant", "series", "made_on"),
)
Index("ix_forecasts_made_on", forecasts.c.made_on)

# What it told of each of them, and the day itself, once it is over.
forecast_days = table(
    "forecast_days",
    text("series"),
    text("made_on"),
    text("day"),
    whole("middle"),
    whole("low80"),
    whole("high80"),
    whole("low95"),
    whole("high95"),
    # the same day of the last week, by which any forecast is measured, and the scale of that time
    whole("naive"),
    whole("scale"),
    whole("actual", nullable=True),
    UniqueConstraint("tenant", "series", "day", "made_on"),
)
Index("ix_forecast_days_tenant_series_made_on", forecast_days.c.tenant, forecast_days.c.series, forecast_days.c.made_on)
Index("ix_forecast_days_day", forecast_days.c.day)
