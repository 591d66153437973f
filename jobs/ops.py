"""Jobs that keep the machinery well."""

from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp

from bot.access.model import TENANT
from bot.core import Keep
from bot.kernel.errors import ProviderError
from bot.mirror.service import bring_up_to_date
from bot.services import Services
from bot.watch.mirror import ROW, STATUS
from jobs.job import Job
from jobs.machinery.healing import carry_on
from storage.core import conversations, inbox, job_runs, outbox, stopped
from storage.engine.database import Transaction
from storage.queue import second_tries

LATE = timedelta(minutes=10)


async def janitor(services: Services) -> str:
    """Carry on what stands still, settle calls of models that nobody recorded, and count what is late."""
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        late = await outbox.waiting_since(connection, now - LATE)
    abandoned = await services.models.settle_abandoned()
    carried, said = await carry_on(services)
    told = [f"carried on {carried} briefs", *said]
    return ", ".join([*told, f"{abandoned} calls of models left unrecorded", f"{late} messages are late"])


async def heartbeat(services: Services) -> str:
    """Ping HEARTBEAT_URL (a healthchecks-style address that alarms when the pings stop), and have the row Status in the
    mirror be written.

    Raises ProviderError where it does not answer.
    """
    await show_status(services)
    waiting = await services.queue.waiting()
    url = services.settings.heartbeat_url
    if url is None:
        return f"alive, {waiting} tasks waiting; no HEARTBEAT_URL is set, so nobody outside would notice a stop"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session,
            session.get(url) as answer,
        ):
            answer.raise_for_status()
    except (aiohttp.ClientError, TimeoutError) as error:
        host = urlsplit(url).hostname  # who knows the whole address can keep the monitor quiet
        raise ProviderError("Heartbeat", f"{host} did not take the ping ({type(error).__name__})") from None
    return f"alive, {waiting} tasks waiting; ping taken"


async def show_status(services: Services) -> None:
    """Have the row that says how the installation stands be written, where there is a mirror."""
    if services.settings.notion_token is not None:
        await services.database.write(lambda tx: bring_up_to_date(tx, TENANT, STATUS, ROW))


KEEPS = (
    Keep("handled updates", inbox.forget),
    Keep("sent messages", outbox.forget),
    Keep("runs of jobs", job_runs.forget),
    Keep("", stopped.forget),
    Keep("", second_tries.forget_before),
    Keep("", conversations.forget_ended),
)


async def retention(services: Services) -> str:
    """Delete what the areas keep for a while, and handled updates and webhooks, sent messages and runs of jobs, each
    after RETENTION_DAYS; and files that nothing belongs to any more. Raises ProviderError where these cannot be had.
    """
    keeps = [*KEEPS, Keep("", services.queue.forget), *(keep for area in services.brought for keep in area.keeps)]

    async def work(tx: Transaction) -> list[tuple[str, int]]:
        before = tx.now - timedelta(days=services.settings.retention_days)
        return [(keep.what, await keep.forget(tx, before)) for keep in keeps]

    gone = await services.database.write(work)
    await services.database.learn_sizes()
    gone.append(("kept files", await services.hosts.files.sweep()))
    return "deleted " + ", ".join(f"{number} {what}" for what, number in gone if what)


JOBS = (
    Job(
        "janitor",
        "Resumes stalled work, asks Stripe about invoices of unknown outcome, and finds late messages",
        "*/5 * * * *",
        "report",
        120,
        janitor,
        vital=True,
    ),
    Job(
        "heartbeat",
        "Tells an outside monitor that everything works",
        "0 * * * *",
        "report",
        60,
        heartbeat,
        vital=True,
    ),
    Job(
        "retention",
        "Deletes handled updates, sent messages and old runs past RETENTION_DAYS",
        "0 5 * * *",
        "catch up",
        600,
        retention,
    ),
)
