"""Settings of what the business should earn and may cost."""

from pydantic import Field

from bot.config.reading import ReadSettings


class FinanceSettings(ReadSettings):
    """Margin and costs"""

    margin_target_percent: int = Field(
        default=80,
        ge=1,
        le=99,
        description="What should be left of the revenue of each type of brief after refunds, fees and models; below it "
        "a higher price is proposed, which an admin adopts or not.",
    )
    cost_warn_percent: int = Field(
        default=80,
        ge=1,
        le=100,
        description="At this part of CEILING_DAY_USD and CEILING_MONTH_USD admins are told.",
    )
    fee_warn_percent: int = Field(
        default=6,
        ge=1,
        le=100,
        description="When Stripe's fees of 30 days are more than this part of the revenue, admins are told.",
    )
    cost_stop_times: int = Field(
        default=10,
        ge=0,
        le=1000,
        description="When models cost this many times what they cost on the dearest of the 14 days before, and more "
        "than COST_STOP_USD, the day's budget is closed until an admin opens it or the day is over. 0: never.",
    )
    cost_stop_usd: int = Field(
        default=5, ge=1, le=1_000_000, description="What models may cost in a day in any case; see COST_STOP_TIMES."
    )
