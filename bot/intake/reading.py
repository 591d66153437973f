"""Reading what people send: each try is counted before it begins, since a file may end whatever reads it.

A try that comes to an end, with a text or a refusal, counts no more. One that does not, because the reader was ended or
the whole program was, stays counted; after FILE_TRIES of them the file is left alone for a day, and operators know.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from pathlib import PurePath

import structlog

from bot.access.model import Person
from bot.alerts import cards
from bot.audit.service import record
from bot.briefs.material import SentFile
from bot.intake.ports import BrokenOff, Documents, Reading
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number
from bot.messages.ports import Files
from bot.messages.service import TEAM, notify_roles
from bot.messages.topics import Topic
from storage.briefs import readings
from storage.engine.database import Database, Transaction
from storage.queue.tries import FILE_TRIES

log = structlog.get_logger(__name__)
AT_ONCE = 3  # held in memory, that is, as many as are read at a time
SMALL = 4_000_000  # bytes; of what is larger, one at a time is fetched


class FileReading:
    """Fetches files from the chat and reads them, each a bounded number of times."""

    def __init__(self, database: Database, files: Files, documents: Documents) -> None:
        self._database = database
        self._files = files
        self._documents = documents
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._large = asyncio.Semaphore(1)
        self._under_way: Counter[str] = Counter()

    async def read(self, who: Person, file: SentFile) -> Reading:
        """What stands in the file. Raises Refusal, ProviderError."""
        self._documents.check_kind(file.name)
        async with self._large if file.size > SMALL else nullcontext(), self._turn:
            data = await self._files.download(file.file_id)
            digest = await asyncio.to_thread(_digest, file.name, data)
            async with self._counted(who, file, digest):
                return await self._documents.read(file.name, data, file.mime_type)

    @asynccontextmanager
    async def _counted(self, who: Person, file: SentFile, digest: str) -> AsyncIterator[None]:
        self._under_way[digest] += 1
        try:
            tries = await self._database.write(lambda tx: readings.begin(tx, who.tenant, digest))
            await self._check(who, file, tries - self._under_way[digest])
            async with self._ending(who, file, digest):
                yield
        finally:
            self._under_way[digest] -= 1

    async def _check(self, who: Person, file: SentFile, ended_badly: int) -> None:
        """Raises Refusal for a file that was tried often enough."""
        if ended_badly >= FILE_TRIES:
            why = f"reading it broke off {FILE_TRIES} times"
            await self._database.write(lambda tx: _tell_operators(tx, who, file, why))
            raise Refusal(
                _(
                    "{file} could not be read: I tried {tries} times, and reading it broke off each time. Open it, "
                    "save it as a smaller file, and send that; or paste the text here. Nothing was started and nothing "
                    "is charged.",
                    file=file.name,
                    tries=number(FILE_TRIES),
                )
            )

    @asynccontextmanager
    async def _ending(self, who: Person, file: SentFile, digest: str) -> AsyncIterator[None]:
        try:
            yield
        except BrokenOff as broken:
            log.warning("a file ended its reader", name=file.name, why=broken.why)
            why = broken.why
            await self._database.write(lambda tx: _tell_operators(tx, who, file, why))
            raise
        except Exception:
            await self._database.write(lambda tx: readings.ended(tx, who.tenant, digest))
            raise
        await self._database.write(lambda tx: readings.ended(tx, who.tenant, digest))


def _digest(name: str, data: bytes) -> str:
    """The same for the same content under a name that has it read the same way."""
    return hashlib.sha256(PurePath(name).suffix.lower().encode() + b"\0" + data).hexdigest()


async def _tell_operators(tx: Transaction, who: Person, file: SentFile, why: str) -> None:
    """The newest such file of each person, in one message."""
    await record(tx, who.tenant, who, "person.file_not_read", f"person:{who.id}", file=file.name, why=why)
    show = partial(cards.file_not_read, file.name, who.name, why)
    await notify_roles(tx, who.tenant, TEAM, Topic.TROUBLE, show, slot=f"person:{who.id}:unread")
