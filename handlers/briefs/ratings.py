"""How a client found the work: stars by a tap, and after few of them what is missing."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs import rating_cards
from bot.kernel.card import Card
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import words

router = Router()
MISSING_STEP = "rating.missing"


@router.button("rate", edit=True, place=Place.OWN)
async def rate(who: Person, request: Request, services: Services) -> Card:
    """The stars were tapped; a low rating asks what is missing, and a better one takes that question back."""
    who.require(Permission.SEE_OWN)
    rated = await services.briefs.ratings.rate(who, request.subject, request.version)
    if rated.revisable:
        await conversations.ask(who, request, services, MISSING_STEP, {"brief": request.subject})
    else:
        await _take_back(who, request, services)
    return rating_cards.rated(rated.brief, rated.stars, revisable=rated.revisable)


@router.button("ratestop", edit=True, place=Place.OWN)
async def decline(who: Person, request: Request, services: Services) -> Card:
    """Few stars, and yet no revision."""
    who.require(Permission.SEE_OWN)
    rated = await services.briefs.ratings.decline(who, request.subject)
    await _take_back(who, request, services)
    return rating_cards.rated(rated.brief, rated.stars, revisable=rated.revisable)


async def _take_back(who: Person, request: Request, services: Services) -> None:
    """What is missing of the brief is no longer asked for."""
    await conversations.take_back(who, request, services, "rating", {"brief": request.subject})


@router.button("rateagain", edit=True, place=Place.OWN)
async def ask_again(who: Person, request: Request, services: Services) -> Card:
    """The stars are to be changed; until they are, the next message is no answer to what is missing."""
    who.require(Permission.SEE_OWN)
    await _take_back(who, request, services)
    return rating_cards.question(await services.briefs.ratings.rateable(who, request.subject))


@router.answer(MISSING_STEP, words, rating_cards.MISSING_OPEN)
async def missing_told(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """What is missing was written: the free revision begins."""
    revised = await services.briefs.ratings.revise(who, data["brief"], request.text)
    await conversations.end(who, request, services, "rating")
    return rating_cards.begun(revised.brief, revised.revision)
