"""What reports need of a mail server."""

from typing import Protocol

from bot.kernel.errors import ProviderError
from bot.messages.mails import MailMessage


class ConsentEnded(ProviderError):
    """Nothing goes out until a person sees to it; what waits goes out then."""


class Mail(Protocol):
    """Sends mail. Raises ProviderError."""

    async def send(self, recipient: str, mail: MailMessage, message_id: str) -> None:
        """Send one mail; the same `message_id` again is the same mail."""
        ...
