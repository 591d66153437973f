"""/privacy: what is kept of somebody, their data as a file, and erasure after a day of second thoughts."""

from bot.access.model import Permission, Person, Role
from bot.consents import cards as consent_cards
from bot.kernel.card import Card
from bot.privacy import cards
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command(
    "What is kept about you, as a file, or erased", Permission.USE, example="/privacy", place=Place.PRIVATE, rank=108
)
@router.button("priv", edit=True, place=Place.PRIVATE)
async def privacy(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show what is kept about the person; to admins, who asked to be erased."""
    now = services.database.clock.now()
    if who.may(Permission.MANAGE_PEOPLE):
        found = await services.privacy.waiting(who)
        return cards.waiting([(one.erasure, one.person) for one in found], now)
    own = await services.privacy.own(who)
    where = consent_cards.region(await services.consents.own(who))
    return cards.overview(own.theirs, own.erasure, where, client=who.role is Role.CLIENT, now=now)


@router.button("privdata", place=Place.PRIVATE)
async def data(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Give the person's data: by a link where the pages have a public address, else as a file."""
    if (address := services.settings.public_url) is not None:
        return cards.link(f"{address}/my-data/{await services.privacy.link(who)}")
    document = await services.privacy.export(who)
    return Card(cards.exported(len(document.data)), document=document)


@router.button("privask", edit=True, place=Place.PRIVATE)
async def ask(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Say what would go and what would stay."""
    own = await services.privacy.own(who)
    if own.erasure is not None:
        return cards.asked(own.erasure, services.database.clock.now())
    return cards.preview(own.theirs)


@router.button("privyes", edit=True, place=Place.PRIVATE)
async def yes(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Have the person erased a day from now."""
    erasure = await services.privacy.ask(who)
    return cards.asked(erasure, services.database.clock.now())


@router.button("privstop", edit=True, place=Place.PRIVATE)
async def stop(who: Person, request: Request, services: Services) -> Card:
    """Keep everything after all."""
    return cards.stopped(await services.privacy.stop(who, request.subject))
