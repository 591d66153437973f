"""/duty: who is paged first, and handing that over with a note on the shift."""

from bot.access.model import Permission, Person
from bot.incidents import duty_cards
from bot.incidents.duty import Roster
from bot.kernel.card import Card
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Who is on duty, and handing over", Permission.WATCH, example="/duty", rank=144)
async def duty(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show who is on duty."""
    return _card(who, await services.incidents.duty.roster(who))


@router.button("dutyon", edit=True)
async def begin(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Begin one's duty, in the first place that is free."""
    return _card(who, await services.incidents.duty.begin(who))


@router.button("dutyoff", edit=True)
async def leave(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """End one's duty."""
    return _card(who, await services.incidents.duty.leave(who))


@router.button("dutyto", edit=True)
async def hand_over(who: Person, request: Request, services: Services) -> Card:
    """Offer one's place to the person, with a note on the shift."""
    to = await services.incidents.duty.hand_over(who, request.subject)
    return duty_cards.handing_over(to.name)


@router.button("dutytake", edit=True)
async def take(who: Person, request: Request, services: Services) -> Card:
    """Take the place over that was offered."""
    return _card(who, await services.incidents.duty.accept(who, request.subject))


def _card(who: Person, of: Roster) -> Card:
    return duty_cards.roster(who, of.on_duty, of.team, of.at)
