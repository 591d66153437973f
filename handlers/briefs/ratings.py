"""How a client found the work: stars by a tap, and after few of them what is missing."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs import rating_cards
from bot.kernel.card import Card
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import words
from storage.core import conversations
from storage.engine.database import Transaction

router = Router()
MISSING_STEP = "rating.missing"


@router.button("rate", edit=True, place=Place.OWN)
async def rate(who: Person, request: Request, services: Services) -> Card:
    """The stars were tapped; a low rating asks what is missing, and a better one takes that question back."""
    who.require(Permission.SEE_OWN)
    card, revisable = await services.briefs.ratings.rate(who, request.subject, request.version)
    if revisable:
        data = {"brief": request.subject}
        await services.database.write(lambda tx: conversations.ask(tx, who, request.chat_id, MISSING_STEP, data))
    else:
        await _take_back(who, request, services)
    return card


@router.button("ratestop", edit=True, place=Place.OWN)
async def decline(who: Person, request: Request, services: Services) -> Card:
    """Few stars, and yet no revision."""
    who.require(Permission.SEE_OWN)
    card = await services.briefs.ratings.declined(who, request.subject)
    await _take_back(who, request, services)
    return card


async def _take_back(who: Person, request: Request, services: Services) -> None:
    """What is missing of the brief is no longer asked for."""

    async def work(tx: Transaction) -> None:
        waiting = await conversations.of_dialog(tx.connection, who, request.chat_id, "rating")
        if waiting is not None and waiting.data == {"brief": request.subject}:
            await conversations.end(tx, who, request.chat_id, "rating")

    await services.database.write(work)


@router.button("rateagain", edit=True, place=Place.OWN)
async def ask_again(who: Person, request: Request, services: Services) -> Card:
    """The stars are to be changed; until they are, the next message is no answer to what is missing."""
    who.require(Permission.SEE_OWN)
    await _take_back(who, request, services)
    return await services.briefs.ratings.question(who, request.subject)


@router.answer(MISSING_STEP, words, rating_cards.MISSING_OPEN)
async def missing_told(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """What is missing was written: the free revision begins."""
    card = await services.briefs.ratings.revise(who, data["brief"], request.text)
    await services.database.write(lambda tx: conversations.end(tx, who, request.chat_id, "rating"))
    return card
