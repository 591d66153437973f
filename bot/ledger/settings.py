"""Settings of the ledger."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config.reading import ReadSettings
from bot.ledger.rate import rates_in


def _rates(value: str) -> str:
    rates_in(value)
    return value


class LedgerSettings(ReadSettings):
    """Ledger"""

    exchange_rates: Annotated[str, AfterValidator(_rates)] = Field(
        default="",
        description="What one unit of a currency is worth in US dollars, from which day on; for limits, which are in "
        "dollars. Nothing is asked for elsewhere. Example: EUR 1.0842 2026-11-01, INR 0.0119 2026-11-01",
    )
