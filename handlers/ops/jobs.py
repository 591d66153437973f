"""What happens by itself, operated by chat: /jobs, and a card per job."""

from bot.access.model import Permission, Person
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.errors import Refusal
from bot.kernel.text.words import clock, duration, in_a_row
from bot.kernel.translation import date, ngettext
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router
from jobs.catalog import BY_NAME
from jobs.job import Job
from jobs.schedule import operating
from jobs.schedule.operating import Run

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


@router.command("Scheduled jobs", Permission.RUN_JOBS, example="/jobs", rank=140)
async def jobs(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """List every job with its last and next run."""
    now = services.database.clock.now()
    found = await operating.all_of(who, services)
    lines = Lines(ngettext("{n} job", "{n} jobs", len(found)))
    for one in found:
        after = _("next in {time}", time=duration(one.following - now)) if one.following else _("no next run")
        if one.paused_until is not None:
            after = _("paused until {time}", time=clock(one.paused_until))
        lines.add(in_a_row((f"/job_{one.job.name} {_state(one.last)}", after)))
    return Card(str(lines.add(_("As of {time}", time=clock(now)))))


@router.subject("job")
async def job(who: Person, request: Request, services: Services) -> Card:
    """Show one job: what it does, how its last runs ended, and what one can do with it."""
    who.require(Permission.RUN_JOBS)
    return await _card(who, _named(who, request.text), services)


@router.button("jrun", choices=BY_NAME, instead=ANEW)
async def run(who: Person, request: Request, services: Services) -> Card:
    """Run the job now."""
    await operating.run(who, services, _named(who, request.choice))
    return Card(toast=_("It runs now; /jobs shows the result"))


@router.button("jpause", edit=True, choices=BY_NAME, instead=ANEW)
async def pause(who: Person, request: Request, services: Services) -> Card:
    """Pause the job for the hours that the button says."""
    job = _named(who, request.choice)
    await operating.pause(who, services, job, request.version)
    return await _card(who, job, services)


@router.button("jresume", edit=True, choices=BY_NAME, instead=ANEW)
async def resume(who: Person, request: Request, services: Services) -> Card:
    """End the job's pause."""
    job = _named(who, request.choice)
    await operating.resume(who, services, job)
    return await _card(who, job, services)


async def _card(who: Person, job: Job, services: Services) -> Card:
    stands, runs, others = await operating.one(who, services, job)
    lines = Lines(_("Job {job}", job=job.name)).add(escape(_(job.summary)))
    following, paused = stands.following, stands.paused_until
    lines.add(_("Next at {time}", time=date(following, TIME)) if following else _("No next run"))
    if paused is not None:
        lines.add(_("Paused until {time}", time=date(paused, TIME)))
    for one in runs:
        at, said = date(one.scheduled_at, TIME), first_lines(one.result or "", 120)
        lines.add(_("{time}: {state}. {result}", time=at, state=_in_words(one.state), result=said))
    for one in others:  # what came of it is their business alone
        at, state = date(one.scheduled_at, TIME), _in_words(one.state)
        lines.add(_("{tenant}, {time}: {state}", tenant=escape(one.tenant), time=at, state=state))
    hold = [Button(_(label), "jpause", version=hours, choice=job.name) for label, hours in PAUSES]
    if paused is not None:
        hold = [Button(_("Resume"), "jresume", choice=job.name)]
    return Card(str(lines), ((Button(_("Run now"), "jrun", choice=job.name),), tuple(hold)))


def _named(who: Person, name: str) -> Job:
    """The job, where it is one of theirs: what looks after the installation is its own people's."""
    if name not in BY_NAME or not BY_NAME[name].runs_for(who.tenant):
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
