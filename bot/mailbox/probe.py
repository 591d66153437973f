"""Probe of the support inbox."""

from typing import Protocol

from bot.kernel.probe import Finding, advice
from bot.mailbox.settings import MailboxSettings


class MailboxServer(Protocol):
    """The mailbox, as far as the probe needs it."""

    async def probe(self) -> int:
        """Sign in, and open the folder; says how many mails are in it. Raises ProviderError."""
        ...


async def probe(settings: MailboxSettings, box: MailboxServer | None) -> Finding:
    """Whether the server takes our sign-in and has the folder."""
    if box is None:
        return Finding("off", "IMAP_HOST is not set, so no mailbox is read")
    address = f"{settings.imap_host}:{settings.imap_port}"
    async with advice("IMAP_USERNAME, IMAP_PASSWORD and IMAP_FOLDER", address):
        found = await box.probe()
    return Finding("fine", f"{address} takes our sign-in; {settings.imap_folder} has {found} mails")
