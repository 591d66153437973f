"""/invoice_1042: one invoice, and how it is voided or written off."""

from bot.access.model import Permission, Person
from bot.billing import cards, team_cards
from bot.billing.service import InvoiceView
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.subject("invoice")
@router.button("invoice", edit=True)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show an invoice (/invoice_1042): a client's own as they pay it, to the team with what can be done."""
    view = await services.billing.invoices.one(who, request.subject)
    own = not who.may(Permission.SEE_ALL)
    if own and await services.billing.invoices.settlement.fresh_links([view.invoice], receipts=True):
        view = await services.billing.invoices.one(who, request.subject)
    return _shown(who, view)


@router.button("ivoid", edit=True)
async def ask_to_void(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before it is voided."""
    view = await _seen(who, request, services)
    if not view.invoice.voidable:
        raise Stale(_("Invoice {number} changed since and cannot be voided.", number=view.invoice.id))
    return team_cards.ask_to_void(view.invoice, view.title)


@router.button("ivoidyes", edit=True)
async def void(who: Person, request: Request, services: Services) -> Card:
    """Have it voided."""
    await services.billing.invoices.void(who, request.subject, request.version)
    return _shown(who, await services.billing.invoices.one(who, request.subject))


@router.button("iwriteoff", edit=True)
async def ask_to_write_off(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before it is written off."""
    view = await _seen(who, request, services)
    if not view.invoice.can_be_written_off:
        raise Stale(_("Invoice {number} changed since and cannot be written off.", number=view.invoice.id))
    return team_cards.ask_to_write_off(view.invoice, view.title)


@router.button("iwriteoffyes", edit=True)
async def write_off(who: Person, request: Request, services: Services) -> Card:
    """Have it written off."""
    await services.billing.invoices.write_off(who, request.subject, request.version)
    return _shown(who, await services.billing.invoices.one(who, request.subject))


async def _seen(who: Person, request: Request, services: Services) -> InvoiceView:
    who.require(Permission.MAKE_INVOICES)
    view = await services.billing.invoices.one(who, request.subject)
    if view.invoice.version != request.version:
        command = f"/invoice_{request.subject}"
        raise Stale(_("Invoice {number} has changed. Look at it again: {command}",
                      number=request.subject, command=command))  # fmt: skip
    return view


def _shown(who: Person, view: InvoiceView) -> Card:
    if not who.may(Permission.SEE_ALL):
        return cards.looked_at(view.invoice, view.title, view.returned)
    may = who.may(Permission.MAKE_INVOICES)
    return team_cards.overview(view.invoice, view.lines, view.client, view.returned, may=may)
