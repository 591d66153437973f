"""Which version of the program runs since when: what goes wrong is often due to what was changed last."""

from bot.access.model import TENANT
from bot.audit.service import record
from storage.core import events
from storage.engine.database import Database, Transaction

PROGRAM = "program:0"


async def note_version(database: Database, version: str) -> None:
    """Write down that another version began, once."""
    async with database.reading() as connection:
        last = await events.last_event(connection, TENANT, PROGRAM)
    if last is not None and last.data.get("version") == version:
        return

    async def work(tx: Transaction) -> None:
        await record(tx, TENANT, None, "program.began", PROGRAM, version=version)

    await database.write(work)
