"""Settings of reminders of unpaid invoices."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config.reading import ReadSettings
from bot.dunning.model import days_in


def _days(value: str) -> str:
    days_in(value)
    return value


class DunningSettings(ReadSettings):
    """Reminders of invoices"""

    invoice_reminder_days: Annotated[str, AfterValidator(_days)] = Field(
        default="-3, 1, 7, 14",
        description="On which days around its due day a client is reminded of an unpaid invoice: -3 is three days "
        "before, 7 a week after. Empty: never.",
    )
