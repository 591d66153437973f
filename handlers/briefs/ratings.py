"""How a client found the work: stars by a tap, and after few of them what is missing."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Permission, Person
from bot.feedback import rating_cards
from bot.feedback.ratings import check_missing
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import words

router = Router()
MISSING_STEP = "rating.missing"
SAID_STEP = "rating.said"  # what is missing was said, and waits for a tap: no message answers it


@router.button("rate", edit=True, place=Place.OWN)
async def rate(who: Person, request: Request, services: Services) -> Card:
    """Keep the stars that were tapped; few of them ask what is missing, and more take that question back."""
    who.require(Permission.SEE_OWN)
    rated = await services.feedback.ratings.rate(who, request.subject, request.version)
    if rated.revisable:
        await conversations.ask(who, request, services, MISSING_STEP, {"brief": request.subject})
    else:
        await _take_back(who, request, services)
    return rating_cards.rated(rated.brief, rated.stars, revisable=rated.revisable)


@router.button("ratestop", edit=True, place=Place.OWN)
async def decline(who: Person, request: Request, services: Services) -> Card:
    """Keep the few stars without beginning a revision."""
    who.require(Permission.SEE_OWN)
    rated = await services.feedback.ratings.decline(who, request.subject)
    await _take_back(who, request, services)
    return rating_cards.rated(rated.brief, rated.stars, revisable=rated.revisable)


async def _take_back(who: Person, request: Request, services: Services) -> None:
    """What is missing of the brief is no longer asked for."""
    await conversations.take_back(who, request, services, "rating", brief=request.subject)


@router.button("rateagain", edit=True, place=Place.OWN)
async def ask_again(who: Person, request: Request, services: Services) -> Card:
    """Offer the stars once more; until they are given, the next message is no answer to what is missing."""
    who.require(Permission.SEE_OWN)
    await _take_back(who, request, services)
    return rating_cards.question(await services.feedback.ratings.rateable(who, request.subject))


@router.answer(MISSING_STEP, words, rating_cards.MISSING_OPEN)
async def missing_told(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep what is missing; a tap begins the free revision, or says that it was something else."""
    brief = await services.feedback.ratings.check_revisable(who, data["brief"])
    check_missing(request.text)
    said = {"brief": brief.id, "text": request.text, "source_key": request.source_key}
    await conversations.ask(who, request, services, SAID_STEP, said)
    return rating_cards.confirm(brief, request.text)


@router.button("revise", edit=True, place=Place.OWN)
async def revise(who: Person, request: Request, services: Services) -> Card:
    """Begin the free revision with what was said."""
    said = await _said(who, request, services)
    revised = await services.feedback.ratings.revise(who, request.subject, said["text"])
    await conversations.end(who, request, services, "rating")
    return rating_cards.begun(revised.brief, revised.revision)


async def take_back(who: Person, request: Request, services: Services) -> Mapping[str, Any]:
    """Ask again for what is missing, as what was said was not about the brief; returns its text and source key."""
    said = await _said(who, request, services)
    await conversations.ask(who, request, services, MISSING_STEP, {"brief": request.subject}, after=True)
    return said


async def _said(who: Person, request: Request, services: Services) -> Mapping[str, Any]:
    conversation = await conversations.of_dialog(who, request, services, "rating")
    if conversation is not None and conversation.step == SAID_STEP and conversation.data["brief"] == request.subject:
        return conversation.data
    await services.feedback.ratings.check_revisable(who, request.subject)  # perhaps it has begun
    raise Stale(_("I no longer have what you wrote. Tap the stars once more, and write it again."))
