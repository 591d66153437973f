"""Settings of what the security scan finds."""

from pydantic import Field

from bot.config.reading import ReadSettings


class SecuritySettings(ReadSettings):
    """Security"""

    secret_days: int = Field(
        default=180, ge=1, le=3650, description="Older secrets are named by the job `security_scan`, to be renewed."
    )
    admins_most: int = Field(default=3, ge=1, le=1000, description="Of more admins than this it says so too.")
