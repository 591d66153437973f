"""/status: what waits for whoever asks, and how things stand."""

from bot.access.model import Permission, Person
from bot.invoices.model import Invoice
from bot.kernel.card import Card
from bot.reports import status_cards
from bot.services import Services
from handlers.reports import watch
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("What waits for you, and how things stand", Permission.USE, example="/status", rank=110)
@router.button("status", edit=True)
async def status(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show a client what waits for them and where their briefs are; the team what to do first, and the machinery."""
    stands = await services.reports.lists.standing(who)
    if stands.awaited is not None and await _fresh_links(list(stands.awaited.payable), services):
        stands = await services.reports.lists.standing(who)
    now = services.database.clock.now()
    if stands.awaited is not None:
        return status_cards.for_client(stands.awaited, stands.briefs, now)
    assert stands.machinery is not None
    decides, watched = who.may(Permission.DECIDE), await watch.watched(who, services)
    return status_cards.for_team(stands, stands.machinery, watched, str(services.version), now, decides=decides)


async def _fresh_links(invoices: list[Invoice], services: Services) -> bool:
    """Whether a link to pay by had expired, and another was asked for."""
    return await services.billing.invoices.settlement.fresh_links(invoices[: status_cards.SHOWN])
