"""What the mirror needs of Notion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.kernel.errors import ProviderError
from bot.mirror.model import Column, MirrorTable, Place, Rows, Seen, Trouble


class Gone(ProviderError):
    """What was asked for is not there, is in the trash, or is no longer shared with us."""

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(provider, message, permanent=True)


class Withheld(ProviderError):
    """Nothing can be written until a person does something."""

    def __init__(self, provider: str, message: str, trouble: Trouble) -> None:
        super().__init__(provider, message, permanent=True)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class News:
    """Rows with a tick in that column, and those that were edited since then."""

    ticked: str
    since: datetime


class Mirror(Protocol):
    """Databases and their rows. Every verb raises ProviderError, Gone and Withheld among them."""

    async def parent(self) -> None:
        """See the page that the tables are below; raises Gone where it is in the trash or not shared."""
        ...

    async def find_table(self, table: MirrorTable, mark: str) -> str | None:
        """The data source of the table below our page whose description has the mark, or None."""
        ...

    async def make_table(self, table: MirrorTable, mark: str, links: Mapping[str, str]) -> str:
        """Make the table below our page with the mark in its description; returns the id of its data source.

        links: of which data source each relation names rows.
        """
        ...

    async def see(self, source: str) -> Seen:
        """The table of that data source as it is now; raises Gone where it is in the trash too."""
        ...

    async def describe(self, database: str, description: str) -> None:
        """Set what the table's description says."""
        ...

    async def add_columns(
        self, source: str, columns: Mapping[str, Column], links: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Add these columns to the table; returns the ids of all its columns by name. links: as of `make_table`."""
        ...

    async def find_row(self, place: Place, keys: Sequence[str]) -> str | None:
        """The page id of the row with one of these keys of ours, or None."""
        ...

    async def make_row(self, place: Place, table: MirrorTable, values: Mapping[str, Any]) -> str:
        """Make a row; returns its page id."""
        ...

    async def change_row(self, page: str, place: Place, table: MirrorTable, values: Mapping[str, Any]) -> None:
        """Change a row."""
        ...

    async def rows(
        self, place: Place, table: MirrorTable, cursor: str | None = None, news: "News | None" = None
    ) -> Rows:
        """A hundred rows from the cursor on, in one request. news: only these."""
        ...

    async def trash_row(self, page: str) -> None:
        """Move a row to the trash; raises Gone where it is there."""
        ...

    async def text_of(self, page: str) -> str:
        """What is written in a row's page, a line a block."""
        ...
