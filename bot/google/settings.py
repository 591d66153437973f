"""Settings of what is done by Google."""

from pydantic import Field, SecretStr

from bot.config import types
from bot.config.reading import ReadSettings


class GoogleSettings(ReadSettings):
    """Google"""

    google_client_id: types.UserName = Field(
        default="",
        description="Client of a Google Cloud project, of the kind desktop app; empty: nothing goes by Google.",
    )
    google_client_secret: SecretStr | None = Field(default=None, description="That client's secret.")
    google_refresh_token: SecretStr | None = Field(
        default=None,
        description="What the owner's consent gave, once; a consent screen in “Testing” makes it end after 7 days.",
    )
    google_token_url: types.Address = Field(
        default="https://oauth2.googleapis.com/token", description="Where Google gives out access."
    )
    gmail_api_url: types.Address = Field(default="https://gmail.googleapis.com", description="Where Gmail's API is.")
