"""Lists: /briefs, /invoices, /status."""

from bot.access.model import TENANT, Permission, Person
from bot.areas import TABLES
from bot.billing import cards as billing_cards
from bot.briefs import cards
from bot.briefs.model import OPEN_STATES, STATE_WORDS, State
from bot.flags import cards as flag_cards
from bot.invoices.model import Invoice
from bot.kernel.card import Button, Card, Lines
from bot.kernel.words import clock, count, duration
from bot.mirror.notices import mirror_lines
from bot.services import Services
from handlers.ops import still_trying
from handlers.routing.paging import page
from handlers.routing.request import Request
from handlers.routing.router import Router
from storage.billing import invoices as invoice_rows
from storage.billing import mismatches as billing_mismatches
from storage.briefs import briefs as brief_rows
from storage.core import outbox
from storage.queue import failed_tasks

router = Router()


@router.command("Briefs, newest first", Permission.USE, example="/briefs", rank=40)
@router.button("briefs", edit=True)
async def briefs(who: Person, request: Request, services: Services) -> Card:
    """The person's own briefs; everybody's for those who see them all."""
    own = _own(who)
    async with services.database.reading() as connection:
        rows, buttons = await page(
            request,
            "briefs",
            lambda which: brief_rows.page(connection, who.tenant, which, own),
            lambda brief: brief.id,
        )
        invoiced = await invoice_rows.invoices_of(connection, [brief.id for brief in rows])
    if not rows:
        return Card("No briefs yet. Write what you need in one message, or take /brief.")
    title = "Your briefs" if own else "Briefs"
    return cards.listing(title, rows, invoiced, buttons, services.database.clock.now())


@router.command("Invoices, newest first", Permission.USE, example="/invoices", rank=90)
@router.button("invoices", edit=True)
async def invoices(who: Person, request: Request, services: Services) -> Card:
    """The person's own invoices; everybody's, with names, for those who see them all."""
    own = _own(who)
    rows, buttons, clients = await _invoices(who, request, services, own)
    if own is not None and await services.billing.invoices.settlement.fresh_links(rows):
        rows, buttons, clients = await _invoices(who, request, services, own)
    if not rows:
        return Card("No invoices yet. Each comes with the finished work.")
    return billing_cards.listing("Your invoices" if own else "Invoices", rows, clients, buttons)


async def _invoices(
    who: Person, request: Request, services: Services, own: int | None
) -> tuple[list[Invoice], tuple[tuple[Button, ...], ...], dict[int, str]]:
    async with services.database.reading() as connection:
        rows, buttons = await page(
            request,
            "invoices",
            lambda which: invoice_rows.invoice_page(connection, who.tenant, which, own),
            lambda invoice: invoice.id,
        )
        ids = {invoice.client_id for invoice in rows} if own is None else set()
        return list(rows), buttons, await brief_rows.client_names(connection, who.tenant, ids)


@router.command("How things stand right now", Permission.USE, example="/status", rank=110)
async def status(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """How things stand: to a client with their briefs, to the team with everybody's and the machinery."""
    own = _own(who)
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        counts = await brief_rows.count_by_state(connection, who.tenant, [*OPEN_STATES, State.FAILED], own)
        oldest = None if own else await brief_rows.longest_in_review(connection, who.tenant)
        failed = 0 if own else await failed_tasks.count(connection, who.tenant)
        tried = 0 if own else await still_trying.counted(connection, who.tenant, now)
        unnoted = 0 if own else await billing_mismatches.count(connection, who.tenant)
        sending = await outbox.counts(connection, who.tenant)
        mirror = [] if own else await mirror_lines(connection, who.tenant, TABLES.values())
    switched = [] if own else await services.flags.not_on(who.tenant)
    late, given_up = (sum(n for (_, state), n in sending.items() if state == of) for of in ("waiting", "undeliverable"))
    stopped = counts.get(State.FAILED, 0) + failed
    fine = "All is well" if not mirror else "Notion is not kept up to date"
    fine = "Not everything is switched on" if switched else fine
    lines = Lines(f"{stopped} stopped by a fault" if stopped else fine)
    for state, number in counts.items():
        lines.add(f"{STATE_WORDS[state]}: {number}")
    if not counts:
        lines.add("No brief is under way.")
    if oldest is not None:
        lines.add(f"Oldest decision: /brief_{oldest.id}, waits {duration(now - oldest.since)}")
    for line in [*map(flag_cards.in_one_line, switched), *mirror]:
        lines.add(line)
    if failed:
        lines.add(f"Given up: {count(failed, 'task')}. /failed has them go on.")
    if tried:
        lines.add(f"Still trying: {tried}. /failed has them tried at once, or given up.")
    if unnoted:
        lines.add(f"From Stripe, not booked: {unnoted}, see /failed")
    if own is None:
        tasks = await services.queue.waiting() if who.tenant == TENANT else 0  # a task says nothing of whose it is
        lines.add(f"{count(tasks, 'task')} and {count(late, 'message')} on their way · version {services.version}")
        if given_up:
            lines.add(f"{count(given_up, 'message')} could not be delivered, see /failed")
    return Card(str(lines.add(f"As of {clock(now)}")))


def _own(who: Person) -> int | None:
    """The client to whom lists are narrowed; None for those who see everything."""
    if who.may(Permission.SEE_ALL):
        return None
    who.require(Permission.SEE_OWN)
    return who.id
