"""Settings of the limits on money."""

from pydantic import Field

from bot.config.reading import ReadSettings
from bot.limits.model import Limit, Limits

MOST = 1_000_000_000


class LimitSettings(ReadSettings):
    """Limits on money"""

    limit_transaction_usd: int = Field(
        default=5_000,
        ge=1,
        le=MOST,
        description="The most that one invoice by hand or one refund may be, in US dollars.",
    )
    limit_person_day_usd: int = Field(
        default=10_000,
        ge=1,
        le=MOST,
        description="The most that one person may invoice by hand, or refund, in 24 hours, in US dollars.",
    )
    limit_person_day_count: int = Field(
        default=50, ge=1, le=100_000, description="How many of these one person may make in 24 hours."
    )
    limit_day_usd: int = Field(
        default=20_000,
        ge=1,
        le=MOST,
        description="The most that all people together may invoice by hand, or refund, in 24 hours, in US dollars. "
        "Other currencies count by EXCHANGE_RATES.",
    )
    limit_day_count: int = Field(
        default=200, ge=1, le=100_000, description="How many of these all people together may make in 24 hours."
    )

    def limits(self) -> Limits:
        """In US cents, or how many."""
        return {
            Limit.TRANSACTION: self.limit_transaction_usd * 100,
            Limit.PERSON_SUM: self.limit_person_day_usd * 100,
            Limit.PERSON_COUNT: self.limit_person_day_count,
            Limit.DAY_SUM: self.limit_day_usd * 100,
            Limit.DAY_COUNT: self.limit_day_count,
        }
