"""What reports need of a mail server."""

from typing import Protocol

from bot.messages.mails import MailMessage


class Mail(Protocol):
    """Sends mail. Raises ProviderError."""

    async def send(self, recipient: str, mail: MailMessage, message_id: str) -> None:
        """Send one mail; the same `message_id` again is the same mail."""
        ...
