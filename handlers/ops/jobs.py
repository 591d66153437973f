"""What happens by itself, operated by chat: /jobs, and a card per job."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.access.model import Permission, Person
from bot.kernel.card import Button, Card, Lines, escape, first_lines, in_rows
from bot.kernel.errors import Refusal
from bot.kernel.text.words import clock, duration, in_a_row, moment
from bot.kernel.translation import date, ngettext, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.kept import read
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_words
from jobs.catalog import BY_NAME, GROUP_OF, GROUPS
from jobs.job import Job
from jobs.machinery import pauses
from jobs.machinery.until import LONGEST, until
from jobs.schedule import operating
from jobs.schedule.operating import Past, Pause, Run, Standing

router = Router()
ANEW = N_("/jobs lists the jobs; tap in the card of the one that you mean.")
UNTIL_STEP, REASON_STEP = "job.until", "job.reason"
UNTIL_OPEN = N_("Still open: until when the job is paused.")
REASON_OPEN = N_("Still open: the reason for the pause.")
PAUSES = ((N_("Pause 1 h"), 1), (N_("Pause 1 day"), 24), (N_("Pause 1 week"), 168))
TIME = "dd MMM HH:mm z"
SHOWN = 5  # runs on a job's card
IN_TROUBLE = 10  # jobs to look at that have a line each


@router.command("Scheduled jobs", Permission.RUN_JOBS, example="/jobs", rank=140)
@router.button("jobs", edit=True, choices=("", *(group.name for group in GROUPS)))
async def jobs(who: Person, request: Request, services: Services) -> Card:
    """List what failed or is late, then the jobs of a group with their last and next runs."""
    now = services.database.clock.now()
    found = await operating.all_of(who, services)
    troubled = [one for one in found if one.trouble is not None]
    groups = [group for group in GROUPS if any(GROUP_OF[one.job.name] is group for one in found)]
    group = next((group for group in groups if group.name == request.choice), groups[0])
    lines = Lines(_headline(len(found), len(troubled)))
    for one in troubled[:IN_TROUBLE]:
        lines.add(_to_look_at(one, now))
    if len(troubled) > IN_TROUBLE:
        more = len(troubled) - IN_TROUBLE
        lines.add(ngettext("and {n} more", "and {n} more", more))
    lines.add(f"<b>{escape(_(group.title))}</b>")
    for one in found:
        if GROUP_OF[one.job.name] is group:
            lines.add(_listed(one, now))
    others = [Button(_(other.title), "jobs", choice=other.name) for other in groups if other is not group]
    refresh = Button(_("Refresh"), "jobs", choice=group.name)
    return Card(str(lines.add(_("As of {time}", time=clock(now)))), (*in_rows(others), (refresh,)))


def _headline(jobs: int, troubled: int) -> str:
    all_of_them = ngettext("{n} job", "{n} jobs", jobs)
    if not troubled:
        return _("{jobs} · All in order", jobs=all_of_them)
    return ngettext("{jobs} · {n} to look at", "{jobs} · {n} to look at", troubled, jobs=all_of_them)


def _to_look_at(one: Standing, now: datetime) -> str:
    job = f"/job_{one.job.name}"
    if one.paused is not None:
        return _paused(_("{job} is paused", job=job), one.paused, one.by)
    if one.late is not None:
        return _("{job} is late by {time}", job=job, time=duration(now - one.late))
    assert one.last is not None
    why = first_lines(read(one.last.result or ""), 100)
    # Translators: {state} is such as "failed" or "missed".
    return _("{job} {state} at {time}: {why}", job=job, state=operating.in_words(one.last.state),
             time=clock(one.last.scheduled_at), why=why)  # fmt: skip


def _listed(one: Standing, now: datetime) -> str:
    after = _("next in {time}", time=duration(one.following - now)) if one.following else _("no next run")
    if one.paused is not None:
        after = _("paused until {time}", time=moment(one.paused.until))
    return in_a_row((f"/job_{one.job.name} {operating.how(one.last)}", after))


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


@router.button("jpause", choices=BY_NAME, instead=ANEW)
async def ask_reason(who: Person, request: Request, services: Services) -> Card:
    """Ask why the job is to be paused for the hours that the button says."""
    who.require(Permission.RUN_JOBS)
    job = _named(who, request.choice)
    await conversations.ask(who, request, services, REASON_STEP, {"job": job.name, "hours": request.version})
    return _ask_reason(job, _("Pause {job}?", job=job.name))


@router.button("juntil", choices=BY_NAME, instead=ANEW)
async def ask_until(who: Person, request: Request, services: Services) -> Card:
    """Ask until when the job is to be paused."""
    who.require(Permission.RUN_JOBS)
    job = _named(who, request.choice)
    await conversations.ask(who, request, services, UNTIL_STEP, {"job": job.name})
    lines = Lines(_("Pause {job} until when?", job=job.name)).add(escape(_(job.summary)))
    lines.add(_("Write a time by your clock: 18:00, tomorrow 9:00, Friday, 2026-12-24 08:00, or 3 h."))
    return Card(str(lines.add(_("At most {n} days. /stop to leave it.", n=LONGEST.days))))


@router.answer(UNTIL_STEP, short_words, UNTIL_OPEN)
async def until_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Ask why the job is to be paused until the time that was given."""
    who.require(Permission.RUN_JOBS)
    job, at = _named(who, data["job"]), until(request.text, services.database.clock.now())
    await conversations.ask(who, request, services, REASON_STEP, {"job": job.name, "until": at.isoformat()})
    return _ask_reason(job, _("Pause {job} until {time}?", job=job.name, time=moment(at)))


