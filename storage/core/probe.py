"""Whether the database takes what is written, as /readyz asks: a read alone does not tell of a full disk."""

import asyncio
import time
from pathlib import Path

from sqlalchemy import delete, text

from bot.access.model import TENANT
from storage.engine.database import NO_ANSWER, Database, Transaction, why
from storage.tables.core import bindings

KNOWN_SECONDS = 2.0  # so long an answer is good: whoever asks again and again costs no commits
WAIT_SECONDS = 2.5
SILENT_SECONDS = 15.0  # a burst may keep the one writer busy for a while
PAGE_BYTES = 4_096
SPARE_PAGES = 16  # a file with so many unused ones has room, whatever the disk has
ROW = {"tenant": TENANT, "system": "probe", "name": "room"}
GONE = "the database's file is gone, or another lies in its place"
SILENT = "the database does not answer"
REASONS = (
    (("is full", "disk i/o", "no space"), "the database has no room left"),
    (("readonly", "read-only"), "the database cannot be written to"),
    (("locked",), "the database is locked by another program"),
    (("malformed", "not a database"), "the database is damaged"),
)


class Probe:
    """Writes a row and takes it back, in one transaction that is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file = Path(str(database.url.database)) if database.sqlite else None
        self._inode = self._seen()
        self._problem: str | None = None
        self._began = float("-inf")
        self._trying: asyncio.Task[None] | None = None

    async def problem(self) -> str | None:
        """What keeps the database from taking what is written; None where it does."""
        if self._file is not None and self._seen() != self._inode:
            return GONE
        now = time.monotonic()
        if self._trying is None or (self._trying.done() and now > self._began + KNOWN_SECONDS):
            self._began = now
            self._trying = asyncio.create_task(self._try())
        await asyncio.wait([self._trying], timeout=WAIT_SECONDS)
        return SILENT if not self._trying.done() and now > self._began + SILENT_SECONDS else self._problem

    async def close(self) -> None:
        """Wait for a try that is under way."""
        if self._trying is not None:
            await asyncio.wait([self._trying])

    async def _try(self) -> None:
        try:
            await self._database.write(_written)
        except (*NO_ANSWER, OSError) as error:
            words = why(error).lower()
            self._problem = next((told for parts, told in REASONS if any(part in words for part in parts)), SILENT)
        else:
            self._problem = None

    def _seen(self) -> int | None:
        return self._file.stat().st_ino if self._file is not None and self._file.exists() else None


async def _written(tx: Transaction) -> None:
    spare = 0
    if tx.connection.dialect.name == "sqlite":
        spare = int((await tx.run(text("PRAGMA freelist_count"))).scalar_one())
    pages = spare + 2 if spare <= SPARE_PAGES else 1  # so that the file has to grow
    await tx.run(bindings.insert(), ROW | {"external_id": "x" * pages * PAGE_BYTES, "updated_at": tx.now})
    await tx.run(delete(bindings).where(bindings.c.tenant == ROW["tenant"], bindings.c.system == ROW["system"]))
