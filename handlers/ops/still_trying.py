"""The part of /failed for what is still tried: by a tap it is tried at once, or given up."""

from datetime import datetime

from bot.access.model import Person
from bot.alerts.cards import KINDS, named
from bot.alerts.late_messages import late_before
from bot.kernel.card import Button, Card, escape, first_lines
from bot.kernel.words import count, duration
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router
from jobs.giving_up import Watcher
from storage.core import late_messages
from storage.engine.connection import Connection
from storage.queue import failed_tasks

router = Router()
Row = tuple[Button, ...]


async def listed(connection: Connection, tenant: str, now: datetime, limit: int) -> list[tuple[str, Row]]:
    """A line and its buttons for each task, and for each destination to which something is late."""
    found: list[tuple[str, Row]] = []
    for task in await failed_tasks.newest(connection, tenant, limit, trying=True):
        what = named(task.task)
        line = f"{what}, still trying, told {duration(now - task.since)} ago: {first_lines(task.reason, 120)}"
        found.append((line, _buttons(f"{what[0].lower()}{what[1:]}", "tnow", "tstop", task.id)))
    for late in await late_messages.late(connection, tenant, late_before(now), limit):
        kind = KINDS.get(late.channel, late.channel).lower()
        what = f"{count(late.count, kind)} to {escape(late.destination)}"
        line = f"{what}, still trying for {duration(now - late.since)}: {first_lines(late.reason, 120)}"
        found.append((line, _buttons(f"{kind} {late.id}", "onow", "ostop", late.id)))
    return found


def _buttons(what: str, now: str, stop: str, subject: int) -> Row:
    return Button(f"Try now, {what}", now, subject), Button("Give up", stop, subject)


@router.button("tnow")
async def task_now(who: Person, request: Request, services: Services) -> Card:
    """Have a task tried at once that waits for its next try."""
    row = await services.alerts.failed_tasks.hurry(who, request.subject)
    return Card(toast=f"{named(row.task)} is tried now")


@router.button("tstop")
async def stop_task(who: Person, request: Request, services: Services) -> Card:
    """Give a task up: it waits in /failed, and is not tried by itself any more."""
    row = await services.alerts.failed_tasks.tried(who, request.subject)
    await Watcher(services).given_up(row.task, f"given up by {who.name}; last words: {row.reason}")
    await services.alerts.failed_tasks.stop(who, row.task)
    return Card(toast=f"{named(row.task)} is not tried any more. /failed has it go on.")


@router.button("onow")
async def messages_now(who: Person, request: Request, services: Services) -> Card:
    """Have what is late for one destination tried at once."""
    number = await services.alerts.late_messages.hurry(who, request.subject)
    return Card(toast=f"Tried now: {number}")


@router.button("ostop")
async def stop_messages(who: Person, request: Request, services: Services) -> Card:
    """Give up what is late for one destination."""
    number = await services.alerts.late_messages.stop(who, request.subject)
    return Card(toast=f"Given up: {number}. What comes next for them is tried.")
