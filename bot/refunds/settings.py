"""Settings of refunds."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config.reading import ReadSettings
from bot.refunds.model import limits_in


def _limits(value: str) -> str:
    limits_in(value)
    return value


class RefundSettings(ReadSettings):
    """Refunds"""

    refund_solo_limit: Annotated[str, AfterValidator(_limits)] = Field(
        default="USD 100",
        description="Up to which amount of a payment, by currency, one other person's approval is enough for refunds; "
        "what goes over it, also in several refunds of the payment, and any other currency needs two different people. "
        "Example: USD 100, EUR 90, JPY 15000",
    )
    refund_fuse_minutes: int = Field(
        default=10,
        ge=0,
        le=1_440,
        description="Minutes during which a refund that two people approved can still be stopped; 0: none.",
    )
