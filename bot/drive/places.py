"""Where things are in Google Drive: an id is kept before anything is made with it, so that it is there once.

What was made is known by its binding; what may have been made by an id that is kept beside it; and what an older copy
of the database does not know of by our mark. One process at a time uses it.
"""

from collections.abc import Awaitable, Callable

from bot.drive.model import CHANNEL, RESERVED, New, named
from bot.drive.ports import Drive, Taken
from storage.core import bindings
from storage.core.installation import installation_code
from storage.engine.database import Database, Transaction

Make = Callable[[New], Awaitable[None]]


class Places:
    """What is made for a tenant, by its name of ours: "tenant", "person:1001", "brief:1042"."""

    def __init__(self, database: Database, drive: Drive) -> None:
        self._database, self._drive = database, drive

    async def kept(self, tenant: str, name: str) -> str | None:
        """The id of what was made; it may be gone by now."""
        async with self._database.reading() as connection:
            return await bindings.get(connection, tenant, CHANNEL, name)

    async def folder(self, tenant: str, name: str, called: str, parent: str = "") -> tuple[str | None, bool]:
        """The id of the folder, and whether it is another one than before, which is gone or in the trash.

        None where it is not wanted any more.
        """
        kept = await self.kept(tenant, name)
        if kept is not None:
            seen = await self._drive.see(kept)
            if seen is not None and not seen.trashed:
                return kept, False
            await self._forget(tenant, name)
        return await self.made(tenant, name, called, parent, self._drive.make_folder), kept is not None

    async def made(self, tenant: str, name: str, called: str, parent: str, make: Make) -> str | None:
        """The id of what was made by `make`, or was there; None where it is not wanted any more.

        Raises what `make` raises, but Taken.
        """
        mark = f"{await installation_code(self._database, tenant)}:{name}"
        number, known = await self._reserved(tenant, name, mark)
        for anew in (True, False):
            if not known:
                try:
                    await make(New(number, named(called), mark, parent))
                except Taken:
                    if await self._drive.see(number) is None:  # it was made, and deleted for good
                        if not anew:
                            raise
                        await self._forget(tenant, name)
                        number, known = await self._reserved(tenant, name, mark)
                        continue
            break
        wanted = await self._database.write(lambda tx: _there(tx, tenant, name, number))
        return number if wanted else None

    async def _reserved(self, tenant: str, name: str, mark: str) -> tuple[str, bool]:
        """The id to make it with, and whether it is there already."""
        async with self._database.reading() as connection:
            reserved = await bindings.get(connection, tenant, RESERVED, name)
        if reserved is not None:
            return reserved, False
        found = await self._drive.find(mark)
        number = found or await self._drive.new_id()
        await self._database.write(lambda tx: bindings.put(tx, tenant, RESERVED, name, number))
        return number, found is not None

    async def _forget(self, tenant: str, name: str) -> None:
        async def work(tx: Transaction) -> None:
            for system in (CHANNEL, RESERVED):
                await bindings.drop(tx, tenant, system, name)

        await self._database.write(work)


async def _there(tx: Transaction, tenant: str, name: str, number: str) -> bool:
    """Keep that it is there; False where somebody had it forgotten while it was made, and it is deleted next."""
    if await bindings.get(tx.connection, tenant, RESERVED, name) != number:
        return False
    await bindings.drop(tx, tenant, RESERVED, name)
    await bindings.put(tx, tenant, CHANNEL, name, number)
    return True
