"""What happens by itself, operated by chat: /jobs, and a card per job."""

from datetime import timedelta

from bot.access.model import Permission, Person
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.errors import Refusal
from bot.kernel.translation import date, ngettext
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
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
ANEW = N_("/jobs lists the jobs; tap in the card of the one that you mean.")
INSTALLED = "installed"
PAUSES = ((N_("Pause 1 h"), 1), (N_("Pause 1 day"), 24))
TIME = "dd MMM HH:mm z"
# How a run stands, by its name in the rows.
STATES = {
    INSTALLED: N_("put on the schedule"),
    "waiting": N_("waiting"),
    "running": N_("running"),
    "done": N_("done"),
    "failed": N_("failed"),
    "missed": N_("missed"),
    "paused": N_("paused"),
}


@router.command("What happens by itself", Permission.RUN_JOBS, example="/jobs", rank=140)
async def jobs(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """Every job with its last and next run."""
    who.require(Permission.RUN_JOBS)
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        latest = await job_runs.latest(connection)
        pauses = await job_runs.pauses(connection)
    lines = Lines(ngettext("{n} job", "{n} jobs", len(JOBS)))
    for job in JOBS:
        following = next_time(trigger_of(job, services), now)
        after = _("next in {time}", time=duration(following - now)) if following else _("no next run")
        if pauses.get(job.name, now) > now:
            after = _("paused until {time}", time=clock(pauses[job.name]))
        lines.add(f"/job_{job.name} {_state(latest.get(job.name))}, {after}")
    return Card(str(lines.add(_("As of {time}", time=clock(now)))))


@router.subject("job")
async def job(who: Person, request: Request, services: Services) -> Card:
    """One job: what it does, how its last runs ended, and what one can do with it."""
    who.require(Permission.RUN_JOBS)
    return await _card(_named(request.text), services)


@router.button("jrun", choices=BY_NAME, instead=ANEW)
async def run(who: Person, request: Request, services: Services) -> Card:
    """Run the job now."""
    who.require(Permission.RUN_JOBS)
    await run_now(services, BY_NAME[request.choice])
    return Card(toast=_("It runs now; /jobs shows how it ends"))


@router.button("jpause", edit=True, choices=BY_NAME, instead=ANEW)
async def pause(who: Person, request: Request, services: Services) -> Card:
    """Pause the job for the hours that the button says."""
    who.require(Permission.RUN_JOBS)
    job = BY_NAME[request.choice]
    until = services.database.clock.now() + timedelta(hours=request.version)
    await services.database.write(lambda tx: job_runs.pause(tx, job.name, until, who.id))
    return await _card(job, services)


@router.button("jresume", edit=True, choices=BY_NAME, instead=ANEW)
async def resume(who: Person, request: Request, services: Services) -> Card:
    """End the pause."""
    who.require(Permission.RUN_JOBS)
    job = BY_NAME[request.choice]
    await services.database.write(lambda tx: job_runs.resume(tx, job.name))
    return await _card(job, services)


async def _card(job: Job, services: Services) -> Card:
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        runs = await job_runs.history(connection, job.name)
        paused = (await job_runs.pauses(connection)).get(job.name, now)
    lines = Lines(_("Job {job}", job=job.name)).add(escape(_(job.summary)))
    following = next_time(trigger_of(job, services), now)
    lines.add(_("Next at {time}", time=date(following, TIME)) if following else _("No next run"))
    if paused > now:
        lines.add(_("Paused until {time}", time=date(paused, TIME)))
    for one in runs:
        at, said = date(one.scheduled_at, TIME), first_lines(one.result or "", 120)
        lines.add(_("{time}: {state}. {result}", time=at, state=_in_words(one.state), result=said))
    hold = [Button(_(label), "jpause", version=hours, choice=job.name) for label, hours in PAUSES]
    if paused > now:
        hold = [Button(_("Resume"), "jresume", choice=job.name)]
    return Card(str(lines), ((Button(_("Run now"), "jrun", choice=job.name),), tuple(hold)))


def _named(name: str) -> Job:
    if name not in BY_NAME:
        raise Refusal(_("There is no job “{name}”. /jobs lists them.", name=name))
    return BY_NAME[name]


def _state(run: Run | None) -> str:
    if run is None or run.state == INSTALLED:
        return _("has not run yet")
    if run.started_at is None or run.finished_at is None:
        return _in_words(run.state)
    took = duration(run.finished_at - run.started_at)
    return _("{state} in {time}", state=_in_words(run.state), time=took)


def _in_words(state: str) -> str:
    return _(STATES.get(state, state))
