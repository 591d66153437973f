"""Lists: /briefs, /invoices."""

from collections.abc import Sequence

from bot.access.model import Permission, Person
from bot.billing import cards as billing_cards
from bot.briefs import cards
from bot.kernel.card import Button, Card
from bot.kernel.translation import gettext as _
from bot.reports.lists import Billed, own
from bot.services import Services
from handlers.routing.paging import page
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
Row = tuple[Button, ...]


@router.command("Briefs, newest first", Permission.USE, example="/briefs", rank=40)
@router.button("briefs", edit=True)
async def briefs(who: Person, request: Request, services: Services) -> Card:
    """List the person's own briefs; everybody's for those who see them all."""
    rows, buttons = await page(
        request, "briefs", lambda which: services.reports.lists.briefs(who, which), lambda one: one.id
    )
    quotes = [] if request.subject else await services.reports.lists.quotes(who, cards.MOST_QUOTES)
    if not rows and not quotes:
        return Card(_("No briefs yet. Write what you need in one message, or take /brief."))
    title = _("Your briefs") if own(who) else _("Briefs")
    return cards.listing(title, rows, buttons, services.database.clock.now(), quotes)


@router.command("Invoices, newest first", Permission.USE, example="/invoices", rank=90)
@router.button("invoices", edit=True)
async def invoices(who: Person, request: Request, services: Services) -> Card:
    """List the person's own invoices; everybody's, with names, for those who see them all."""
    mine = own(who) is not None
    rows, buttons = await _invoices(who, request, services)
    if mine and await services.billing.invoices.settlement.fresh_links([one.invoice for one in rows]):
        rows, buttons = await _invoices(who, request, services)
    if not rows:
        return Card(_("No invoices yet. Each comes with the finished work, or when the team sends one."))
    title = _("Your invoices") if mine else _("Invoices")
    clients = {one.invoice.client_id: one.client for one in rows if one.client is not None}
    returned = {one.invoice.id: one.returned for one in rows if one.returned is not None}
    return billing_cards.listing(title, [one.invoice for one in rows], clients, returned, buttons)


async def _invoices(who: Person, request: Request, services: Services) -> tuple[Sequence[Billed], tuple[Row, ...]]:
    return await page(
        request, "invoices", lambda which: services.reports.lists.invoices(who, which), lambda one: one.invoice.id
    )
