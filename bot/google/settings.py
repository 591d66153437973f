"""Settings of what is done by Google."""

from typing import Literal

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
    google_consent_url: types.Address = Field(
        default="https://accounts.google.com/o/oauth2/v2/auth",
        description="Where the owner gives consent in a browser.",
    )
    google_drive: bool = Field(
        default=False,
        description="Whether finished work and daily reports are kept in Google Drive, with GOOGLE_REFRESH_TOKEN.",
    )
    google_drive_sharing: Literal["link", "nobody"] = Field(
        default="link",
        description="Who may open a client's files in Google Drive: whoever has the link, as the client does (link), "
        "or only those with whom the owner shares the folder (nobody).",
    )
    drive_api_url: types.Address = Field(
        default="https://www.googleapis.com", description="Where Google Drive's API is."
    )
    gmail_api_url: types.Address = Field(default="https://gmail.googleapis.com", description="Where Gmail's API is.")
