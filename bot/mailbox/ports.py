"""What the support inbox needs of a mail server."""

from typing import Protocol

from bot.mailbox.model import Batch, Mark


class Mailbox(Protocol):
    """Reads a folder; nothing in it is changed, so that people see what they did not read. Raises ProviderError."""

    async def after(self, mark: Mark | None, limit: int) -> Batch:
        """The next mails behind the mark, the oldest first. Without one, or with one of a folder that was made anew,
        those of the last days that nobody answered.
        """
        ...
