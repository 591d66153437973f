"""Jobs about the mirror in Notion."""

from datetime import timedelta
from functools import partial

from bot.access.model import TENANT
from bot.areas import TABLES
from bot.automation.mirror import QUEUE
from bot.automation.service import take_in
from bot.kernel.translation import gettext_noop as N_
from bot.mirror import resync
from bot.mirror.model import MirrorTable
from bot.mirror.service import CHANNEL
from bot.services import Services
from jobs.job import Job
from storage.automation import queue_rows
from storage.core import bindings
from storage.engine.database import Transaction

HOUR = timedelta(hours=1)
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


async def notion_intake(services: Services, tenant: str) -> str:
    """Have the Automation Queue be read by whatever writes to Notion, within its pace and behind what waits already."""
    if services.settings.notion_token is None:
        return "no NOTION_TOKEN is set, so there is no queue in Notion"
    return await services.database.write(partial(_look, tenant=tenant))


async def _look(tx: Transaction, tenant: str) -> str:
    if await bindings.get(tx.connection, tenant, CHANNEL, QUEUE.name) is None:
        return "the Automation Queue is not made yet; /mirror makes it"
    taken, refused = await queue_rows.counts(tx.connection, tenant, tx.now - HOUR)
    await take_in(tx, tenant)
    return f"the queue is read now; within an hour {taken} rows became briefs and {refused} could not"


JOBS = (
    Job(
        "notion_intake",
        N_("Turns ticked rows of the Automation Queue in Notion into briefs"),
        "* * * * *",
        "report",
        30,
        notion_intake,
        "tenant",
    ),
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
