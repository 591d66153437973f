"""What is to be kept in Google Drive, or to go from it, goes into the outbox in the transaction that decides it.

The outbox says which brief or report it is; what its file holds is read when it is kept.
"""

from collections.abc import Collection
from datetime import date

from bot.access.model import CANARY, Permission, Person
from bot.briefs.model import Brief
from bot.drive.model import BRIEF, CHANNEL, DELETE, HIDE, REPORT, RESERVED, link_of
from bot.google.settings import GoogleSettings
from storage.core import bindings, outbox
from storage.engine.database import Database, Transaction


async def keep_work(tx: Transaction, tenant: str, brief_id: int) -> None:
    """Have the work of that brief be kept, once."""
    if tenant != CANARY:
        await outbox.add(tx, tenant, CHANNEL, tenant, {BRIEF: brief_id}, key=f"brief:{brief_id}:drive")


async def keep_report(tx: Transaction, tenant: str, day: date) -> None:
    """Have the report of that day be kept, once."""
    key = f"report:{day.isoformat()}:drive"
    await outbox.add(tx, tenant, CHANNEL, tenant, {REPORT: day.isoformat()}, key=key)


async def forget(tx: Transaction, tenant: str, things: Collection[str]) -> int:
    """Have everything go that is kept of these things ("brief:1042", "person:1001"); says how many files.

    Files are deleted for good. A person's folder loses its name and goes to the trash, since the team may have put
    something of its own there.
    """
    files = 0
    for system in (CHANNEL, RESERVED):
        for name, number in (await bindings.of_names(tx.connection, tenant, system, sorted(things))).items():
            is_file = name.startswith("brief:")
            what = {DELETE: number} if is_file else {HIDE: number, "name": f"#{name.partition(':')[2]}"}
            await outbox.add(tx, tenant, CHANNEL, tenant, what)
            await bindings.drop(tx, tenant, system, name)
            files += is_file and system == CHANNEL
    return files


class Kept:
    """Verbs on what is kept there; they raise Forbidden."""

    def __init__(self, database: Database, settings: GoogleSettings) -> None:
        self._database, self._settings = database, settings

    async def link(self, who: Person, brief: Brief) -> str:
        """Where its file is read; "" where there is none, or who asks may not open it."""
        shared = self._settings.google_drive_sharing == "link"
        if not self._settings.google_drive or not (shared or who.may(Permission.SEE_ALL)):
            return ""
        async with self._database.reading() as connection:
            kept = await bindings.get(connection, brief.tenant, CHANNEL, f"brief:{brief.id}")
        return "" if kept is None else link_of(kept)
