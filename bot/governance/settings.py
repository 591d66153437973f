"""Settings of targets and policies."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import NoDecode

from bot.config import types
from bot.config.reading import ReadSettings
from bot.governance.model import BY_NAME

Amount = Annotated[Decimal, Field(gt=0, le=1_000_000_000, allow_inf_nan=False)]


def _known(value: dict[str, Decimal]) -> dict[str, Decimal]:
    for name in value:
        if name not in BY_NAME:
            raise ValueError(f"there is no key figure “{name}”; there are {', '.join(BY_NAME)}")
    return value


class GovernanceSettings(ReadSettings):
    """Targets and policies"""

    kpi_targets: Annotated[dict[str, Amount], NoDecode, types.pairs("figure=target"), AfterValidator(_known)] = Field(
        default={},
        description="What key figures of the last 30 days should be, where no admin set it by /kpis: "
        + ", ".join(BY_NAME)
        + ". Money is in CURRENCY, cost in US dollars, shares in per cent. Example: revenue=5000; margin=60; stars=4.5",
    )
    approval_stale_hours: int = Field(
        default=24, ge=1, le=720, description="What waits longer than this for people's approval breaks a policy."
    )
    admin_unused_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="Whoever was an admin for so many days and did nothing that only admins may do breaks a policy.",
    )
    refunds_of_one_percent: int = Field(
        default=60,
        ge=1,
        le=100,
        description="When one person asked for more than this part of the last 30 days' refunds, a policy is broken; "
        "it counts from five refunds on, and where somebody else could have asked.",
    )
