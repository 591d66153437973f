"""Jobs that people hold: pausing one, for a reason, and resuming it; what nothing else does is an alert meanwhile."""

from datetime import datetime, timedelta
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
from storage.core import job_runs
from storage.engine.database import Transaction

LONGEST_REASON = 300
RULE = "job_paused"


async def pause(who: Person, services: Services, job: Job, hours: int, reason: str) -> None:
    """Leave its times out for so long; the admins read why, and of a vital one again and again until somebody has seen
    it. Raises Refusal without a reason.
    """
    who.require(Permission.RUN_JOBS)
    if not reason.strip():
        raise Refusal(_("Say in a few words why it is paused, for example: the server is being moved."))
    why = reason.strip()[:LONGEST_REASON]

    async def work(tx: Transaction) -> None:
        until = tx.now + timedelta(hours=hours)
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


async def settle(services: Services) -> None:
    """Say of vital jobs whose pause has ended by itself that they run again."""

    async def work(tx: Transaction) -> None:
        held: dict[str, list[str]] = {}
        for (tenant, name), pause in (await job_runs.pauses(tx.connection)).items():
            held.setdefault(tenant, []).extend([name] if pause.until > tx.now else [])
        for tenant, names in held.items():
            await clear_others(tx, RULE, names, tenant=tenant)

    await services.database.write(work)


def _paused(job: Job, until: datetime, by: str, reason: str) -> Card:
    lines = Lines(_("Job {job} · paused until {time}", job=job.name, time=moment(until)))
    lines.add(_("{name}: {reason}", name=escape(by), reason=first_lines(reason, 200)))
    return Card(str(lines.add(f"/job_{job.name}")))
