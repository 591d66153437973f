"""[Write] on a client's card: the team writes first, and the client can answer."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Person
from bot.kernel.card import Card
from bot.services import Services
from bot.support import cards
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import anything
from handlers.support.support import key_of, words_and_file

router = Router()
LETTER_STEP = "support.letter"


@router.button("letter", place=Place.PRIVATE)
async def ask_letter(who: Person, request: Request, services: Services) -> Card:
    """Ask for the message to the client; where something of theirs waits for an answer, show that."""
    client, waits = await services.support.team.to_write(who, request.subject)
    if waits is not None:
        return cards.for_team(waits, who)
    await conversations.ask(who, request, services, LETTER_STEP, {"client": client.id, "name": client.name})
    return cards.ask_letter(client)


@router.answer(LETTER_STEP, anything, cards.LETTER_OPEN, album=True)
async def written(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Send the client the message that was written."""
    words, file = words_and_file(request)
    thread = await services.support.team.write(who, data["client"], words, file=file, key=key_of(request))
    await conversations.end(who, request, services, "support")
    return Card() if request.later_of_album else cards.answer_sent(thread)
