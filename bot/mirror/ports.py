"""What the mirror needs of Notion."""

from collections.abc import Mapping
from typing import Any, Protocol

from bot.mirror.model import MirrorTable


class Mirror(Protocol):
    """Databases and their rows. Every verb raises ProviderError."""

    async def find_table(self, table: MirrorTable) -> str | None:
        """The id of the table's data source, or None."""
        ...

    async def make_table(self, table: MirrorTable) -> str:
        """Make the table; returns the id of its data source."""
        ...

    async def find_row(self, source: str, key: str) -> str | None:
        """The page id of the row with our id, or None."""
        ...

    async def make_row(self, source: str, table: MirrorTable, values: Mapping[str, Any]) -> str:
        """Make a row; returns its page id."""
        ...

    async def change_row(self, page: str, table: MirrorTable, values: Mapping[str, Any]) -> None:
        """Change a row."""
        ...
