"""Settings of reconciliation."""

from pydantic import Field

from bot.config.reading import ReadSettings


class ReconciliationSettings(ReadSettings):
    """Reconciliation"""

    repair_limit_usd: int = Field(
        default=500,
        ge=0,
        le=5_000,
        description="Up to how many US dollars one admin may have the ledger repaired alone, where it does not agree "
        "with Stripe; above it another admin has to approve that. Other currencies count by EXCHANGE_RATES.",
    )
