"""Settings of what the security scan finds."""

from pydantic import Field

from bot.config.reading import ReadSettings


class SecuritySettings(ReadSettings):
    """Security"""

    secret_days: int = Field(
        default=180, ge=1, le=3650, description="Older secrets are named by the job `security_scan`, to be renewed."
    )
    chat_most_per_minute: int = Field(
        default=60,
        ge=0,
        le=100_000,
        description="Messages and taps of one person within a minute; who writes more is told so once, and then not "
        "answered until the minute is over. 0: no limit.",
    )
    strangers_most_per_hour: int = Field(
        default=20,
        ge=0,
        le=100_000,
        description="Messages of one stranger within an hour that are answered; links of invitations have a limit of "
        "their own. 0: no limit.",
    )
    briefs_most_per_hour: int = Field(
        default=30,
        ge=0,
        le=100_000,
        description="Briefs that one client may write in the chat within an hour. 0: no limit.",
    )
    tenant_briefs_times: int = Field(
        default=10, ge=1, le=1000, description="So many times that all clients of a tenant may write together."
    )
    admins_most: int = Field(default=3, ge=1, le=1000, description="Of more admins than this it says so too.")
