"""What reports need of a mail server."""

from typing import Protocol


class Mail(Protocol):
    """Sends plain-text mail. Raises ProviderError."""

    async def send(self, recipient: str, subject: str, text: str, message_id: str) -> None:
        """Send one mail; the same `message_id` again is the same mail."""
        ...
