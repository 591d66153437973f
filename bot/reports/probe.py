"""Probe of the mail server."""

from typing import Protocol

from bot.google.ports import ConsentEnded
from bot.kernel.probe import Finding, advice
from bot.reports.settings import MailSettings


class MailServer(Protocol):
    """The mail server, as far as the probe needs it."""

    async def probe(self) -> None:
        """Connect, sign in, and see that our own address can be sent from. Raises ProviderError."""
        ...


async def probe(settings: MailSettings, mail: MailServer) -> Finding:
    """Whether the server takes our sign-in."""
    if settings.mail_by == "gmail":
        async with advice("GOOGLE_REFRESH_TOKEN", "Google", refused=ConsentEnded):
            await mail.probe()
        return Finding("fine", "Google gives us access to send mail; nothing was sent to try it")
    async with advice("SMTP_USERNAME and SMTP_PASSWORD", f"{settings.smtp_host}:{settings.smtp_port}"):
        await mail.probe()
    return Finding("fine", f"{settings.smtp_host}:{settings.smtp_port} takes our sign-in")
