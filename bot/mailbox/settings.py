"""Settings of the support inbox."""

from pydantic import Field, SecretStr

from bot.config import types
from bot.config.reading import ReadSettings


class MailboxSettings(ReadSettings):
    """Support inbox"""

    imap_host: types.Host = Field(
        default="",
        description="Server of the mailbox that clients write to, read over TLS: its mails are shown to the team in "
        "chat, and bounces of our own mails are noticed there. Empty: no mailbox is read.",
    )
    imap_port: types.ImapPort = Field(default=993, description="Port of that server.")
    imap_username: types.UserName = Field(default="", description="User at that server, most often the mail address.")
    imap_password: SecretStr | None = Field(
        default=None, description="That user's password: an app password where the provider has them."
    )
    imap_folder: types.ImapFolder = Field(default="INBOX", description="The folder that is read.")
