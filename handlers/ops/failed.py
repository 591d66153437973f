"""/failed: what a fault stopped, what did not arrive, what is tried for long, and the buttons that have it go on."""

from collections.abc import Iterator
from datetime import datetime

from bot.access.model import Permission, Person
from bot.alerts.cards import named, named_within
from bot.alerts.stopped import Stops
from bot.billing import team_cards
from bot.briefs.model import Brief, State
from bot.kernel.card import Button, Card, Lines, first_lines
from bot.kernel.text.words import duration
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.ops import still_trying, undelivered
from handlers.routing.paging import page
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
SHOWN = 5
Listed = tuple[str, tuple[Button, ...]]  # a line, and what can be done about it
STOPPED = {
    State.QUEUED: N_("/brief_{brief} before drafting, {time} ago: {reason}"),
    State.DRAFTING: N_("/brief_{brief} while drafting, {time} ago: {reason}"),
    State.JUDGING: N_("/brief_{brief} while judging, {time} ago: {reason}"),
}


@router.command("Failures, to try again", Permission.DECIDE, example="/failed", rank=70)
@router.button("failed", edit=True)
async def failed(who: Person, request: Request, services: Services) -> Card:
    """List invoices and tasks that stopped, what is unbooked, stopped briefs, what did not arrive, what is tried."""
    now = services.database.clock.now()
    stops = Stops(now) if request.subject else await services.alerts.stopped.newest(who, SHOWN)
    briefs, paging = await page(
        request,
        "failed",
        lambda which: services.alerts.stopped.briefs(who, which),
        lambda brief: brief.id,
        rows=SHOWN,
    )
    missed, tried = undelivered.listed(stops), still_trying.listed(stops)
    ended = [*_invoices(stops), *_unbooked(stops), *_tasks(stops), *(_brief(brief, now) for brief in briefs)]
    if not ended and not missed and not tried:
        return Card(_("No failures to handle."))
    lines = Lines(_("Stopped by a fault") if ended else _("Not delivered") if missed else _("Still trying"))
    for line, __ in (listed := [*ended, *missed, *tried]):
        lines.add(line)
    return Card(str(lines), (*(buttons for __, buttons in listed), *paging))


def _invoices(stops: Stops) -> Iterator[Listed]:
    for invoice in stops.invoices:
        yield team_cards.stopped_in_one_line(invoice), (team_cards.anew_in_list(invoice),)


def _unbooked(stops: Stops) -> Iterator[Listed]:
    for mismatch in stops.unbooked:
        noted = Button(_("Noted {id}", id=mismatch.id), "mnoted", mismatch.id)
        yield team_cards.in_one_line(mismatch), (noted,)


def _tasks(stops: Stops) -> Iterator[Listed]:
    for row in stops.tasks:
        since, why = duration(stops.at - row.since), first_lines(row.reason, 120)
        line = _("{task}, {time} ago: {reason}", task=named(row.task), time=since, reason=why)
        yield line, (Button(_("Try again, {task}", task=named_within(row.task)), "tretry", row.id),)


def _brief(brief: Brief, now: datetime) -> Listed:
    said = STOPPED.get(brief.failed_from or State.QUEUED, N_("/brief_{brief}, {time} ago: {reason}"))
    why = first_lines(brief.reason or _("unknown"), 120)
    return (
        _(said, brief=brief.id, time=duration(now - brief.updated_at), reason=why),
        (
            Button(_("Retry {brief}", brief=brief.id), "retry", brief.id, brief.version),
            Button(_("Start {brief} over", brief=brief.id), "restart", brief.id, brief.version),
        ),
    )


@router.button("retry")
async def retry(who: Person, request: Request, services: Services) -> Card:
    """Have a brief go on with the step that failed."""
    brief = await services.briefs.failures.retry(who, request.subject, request.version)
    return Card(toast=_("Brief {brief} continues from where it stopped", brief=brief.id))


@router.button("restart")
async def restart(who: Person, request: Request, services: Services) -> Card:
    """Have a brief begin anew."""
    brief = await services.briefs.failures.restart(who, request.subject, request.version)
    return Card(toast=_("Brief {brief} starts over with a new draft", brief=brief.id))


@router.button("iretry")
async def retry_invoice(who: Person, request: Request, services: Services) -> Card:
    """Have Stripe asked again for an invoice that it refused."""
    invoice = await services.billing.invoices.retry(who, request.subject, request.version)
    return Card(toast=team_cards.is_asked_again(invoice))


@router.button("tretry")
async def retry_task(who: Person, request: Request, services: Services) -> Card:
    """Have a task that was given up tried anew."""
    row = await services.alerts.failed_tasks.retry(who, request.subject)
    return Card(toast=_("{task} is tried again", task=named(row.task)))


@router.button("mnoted")
async def noted(who: Person, request: Request, services: Services) -> Card:
    """Take note of what came from Stripe and was not booked."""
    await services.billing.invoices.note(who, request.subject)
    return Card(toast=_("Noted and taken off /failed"))
