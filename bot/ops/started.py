"""Which version of the program runs since when: what goes wrong is often due to what was changed last."""

from bot.access.model import TENANT
from bot.audit.service import record
from storage.core import events
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import tenants

PROGRAM = "program:0"


async def note_version(database: Database, version: str) -> None:
    """Write down that another version began, once, however many processes of it start at the same time."""

    async def is_known(connection: Connection) -> bool:
        last = await events.last_event(connection, TENANT, PROGRAM)
        return last is not None and last.data.get("version") == version

    async def work(tx: Transaction) -> None:
        await tenants.hold(tx, TENANT)
        if not await is_known(tx.connection):
            await record(tx, TENANT, None, "program.began", PROGRAM, version=version)

    async with database.reading() as connection:
        if await is_known(connection):
            return
    await database.write(work)
