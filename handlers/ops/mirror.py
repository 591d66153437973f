"""/mirror: what Notion shows of us, and what puts it right."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.mirror import standing_cards
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("The copy in Notion: what is behind, resync and repair", Permission.KEEP_MIRROR, example="/mirror",
                place=Place.PRIVATE, rank=152)  # fmt: skip
@router.button("mirror", edit=True, place=Place.PRIVATE)
async def mirror(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show how each database stands."""
    return standing_cards.card(await services.mirror.standing(who))


@router.button("nresync", edit=True, place=Place.PRIVATE)
async def resync(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Have every database be read, and what differs be written."""
    return standing_cards.card(
        await services.mirror.resync(who), _("The resync has begun. Refresh shows how far it is.")
    )


@router.button("nrepair", edit=True, place=Place.PRIVATE)
async def repair(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Have every database be made, or made as it should be."""
    standing = await services.mirror.repair(who)
    return standing_cards.card(standing, _("The repair has begun. What was missing there is told to you."))
