"""Files that are kept for every host: those that nothing belongs to any more go."""

from collections.abc import Collection
from datetime import timedelta

from bot.messages.ports import Store
from storage.briefs import attachments
from storage.engine.database import Database

KEPT_AT_LEAST = timedelta(days=1)  # what a file came with is written after it was kept


class SharedFiles:
    """store: None where the chat alone has the files."""

    def __init__(self, database: Database, store: Store | None) -> None:
        self._database = database
        self._store = store

    async def sweep(self) -> int:
        """Delete what is kept and belongs to nothing; returns how many files went. Raises ProviderError."""
        if self._store is None:
            return 0
        return await self._store.sweep(self._needed, self._database.clock.now() - KEPT_AT_LEAST)

    async def _needed(self, file_ids: Collection[str]) -> Collection[str]:
        async with self._database.reading() as connection:
            return await attachments.needed(connection, file_ids)
