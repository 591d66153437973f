"""The job `retention`: what was only kept to be safe is deleted once nobody needs it."""

from datetime import timedelta

from bot.core import Keep
from bot.services import Services
from storage.core import inbox, job_runs, outbox
from storage.engine.database import Transaction

KEEPS = (
    Keep("handled updates", inbox.forget),
    Keep("sent messages", outbox.forget),
    Keep("runs of jobs", job_runs.forget),
)


async def run(services: Services) -> str:
    """Delete what the areas keep for a while, and handled updates and webhooks, sent messages and runs of jobs, each
    after RETENTION_DAYS.
    """
    keeps = [*KEEPS, *(keep for area in services.brought for keep in area.keeps)]

    async def work(tx: Transaction) -> list[tuple[str, int]]:
        before = tx.now - timedelta(days=services.settings.retention_days)
        return [(keep.what, await keep.forget(tx, before)) for keep in keeps]

    gone = await services.database.write(work)
    return "deleted " + ", ".join(f"{number} {what}" for what, number in gone if what)
