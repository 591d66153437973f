"""What happens by itself, operated by chat: /jobs, and a card per job."""

from datetime import timedelta

from bot.access.model import TENANT, Permission, Person
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.errors import Refusal
from bot.kernel.words import clock, duration
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router
from jobs.catalog import BY_NAME, JOBS
from jobs.clock import next_time, run_now, trigger_of
from jobs.job import Job
from storage.core import job_runs
from storage.core.job_runs import Run

router = Router()
ANEW = "/jobs lists the jobs; tap in the card of the one that you mean."
INSTALLED = "installed"
PAUSES = (("Pause 1 h", 1), ("Pause 1 day", 24))


@router.command("What happens by itself", Permission.RUN_JOBS, example="/jobs", rank=140)
async def jobs(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """Every job with its last and next run."""
    who.require(Permission.RUN_JOBS)
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        latest = await job_runs.latest(connection, who.tenant)
        pauses = await job_runs.pauses(connection)
    theirs = [job for job in JOBS if job.runs_for(who.tenant)]
    lines = Lines(f"{len(theirs)} jobs")
    for job in theirs:
        following = next_time(trigger_of(job, services), now)
        after = f"next in {duration(following - now)}" if following else "no next run"
        if (paused := pauses.get((who.tenant, job.name), now)) > now:
            after = f"paused until {clock(paused)}"
        lines.add(f"/job_{job.name} {_state(latest.get(job.name))}, {after}")
    return Card(str(lines.add(f"As of {clock(now)}")))


@router.subject("job")
async def job(who: Person, request: Request, services: Services) -> Card:
    """One job: what it does, how its last runs ended, and what one can do with it."""
    who.require(Permission.RUN_JOBS)
    return await _card(_named(who, request.text), who, services)


@router.button("jrun", choices=BY_NAME, instead=ANEW)
async def run(who: Person, request: Request, services: Services) -> Card:
    """Run the job now."""
    who.require(Permission.RUN_JOBS)
    await run_now(services, _named(who, request.choice), who.tenant)
    return Card(toast="It runs now; /jobs shows how it ends")


@router.button("jpause", edit=True, choices=BY_NAME, instead=ANEW)
async def pause(who: Person, request: Request, services: Services) -> Card:
    """Pause the job for the hours that the button says."""
    who.require(Permission.RUN_JOBS)
    job = _named(who, request.choice)
    until = services.database.clock.now() + timedelta(hours=request.version)
    await services.database.write(lambda tx: job_runs.pause(tx, who.tenant, job.name, until, who.id))
    return await _card(job, who, services)


@router.button("jresume", edit=True, choices=BY_NAME, instead=ANEW)
async def resume(who: Person, request: Request, services: Services) -> Card:
    """End the pause."""
    who.require(Permission.RUN_JOBS)
    job = _named(who, request.choice)
    await services.database.write(lambda tx: job_runs.resume(tx, who.tenant, job.name))
    return await _card(job, who, services)


async def _card(job: Job, who: Person, services: Services) -> Card:
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        runs = await job_runs.history(connection, who.tenant, job.name)
        paused = (await job_runs.pauses(connection)).get((who.tenant, job.name), now)
        others = await job_runs.newest_by_tenant(connection, job.name) if who.tenant == TENANT else []
    lines = Lines(f"Job {job.name}").add(escape(job.summary))
    following = next_time(trigger_of(job, services), now)
    lines.add(f"Next at {following:%d %b %H:%M} UTC" if following else "No next run")
    if paused > now:
        lines.add(f"Paused until {paused:%d %b %H:%M} UTC")
    for one in runs:
        state = "put on the schedule" if one.state == INSTALLED else one.state
        lines.add(f"{one.scheduled_at:%d %b %H:%M} UTC: {state}. {first_lines(one.result or '', 120)}")
    for one in others:  # what came of it is their business alone
        if one.tenant != who.tenant:
            lines.add(f"{one.tenant}, {one.scheduled_at:%d %b %H:%M} UTC: {one.state}")
    hold = [Button(label, "jpause", version=hours, choice=job.name) for label, hours in PAUSES]
    if paused > now:
        hold = [Button("Resume", "jresume", choice=job.name)]
    return Card(str(lines), ((Button("Run now", "jrun", choice=job.name),), tuple(hold)))


def _named(who: Person, name: str) -> Job:
    """The job, where it is one of theirs: what looks after the installation is its own people's."""
    if name not in BY_NAME or not BY_NAME[name].runs_for(who.tenant):
        raise Refusal(f"There is no job “{name}”. /jobs lists them.")
    return BY_NAME[name]


def _state(run: Run | None) -> str:
    if run is None or run.state == INSTALLED:
        return "has not run yet"
    if run.started_at is None or run.finished_at is None:
        return run.state
    return f"{run.state} in {duration(run.finished_at - run.started_at)}"
