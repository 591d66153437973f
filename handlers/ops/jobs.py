"""What happens by itself, operated by chat: /jobs, and a card per job."""

from datetime import timedelta

from bot.access.model import Permission, Person
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.errors import Refusal
from bot.kernel.words import clock, duration
from bot.services import Services
from handlers.routing.request import Request
from jobs.catalog import BY_NAME, JOBS
from jobs.clock import next_time, run_now, trigger_of
from jobs.job import Job
from storage.core import job_runs
from storage.core.job_runs import Run

INSTALLED = "installed"
PAUSES = (("Pause 1 h", 1), ("Pause 1 day", 24))


async def jobs(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """Every job with its last and next run."""
    who.require(Permission.RUN_JOBS)
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        latest = await job_runs.latest(connection)
        pauses = await job_runs.pauses(connection)
    lines = Lines(f"{len(JOBS)} jobs")
    for job in JOBS:
        following = next_time(trigger_of(job, services), now)
        after = f"next in {duration(following - now)}" if following else "no next run"
        if pauses.get(job.name, now) > now:
            after = f"paused until {clock(pauses[job.name])}"
        lines.add(f"/job_{job.name} {_state(latest.get(job.name))}, {after}")
    return Card(str(lines.add(f"As of {clock(now)}")))


async def job(who: Person, request: Request, services: Services) -> Card:
    """One job: what it does, how its last runs ended, and what one can do with it."""
    who.require(Permission.RUN_JOBS)
    return await _card(_named(request.text), services)


async def run(who: Person, request: Request, services: Services) -> Card:
    """Run the job now."""
    who.require(Permission.RUN_JOBS)
    await run_now(services, _numbered(request.subject))
    return Card(toast="It runs now; /jobs shows how it ends")


async def pause(who: Person, request: Request, services: Services) -> Card:
    """Pause the job for the hours that the button says."""
    who.require(Permission.RUN_JOBS)
    job = _numbered(request.subject)
    until = services.database.clock.now() + timedelta(hours=request.version)
    await services.database.write(lambda tx: job_runs.pause(tx, job.name, until, who.id))
    return await _card(job, services, "edit")


async def resume(who: Person, request: Request, services: Services) -> Card:
    """End the pause."""
    who.require(Permission.RUN_JOBS)
    job = _numbered(request.subject)
    await services.database.write(lambda tx: job_runs.resume(tx, job.name))
    return await _card(job, services, "edit")


async def _card(job: Job, services: Services, place: str = "new") -> Card:
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        runs = await job_runs.history(connection, job.name)
        paused = (await job_runs.pauses(connection)).get(job.name, now)
    lines = Lines(f"Job {job.name}").add(escape(job.summary))
    following = next_time(trigger_of(job, services), now)
    lines.add(f"Next at {following:%d %b %H:%M} UTC" if following else "No next run")
    if paused > now:
        lines.add(f"Paused until {paused:%d %b %H:%M} UTC")
    for one in runs:
        state = "put on the schedule" if one.state == INSTALLED else one.state
        lines.add(f"{one.scheduled_at:%d %b %H:%M} UTC: {state}. {first_lines(one.result or '', 120)}")
    number = JOBS.index(job)
    hold = [Button(label, "jpause", number, hours) for label, hours in PAUSES]
    if paused > now:
        hold = [Button("Resume", "jresume", number)]
    rows = ((Button("Run now", "jrun", number),), tuple(hold))
    return Card(str(lines), rows, place="edit" if place == "edit" else "new")


def _named(name: str) -> Job:
    if name not in BY_NAME:
        raise Refusal(f"There is no job “{name}”. /jobs lists them.")
    return BY_NAME[name]


def _numbered(number: int) -> Job:
    return JOBS[number % len(JOBS)]


def _state(run: Run | None) -> str:
    if run is None or run.state == INSTALLED:
        return "has not run yet"
    if run.started_at is None or run.finished_at is None:
        return run.state
    return f"{run.state} in {duration(run.finished_at - run.started_at)}"
