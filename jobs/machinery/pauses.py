"""Jobs that people hold: pausing one, for a reason, and resuming it; what nothing else does is an alert meanwhile."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from bot.access.model import Permission, Person
from bot.alerts.raising import clear, clear_others, raise_
from bot.audit.service import record
from bot.kernel.card import Card, Lines, escape, first_lines
from bot.kernel.errors import Refusal
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.services import Services
from jobs.job import Job
from storage.alerts import alerts
from storage.core import job_runs
from storage.core.job_runs import Pause
from storage.engine.database import Transaction
from storage.people import people

LONGEST_REASON = 300
RULE = "job_paused"


async def pause(who: Person, services: Services, job: Job, until: datetime, reason: str) -> None:
    """Leave its times out until then; the admins read why, and of a vital one again and again until somebody has seen
    it. Raises Refusal without a reason, or for a time that is over.
    """
    who.require(Permission.RUN_JOBS)
    if until <= services.database.clock.now():
        raise Refusal(_("That time is over by now, so nothing was paused. /job_{job} has the buttons.", job=job.name))
    if not reason.strip():
        raise Refusal(_("Say in a few words why it is paused, for example: the server is being moved."))
    why = reason.strip()[:LONGEST_REASON]

    async def work(tx: Transaction) -> None:
        await job_runs.pause(tx, who.tenant, job.name, until, who.id, why)
        await record(tx, who.tenant, who, "job.paused", f"job:{job.name}", until=until.isoformat(), reason=why)
        if job.vital:
            await raise_(tx, RULE, job.name, tenant=who.tenant, job=job.name, name=who.name, reason=why)
            return
        show = partial(_paused, job, until, who.name, why)
        await notify_roles(tx, who.tenant, ADMINS, Topic.JOBS, show, slot=f"pause:{job.name}", but={who.id})

    await services.database.write(work)


async def resume(who: Person, services: Services, job: Job) -> None:
    """End the pause."""
    who.require(Permission.RUN_JOBS)

    async def work(tx: Transaction) -> None:
        await job_runs.resume(tx, who.tenant, job.name)
        await clear(tx, RULE, job.name, tenant=who.tenant)
        await record(tx, who.tenant, who, "job.resumed", f"job:{job.name}")

    await services.database.write(work)


async def settle(services: Services, tenant: str, vital: Collection[str]) -> str:
    """Say of the tenant's vital jobs whose pause has ended by itself that they run again; and of one that was paused in
    another way than by its card, such as a runbook, that nothing else does its work.
    """
    async with services.database.reading() as connection:
        if not any(whose == tenant for whose, _ in await job_runs.pauses(connection)):
            return ""
    await services.database.write(partial(_settle, tenant=tenant, vital=vital))
    return ""


async def remind(services: Services, tenant: str, job: str) -> None:
    """Do both for the job that itself reminds people of pauses, while it is paused."""
    async with services.database.reading() as connection:
        pause = (await job_runs.pauses(connection)).get((tenant, job))
    if pause is not None and pause.until > services.database.clock.now():
        await settle(services, tenant, [job])
        await services.watch.nagging.remind(tenant, RULE, job)


async def _settle(tx: Transaction, tenant: str, vital: Collection[str]) -> None:
    pauses = await job_runs.pauses(tx.connection)
    held = {job: pause for (whose, job), pause in pauses.items() if whose == tenant and pause.until > tx.now}
    for job, pause in held.items():
        if job in vital and not await _is_said(tx, tenant, job, pause):
            who = await people.by_id(tx.connection, tenant, pause.by)
            await raise_(tx, RULE, job, tenant=tenant, job=job, name=who.name, reason=pause.reason)
    await clear_others(tx, RULE, held, tenant=tenant)


async def _is_said(tx: Transaction, tenant: str, job: str, pause: Pause) -> bool:
    known = await alerts.of(tx.connection, tenant, RULE, job)
    return known is not None and (known.open or pause.since is None or known.seen_at >= pause.since)


def _paused(job: Job, until: datetime, by: str, reason: str) -> Card:
    lines = Lines(_("Job {job} · paused until {time}", job=job.name, time=moment(until)))
    lines.add(_("{name}: {reason}", name=escape(by), reason=first_lines(reason, 200)))
    return Card(str(lines.add(f"/job_{job.name}")))
