"""Settings of mail."""

from typing import Literal

from pydantic import Field, SecretStr

from bot.config import types
from bot.config.reading import ReadSettings


class MailSettings(ReadSettings):
    """Mail"""

    smtp_host: types.Host = Field(default="", description="Mail server for reports; empty: no mail.")
    smtp_port: types.MailPort = Field(default=587, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] | None = Field(
        default=None,
        description="How the connection to the mail server is encrypted: after the greeting (starttls, port 587), from "
        "the first byte (tls, port 465), or not at all (none). Empty: tls on port 465, else starttls.",
    )
    smtp_username: types.UserName = Field(default="", description="User at the mail server; empty: no sign-in.")
    smtp_password: SecretStr | None = Field(default=None, description="That user's password.")
    mail_from: types.Sender = Field(default="", description="Sender of reports.")
    report_recipients: types.Recipients = Field(
        default=(),
        description="Mail addresses that get the daily report, and critical alerts that chat does not take, separated "
        "by commas.",
    )
