"""A brief's card, in the chat where it is shown."""

from bot.access.model import Person
from bot.kernel.card import Card
from bot.services import Services
from handlers.routing.request import Request


async def brief_card(who: Person, request: Request, services: Services, brief_id: int) -> Card:
    """The brief as the person may see it there: in a group that is no team room, as its client sees it."""
    private = request.chat_id == who.telegram_id
    inside = private or (not request.public and await services.people.rooms.is_one(who.tenant, request.chat_id))
    return await services.intake.briefs.card(who, brief_id, inside=inside)
