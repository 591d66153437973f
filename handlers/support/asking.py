"""[Ask the client] on a review card: the question goes to the client, and the draft waits for their answer."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Person
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.services import Services
from bot.support import cards
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import words

router = Router()
QUESTION_STEP = "support.question"


@router.button("askclient", place=Place.PRIVATE)
async def ask_question(who: Person, request: Request, services: Services) -> Card:
    """Ask what the client is to be asked; the next message is it."""
    brief = (await services.review.decisions.check_open(who, request.subject, request.version))[0]
    data = {"brief": brief.id, "version": request.version}
    await conversations.ask(who, request, services, QUESTION_STEP, data)
    return cards.ask_question(brief.id, brief.title)


@router.answer(QUESTION_STEP, words, cards.QUESTION_OPEN)
async def asked(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Send the client the question that was written."""
    await services.support.team.ask_client(who, data["brief"], data["version"], request.text, key=request.source_key)
    await conversations.end(who, request, services, "support")
    return Card(_("The client of brief {brief} was asked; a new draft comes with the answer.", brief=data["brief"]))
