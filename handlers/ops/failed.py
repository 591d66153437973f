"""/failed: what a fault stopped, what did not arrive, what is tried for long, and the buttons that have it go on."""

from bot.access.model import Permission, Person
from bot.alerts.cards import named, named_within
from bot.billing import team_cards
from bot.briefs.model import State
from bot.kernel.card import Button, Card, Lines, first_lines
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.words import duration
from bot.services import Services
from handlers.ops import still_trying, undelivered
from handlers.routing.paging import page
from handlers.routing.request import Request
from handlers.routing.router import Router
from storage.billing import invoices as invoice_rows
from storage.billing import mismatches as billing_mismatches
from storage.briefs import briefs as brief_rows
from storage.queue import failed_tasks as task_rows

router = Router()
SHOWN = 5
STOPPED = {
    State.QUEUED: N_("/brief_{brief} before drafting, {time} ago: {reason}"),
    State.DRAFTING: N_("/brief_{brief} while drafting, {time} ago: {reason}"),
    State.JUDGING: N_("/brief_{brief} while judging, {time} ago: {reason}"),
}


@router.command("What a fault stopped, to retry", Permission.DECIDE, example="/failed", rank=70)
@router.button("failed", edit=True)
async def failed(who: Person, request: Request, services: Services) -> Card:
    """Invoices and tasks that stopped, what is unbooked, stopped briefs, what did not arrive, then what is tried."""
    who.require(Permission.DECIDE)
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        refused = await invoice_rows.failed(connection, who.tenant, SHOWN) if not request.subject else []
        given_up = await task_rows.newest(connection, who.tenant, SHOWN) if not request.subject else []
        unbooked = await billing_mismatches.waiting(connection, who.tenant, SHOWN) if not request.subject else []
        missed = await undelivered.listed(connection, who.tenant, SHOWN) if not request.subject else []
        tried = await still_trying.listed(connection, who.tenant, now, SHOWN) if not request.subject else []
        stopped, paging = await page(
            request,
            "failed",
            lambda which: brief_rows.page(connection, who.tenant, which, states=[State.FAILED]),
            lambda brief: brief.id,
            rows=SHOWN,
        )
    ended = refused or unbooked or given_up or stopped
    if not ended and not missed and not tried:
        return Card(_("Nothing failed that waits for you."))
    headline = _("Stopped by a fault") if ended else _("Not delivered") if missed else _("Still trying")
    lines = Lines(headline)
    rows: list[tuple[Button, ...]] = []
    for invoice in refused:
        lines.add(team_cards.stopped_in_one_line(invoice))
        rows.append((team_cards.anew_in_list(invoice),))
    for mismatch in unbooked:
        lines.add(team_cards.in_one_line(mismatch))
        rows.append((Button(_("Noted {id}", id=mismatch.id), "mnoted", mismatch.id),))
    for row in given_up:
        since, why = duration(now - row.since), first_lines(row.reason, 120)
        lines.add(_("{task}, {time} ago: {reason}", task=named(row.task), time=since, reason=why))
        rows.append((Button(_("Try again, {task}", task=named_within(row.task)), "tretry", row.id),))
    for brief in stopped:
        said = STOPPED.get(brief.failed_from or State.QUEUED, N_("/brief_{brief}, {time} ago: {reason}"))
        why = first_lines(brief.reason or _("unknown"), 120)
        lines.add(_(said, brief=brief.id, time=duration(now - brief.updated_at), reason=why))
        rows.append(
            (
                Button(_("Retry {brief}", brief=brief.id), "retry", brief.id, brief.version),
                Button(_("{brief} from the start", brief=brief.id), "restart", brief.id, brief.version),
            )
        )
    for line, buttons in [*missed, *tried]:
        lines.add(line)
        rows.append(buttons)
    return Card(str(lines), (*rows, *paging))


@router.button("retry")
async def retry(who: Person, request: Request, services: Services) -> Card:
    """Have a brief go on with the step that failed."""
    brief = await services.briefs.failures.retry(who, request.subject, request.version)
    return Card(toast=_("Brief {brief} goes on from where it stopped", brief=brief.id))


@router.button("restart")
async def restart(who: Person, request: Request, services: Services) -> Card:
    """Have a brief begin anew."""
    brief = await services.briefs.failures.restart(who, request.subject, request.version)
    return Card(toast=_("Brief {brief} begins with a new first draft", brief=brief.id))


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
    return Card(toast=_("Noted; it leaves /failed"))
