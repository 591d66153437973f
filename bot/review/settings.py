"""Settings of review."""

from pydantic import AliasChoices, Field

from bot.config.reading import ReadSettings
from bot.config.types import Minutes


class ReviewSettings(ReadSettings):
    """Review"""

    claim_minutes: Minutes = Field(default=30, description="How long a draft that an operator took is theirs alone.")
    remind_minutes: Minutes = Field(
        default=30, description="After this wait for a decision the same operators are reminded."
    )
    escalate_minutes: Minutes = Field(
        default=120, description="After this wait all other operators are told, and a claim is let go."
    )
    admin_minutes: Minutes = Field(default=480, description="After this wait the admins are told.")
    last_reminder_hours: int = Field(
        default=24,
        validation_alias=AliasChoices("last_reminder_hours", "last_rung_hours"),
        ge=1,
        le=8760,
        description="After this wait it is listed to the admins every day until it is decided.",
    )
