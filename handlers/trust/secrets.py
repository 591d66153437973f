"""/secrets: how old each secret is; those that EchoPilot issues itself can be replaced here."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext
from bot.rotation import cards
from bot.rotation.model import NAMES, Own, Purpose
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
INSTEAD = N_("/secrets shows how old each key is.")


@router.command("Secrets, their age, and what replaces them", Permission.MANAGE_PEOPLE, example="/secrets",
                place=Place.PRIVATE, rank=153)  # fmt: skip
@router.button("secrets", edit=True, place=Place.PRIVATE)
async def secrets(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """List every secret by its name, and nothing of what it says."""
    found, now = await services.rotation.inventory(who), services.database.clock.now()
    return cards.inventory(found, now, services.settings.secret_days)


@router.button("secretshow", edit=True, place=Place.PRIVATE, choices=tuple(NAMES), instead=INSTEAD)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show one of EchoPilot's own, with what can be done."""
    return await _shown(who, request, services)


@router.button("secretturn", edit=True, place=Place.PRIVATE, choices=tuple(NAMES), instead=INSTEAD)
async def turn(who: Person, request: Request, services: Services) -> Card:
    """Replace it now; the one before counts for a while."""
    await services.rotation.turn(who, _purpose(request))
    return await _shown(who, request, services, _("It was replaced."))


@router.button("secretask", edit=True, place=Place.PRIVATE, choices=tuple(NAMES), instead=INSTEAD)
async def ask(who: Person, request: Request, services: Services) -> Card:
    """Ask once before what was made with older keys stops working."""
    own = await _own(who, request, services)
    return cards.ask(own.purpose, own.older) if own.older else await _shown(who, request, services)


@router.button("secretend", edit=True, place=Place.PRIVATE, choices=tuple(NAMES), instead=INSTEAD)
async def end(who: Person, request: Request, services: Services) -> Card:
    """End the older ones at once."""
    count = await services.rotation.end_older(who, _purpose(request))
    words = ngettext("{n} key of before was ended.", "{n} keys of before were ended.", count)
    return await _shown(who, request, services, words if count else "")


def _purpose(request: Request) -> Purpose:
    return NAMES[request.choice]


async def _own(who: Person, request: Request, services: Services) -> Own:
    found, wanted = await services.rotation.inventory(who), _purpose(request)
    return next((one for one in found.own if one.purpose is wanted), Own(wanted, None, None, 0, from_token=False))


async def _shown(who: Person, request: Request, services: Services, done: str = "") -> Card:
    own = await _own(who, request, services)
    return cards.shown(own, services.database.clock.now(), done)
