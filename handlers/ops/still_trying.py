"""The part of /failed for what is still tried: by a tap it is tried at once, or given up."""

from bot.access.model import Person
from bot.alerts.cards import named, named_within, several_to
from bot.alerts.stopped import Stops
from bot.kernel.card import Button, Card, escape, first_lines
from bot.kernel.text.words import duration
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router
from jobs.worker.giving_up import Watcher

router = Router()
Row = tuple[Button, ...]
NOW = {
    "telegram": N_("Try now, message {id}"),
    "mail": N_("Try now, mail {id}"),
    "notion": N_("Try now, Notion row {id}"),
    "drive": N_("Try now, file {id}"),
    "partners": N_("Try now, message to a program {id}"),
}


def listed(stops: Stops) -> list[tuple[str, Row]]:
    """A line and its buttons for each task, and for each destination to which something is late."""
    found: list[tuple[str, Row]] = []
    for task in stops.tried:
        line = _(
            "{task}, still trying, told {time} ago: {reason}",
            task=named(task.task),
            time=duration(stops.at - task.since),
            reason=first_lines(task.reason, 120),
        )
        try_now = _("Try now, {task}", task=named_within(task.task))
        found.append((line, _buttons(try_now, "tnow", "tstop", task.id)))
    for late in stops.late:
        line = _(
            "{messages}, still trying for {time}: {reason}",
            messages=several_to(late.channel, late.count, escape(late.destination)),
            time=duration(stops.at - late.since),
            reason=first_lines(late.reason, 120),
        )
        try_now = _(NOW.get(late.channel, N_("Try now, {id}")), id=late.id)
        found.append((line, _buttons(try_now, "onow", "ostop", late.id)))
    return found


def _buttons(try_now: str, now: str, stop: str, subject: int) -> Row:
    return Button(try_now, now, subject), Button(_("Give up"), stop, subject)


@router.button("tnow")
async def task_now(who: Person, request: Request, services: Services) -> Card:
    """Have a task tried at once that waits for its next try."""
    row = await services.alerts.failed_tasks.hurry(who, request.subject)
    return Card(toast=_("{task} is tried now", task=named(row.task)))


@router.button("tstop")
async def stop_task(who: Person, request: Request, services: Services) -> Card:
    """Give a task up: it waits in /failed, and is not tried by itself any more."""
    row = await services.alerts.failed_tasks.tried(who, request.subject)
    await Watcher(services).given_up(row.task, f"given up by {who.name}; last words: {row.reason}")
    await services.alerts.failed_tasks.stop(who, row.task)
    return Card(toast=_("{task} was given up. To resume it: /failed", task=named(row.task)))


@router.button("onow")
async def messages_now(who: Person, request: Request, services: Services) -> Card:
    """Have what is late for one destination tried at once."""
    number = await services.alerts.late_messages.hurry(who, request.subject)
    return Card(toast=_("Tried now: {n}", n=number))


@router.button("ostop")
async def stop_messages(who: Person, request: Request, services: Services) -> Card:
    """Give up what is late for one destination."""
    number = await services.alerts.late_messages.stop(who, request.subject)
    return Card(toast=_("Given up: {n}. The next one to them is tried again.", n=number))
