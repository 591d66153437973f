"""Probe of the mirror: the integration, its page, and whether the databases are where they are kept."""

from collections.abc import Mapping
from typing import Protocol

from bot.kernel.probe import Finding, advice
from bot.mirror.model import Integration, Seen
from bot.mirror.ports import Gone
from bot.mirror.settings import MirrorSettings

FREE = ". A Free workspace with more than one member stops at 1,000 blocks for ever, and each row is one"


class Workspace(Protocol):
    """Notion, as far as the probe needs it. Every verb raises ProviderError."""

    async def user(self) -> Integration:
        """The integration, to prove that the token works."""
        ...

    async def parent(self) -> None:
        """See the page that the tables are below; raises Gone where it is in the trash or not shared."""
        ...

    async def see(self, source: str) -> Seen:
        """The table of that data source as it is now; raises Gone where it is in the trash too."""
        ...


async def probe(settings: MirrorSettings, notion: Workspace, kept: Mapping[str, str | None]) -> Finding:
    """Whether the mirror can be written. kept: the data source that each table is kept with, None where it has none."""
    async with advice("NOTION_TOKEN", settings.notion_api_url):
        user = await notion.user()
    async with advice("NOTION_PARENT_PAGE_ID, and share that page with the integration", settings.notion_api_url):
        await notion.parent()
    async with advice("what NOTION_TOKEN may see", settings.notion_api_url):
        gone = [name for name, source in kept.items() if source is not None and await _is_gone(notion, source)]
    words = f"integration {user.name}, page seen"
    if gone:
        later = "the next row has it made anew, and the admins told"
        return Finding("problem", f"{words}; {', '.join(gone)} deleted or not shared any more: {later}")
    missing = [name for name, source in kept.items() if source is None]
    later = f"; {', '.join(missing)} not made yet; the first row makes it, or `python -m bot notion-setup`"
    words += later if missing else f", {len(kept)} databases there"
    return Finding("fine", f"{words}{FREE if user.free else ''}")


async def _is_gone(notion: Workspace, source: str) -> bool:
    try:
        await notion.see(source)
    except Gone:
        return True
    return False
