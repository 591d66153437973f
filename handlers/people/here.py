"""/here: a group becomes a team room, or is none any more."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.people import cards
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command(
    "Make this group a team room, or end that", Permission.BIND_ROOMS, example="/here", place=Place.ANYWHERE, rank=210
)
async def here(who: Person, request: Request, services: Services) -> Card:
    """Bind the group, or end that; says what that means for who reads along."""
    who.require(Permission.BIND_ROOMS)
    if request.chat_id == who.telegram_id:
        raise Refusal(
            _("Write /here in the group that should become a team room, or stop being one. Nothing was changed.")
        )
    if request.public and not await services.people.rooms.is_one(who.tenant, request.chat_id):
        raise Refusal(
            _(
                "This is a public group: anybody can read along. Make it private in its settings, then write /here "
                "again."
            )
        )
    title = request.chat_title or _("This group")
    bound = await services.people.rooms.toggle(who, request.chat_id, title, request.message_id)
    return cards.room_bound(title) if bound else cards.room_ended(title)
