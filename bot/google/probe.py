"""Probe of the consent that everything at Google goes by."""

from typing import Protocol

from bot.google.model import ending
from bot.google.ports import ConsentEnded
from bot.kernel.probe import Finding, advice


class Access(Protocol):
    """The access to Google, as far as the probe needs it."""

    refresh_seconds: int | None

    async def headers(self, *, anew: bool = False) -> object:
        """Ask for access. Raises ProviderError."""
        ...


async def probe(access: Access) -> Finding:
    """Whether Google takes our consent, and how long it will."""
    async with advice("GOOGLE_REFRESH_TOKEN", "Google", refused=ConsentEnded):
        await access.headers(anew=True)
    if words := ending(access.refresh_seconds):
        return Finding("problem", words)
    return Finding("fine", "Google takes our consent, and names no day on which it ends")
