"""Jobs about the mirror in Notion."""

from functools import partial

from bot.access.model import TENANT
from bot.areas import TABLES
from bot.kernel.translation import gettext_noop as N_
from bot.mirror import resync
from bot.mirror.model import MirrorTable
from bot.mirror.service import CHANNEL
from bot.services import Services
from jobs.job import Job
from storage.core import bindings
from storage.engine.database import Transaction

MORNING = 5  # the hour in UTC at which what is told once a day is told


async def mirror_refresh(services: Services, tenant: str) -> str:
    """Have the tables of figures be read and brought up to date: hourly ones, and in the morning those of a day."""
    if services.settings.notion_token is None:
        return "no NOTION_TOKEN is set, so nothing is copied to Notion"
    hour = services.database.clock.now().hour
    due = [table for table in TABLES.values() if table.every and (table.every == 1 or hour == MORNING)]
    due = [table for table in due if table.for_all or tenant == TENANT]
    begun = await services.database.write(partial(_begin, tenant=tenant, tables=due))
    return f"{begun} tables of figures are compared with Notion"


async def _begin(tx: Transaction, tenant: str, tables: list[MirrorTable]) -> int:
    """Those that were made, and are not being read just now."""
    begun = 0
    for table in tables:
        if await bindings.get(tx.connection, tenant, CHANNEL, table.name) is None:
            continue
        before = await resync.standing(tx.connection, tenant, table)
        if before is None or before.ended is not None:
            await resync.begin(tx, tenant, table)
            begun += 1
    return begun


JOBS = (
    Job(
        "mirror_refresh",
        N_("Brings the tables of figures in Notion up to date"),
        "10 * * * *",
        "report",
        60,
        mirror_refresh,
        "tenant",
    ),
)
