"""/slo: how well the installation runs, as a picture and in words."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from bot.slo import cards, pictures
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Service levels", Permission.READ_REPORTS, example="/slo", rank=141)
async def levels(who: Person, request: Request, services: Services) -> Card:
    """Show how each service level stands; /slo turnaround shows that one from near."""
    if name := request.text.strip().lower():
        return await _closer(who, name, services)
    return await overview(who, request, services)


@router.button("slos", edit=True)
async def overview(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show how each service level stands."""
    found = await services.slo.levels.all_of(who)
    return await services.finance.charts.above(cards.overview(found), pictures.overview(found), "slo")


@router.button("slo", edit=True, choices=cards.NAMES, instead=N_("/slo shows how it stands."))
async def closer(who: Person, request: Request, services: Services) -> Card:
    """Show one of them from near."""
    return await _closer(who, request.choice, services)


async def _closer(who: Person, name: str, services: Services) -> Card:
    found = await services.slo.levels.closer(who, name)
    return await services.finance.charts.above(cards.closer(found), pictures.closer(found), name)
