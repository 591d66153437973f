"""What somebody allows and where they live; and for admins, what a region's rules are here."""

from bot.access.model import Person
from bot.consents import cards
from bot.consents.model import ASKED, Purpose, Region
from bot.kernel.card import Card
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
INSTEAD = N_("/privacy shows what you allow, and where you live.")
SAID = (*(f"{purpose.value}-{said}" for purpose in ASKED for said in ("yes", "no")), f"{Purpose.SALE.value}-no")
CHANGES = ("refuse", "allow", *(str(days) for days in cards.DAYS))


@router.button("consents", edit=True, place=Place.PRIVATE)
async def consents(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show what the person allows."""
    return cards.choices(await services.consents.own(who))


@router.button("consent", edit=True, place=Place.PRIVATE, choices=SAID, instead=INSTEAD)
async def consent(who: Person, request: Request, services: Services) -> Card:
    """Keep what the person says to a purpose."""
    purpose, _dash, said = request.choice.partition("-")
    return cards.choices(await services.consents.say(who, Purpose(purpose), given=said == "yes"))


@router.button("regionask", edit=True, place=Place.PRIVATE)
async def ask_region(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Ask where the person lives."""
    return cards.where()


@router.button("region", edit=True, place=Place.PRIVATE, choices=tuple(Region), instead=INSTEAD)
async def region(who: Person, request: Request, services: Services) -> Card:
    """Keep where the person lives, and show what that makes of what they allow."""
    return cards.choices(await services.consents.choose_region(who, Region(request.choice)))


@router.button("regions", edit=True, place=Place.PRIVATE)
async def regions(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show admins every region's rules."""
    return cards.regions(await services.consents.standing(who))


@router.button("regrules", edit=True, place=Place.PRIVATE, choices=tuple(Region), instead=INSTEAD)
async def rules(who: Person, request: Request, services: Services) -> Card:
    """Show admins one region's rules."""
    return await _rules(who, Region(request.choice), services)


@router.button(
    "regrule",
    edit=True,
    place=Place.PRIVATE,
    choices=tuple(f"{region.value}-{change}" for region in Region for change in CHANGES),
    instead=INSTEAD,
)
async def change(who: Person, request: Request, services: Services) -> Card:
    """Change what holds for a region."""
    name, _dash, what = request.choice.partition("-")
    where = Region(name)
    if what in {"refuse", "allow"}:
        await services.consents.refuse(who, where, request.version or 0, refused=what == "refuse")
    else:
        await services.consents.keep_for(who, where, request.version or 0, int(what))
    return await _rules(who, where, services)


async def _rules(who: Person, where: Region, services: Services) -> Card:
    found = {one.region: one for one in await services.consents.standing(who)}
    return cards.rules(found[where], services.consents.provider)
