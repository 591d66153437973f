"""Settings of referrals."""

from pydantic import Field

from bot.config.reading import ReadSettings


class ReferralSettings(ReadSettings):
    """Referrals"""

    referral_percent: int = Field(
        default=0,
        ge=0,
        le=90,
        description="Percent of a referred client's first paid invoice that whoever referred them gets as a credit, "
        "which is taken off their next invoice in the same currency, such as 10. 0: nobody comes in by a "
        "referral link, and nothing new is credited.",
    )
