"""What `doctor` sees in Notion: whether the databases of the mirror are where they are kept. It changes nothing."""

import pysqlite3.dbapi2 as sqlite3
from sqlalchemy.exc import SQLAlchemyError

from bot.access.model import TENANT
from bot.adapters.notion.mirror import NotionMirror
from bot.app import database_of
from bot.areas import TABLES
from bot.mirror.model import Place
from bot.mirror.places import kept_place
from bot.mirror.ports import Gone
from bot.settings import Settings


async def tables_of(settings: Settings, notion: NotionMirror) -> tuple[list[str], list[str]]:
    """Which of the tables are where they are kept, and which are not there any more. Raises ProviderError."""
    there: list[str] = []
    gone: list[str] = []
    for name, source in (await _sources(settings)).items():
        try:
            await notion.see(source)
            there.append(name)
        except Gone:
            gone.append(name)
    return there, gone


async def _sources(settings: Settings) -> dict[str, str]:
    database = database_of(settings)
    try:
        async with database.reading() as connection:
            kept = {name: await kept_place(connection, TENANT, table) for name, table in TABLES.items()}
    except (SQLAlchemyError, sqlite3.Error):  # the probe of the database says why
        return {}
    finally:
        await database.close()
    return {name: at.source if isinstance(at, Place) else at for name, at in kept.items() if at is not None}