def _ask_reason(job: Job, headline: str) -> Card:
    lines = Lines(headline).add(escape(_(job.summary)))
    if job.vital:
        lines.add(_("Nothing else does this, so you and the other admins are reminded until it runs again."))
    lines.add(
        _("Write the reason in a few words; the admins will read it. Until then nothing changes; /stop to leave it.")
    )
    return Card(str(lines))


@router.answer(REASON_STEP, short_words, REASON_OPEN)
async def reason_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Pause the job, with the reason that was given."""
    job, now = _named(who, data["job"]), services.database.clock.now()
    at = datetime.fromisoformat(data["until"]) if "until" in data else now + timedelta(hours=data["hours"])
    await pauses.pause(who, services, job, at, request.text)
    await conversations.end(who, request, services, "job")
    return await _card(who, job, services)


@router.button("jresume", edit=True, choices=BY_NAME, instead=ANEW)
async def resume(who: Person, request: Request, services: Services) -> Card:
    """End the job's pause."""
    job = _named(who, request.choice)
    await pauses.resume(who, services, job)
    return await _card(who, job, services)


async def _card(who: Person, job: Job, services: Services) -> Card:
    stands, past, others = await operating.one(who, services, job)
    lines = Lines(_("Job {job}", job=job.name)).add(escape(_(job.summary)))
    following = stands.following
    lines.add(_("Next at {time}", time=date(following, TIME)) if following else _("No next run"))
    if stands.late is not None:
        late = services.database.clock.now() - stands.late
        lines.add(_("Late by {time}. Is a worker running, and does it have room?", time=duration(late)))
    if stands.paused is not None:
        lines.add(_paused(_("Paused"), stands.paused, stands.by))
    for line in (*_runs(past), *_of_others(others)):
        lines.add(line)
    group = Button(_("All jobs"), "jobs", choice=GROUP_OF[job.name].name)
    first = (Button(_("Run now"), "jrun", choice=job.name),)
    return Card(str(lines), (first, *_holds(job, paused=stands.paused is not None), (group,)))


def _holds(job: Job, *, paused: bool) -> tuple[tuple[Button, ...], ...]:
    if paused:
        return ((Button(_("Resume"), "jresume", choice=job.name),),)
    pauses = tuple(Button(_(label), "jpause", version=hours, choice=job.name) for label, hours in PAUSES)
    return pauses, (Button(_("Pause until…"), "juntil", choice=job.name),)


def _runs(past: Past) -> Iterable[str]:
    if past.ended:
        said = {"usual": duration(past.usual), "longest": duration(max(past.ended))}
        yield ngettext(
            "{n} run: usually {usual}, longest {longest}; {failed} failed",
            "{n} runs: usually {usual}, longest {longest}; {failed} failed",
            len(past.ended),
            failed=number(past.failed),
            **said,
        )
    for one in past.runs[:SHOWN]:
        at, said_of_it = date(one.scheduled_at, TIME), first_lines(read(one.result or ""), 120)
        yield _("{time}: {state}. {result}", time=at, state=operating.how(one), result=said_of_it)


def _of_others(runs: Sequence[Run]) -> Iterable[str]:
    for one in runs:  # what came of it is their business alone
        at, state = date(one.scheduled_at, TIME), operating.in_words(one.state)
        yield _("{tenant}, {time}: {state}", tenant=escape(one.tenant), time=at, state=state)


def _paused(what: str, pause: Pause, by: str) -> str:
    said = {"what": what, "time": moment(pause.until), "name": escape(by)}
    if not pause.reason:
        return _("{what} until {time} by {name}", **said)
    return _("{what} until {time} by {name}: {reason}", reason=first_lines(read(pause.reason), 100), **said)


def _named(who: Person, name: str) -> Job:
    """The job, where it is one of theirs: what looks after the installation is its own people's."""
    if name not in BY_NAME or not BY_NAME[name].runs_for(who.tenant):
        raise Refusal(_("There is no job “{name}”. /jobs lists them.", name=name))
    return BY_NAME[name]
