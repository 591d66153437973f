"""The chain written to a file, piece by piece, however long it is."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Row

from bot.audit import exported
from bot.audit.chain import Anchor
from bot.audit.keys import Keys
from bot.config.key_file import NoKey
from storage.audit import seals
from storage.engine.connection import Connection
from storage.engine.database import Database

BATCH = 2_000


async def pieces(database: Database, keys: Keys, tenant: str, newest: int | None = None) -> AsyncIterator[bytes]:
    """The file of a tenant's chain: all of it, or the newest so many entries. Raises NoKey."""
    known = keys.known()
    async with database.reading() as connection:
        found = await seals.head(connection, tenant)
        last = found[0] if found is not None else Anchor(0, b"")
        before = max(0, last.place - newest) if newest is not None else 0
        behind = await seals.seal_at(connection, tenant, before) if before else None
    if not known:
        raise NoKey("There is no key of the audit log yet, so nothing was sealed that could be exported.")
    begun = exported.head(tenant, behind)
    yield begun
    place = before

    async def read(connection: Connection) -> Sequence[Row[Any]]:
        return await seals.behind(connection, tenant, place, min(BATCH, last.place - place))

    while place < last.place and (rows := await database.snapshot(read)):
        yield b"".join(exported.entry(one) for one in seals.records(tenant, rows))
        place = rows[-1].place
    yield exported.end(known, begun, last.place, last.link)
