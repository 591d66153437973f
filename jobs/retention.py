"""The job `retention`: what was only kept to be safe is deleted once nobody needs it."""

from datetime import timedelta

from bot.services import Services
from storage.briefs import attachments, readings, text_parts
from storage.core import inbox, job_runs, outbox
from storage.engine.database import Transaction


async def run(services: Services) -> str:
    """Delete handled updates and webhooks, sent messages, runs of jobs, files of no brief, parts of long texts, and
    tries at reading, each after RETENTION_DAYS.
    """

    async def work(tx: Transaction) -> tuple[int, int, int, int, int]:
        before = tx.now - timedelta(days=services.settings.retention_days)
        arrivals = await inbox.forget(tx, before)
        files = await attachments.forget(tx, before)
        parts = await text_parts.forget(tx, before)
        await readings.forget(tx, before)
        return arrivals, await outbox.forget(tx, before), await job_runs.forget(tx, before), files, parts

    arrivals, messages, runs, files, parts = await services.database.write(work)
    told = f"deleted {arrivals} handled updates, {messages} sent messages, {runs} runs of jobs, {files} files"
    return f"{told}, {parts} parts of texts"
