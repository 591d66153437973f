"""/prices: what each kind of work costs."""

from bot.access.model import TENANT, Permission, Person, Role
from bot.kernel.card import Card
from bot.prices import cards as price_cards
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("What each kind of work costs", None, example="/prices", place=Place.PRIVATE, rank=103)
async def prices(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show the prices that bind; to somebody whom nobody invited, where the settings say so."""
    if who.role is Role.STRANGER:
        told = services.settings.prices_for_strangers
        if not told:
            return price_cards.not_told()
    else:
        who.require(Permission.USE)
    return price_cards.prices((await services.tenants.over(services.settings, who.tenant or TENANT)).prices())
