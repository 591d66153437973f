"""Settings of mail."""

from typing import Literal

from pydantic import Field, SecretStr

from bot.config import types
from bot.config.reading import ReadSettings


class MailSettings(ReadSettings):
    """Mail"""

    mail_by: Literal["smtp", "gmail"] = Field(
        default="smtp",
        description="How mail goes out: by the mail server SMTP_HOST (smtp), or by Gmail's API with "
        "GOOGLE_REFRESH_TOKEN (gmail).",
    )
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

    @property
    def sends_mail(self) -> bool:
        """Whether mail goes out at all."""
        return bool(self.smtp_host) or self.mail_by == "gmail"
