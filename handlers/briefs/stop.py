"""/stop, and the Cancel of whatever asks something: a question that waits is dropped."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button

router = Router()
STOPPED = ("brief", "voice", "prompt")  # the dialogs whose question a Cancel ends


@router.command(
    "Stop the question I asked you",
    Permission.USE,
    example="/stop",
    place=Place.ANYWHERE,
    stops=True,
    rank=920,
)
@router.button("bstop", edit=True, place=Place.ANYWHERE, choices=("", *STOPPED))
async def stop(who: Person, request: Request, services: Services) -> Card:
    """Drop the question that waits, or the one that the button belongs to; nothing was sent."""
    tapped = request.source_key == ""
    if request.subject:
        raise old_button(_("/stop stops the question I asked you."))
    dialog = (request.choice or "brief") if tapped else None  # a Cancel of versions before named none within /brief
    ended = await conversations.end(who, request, services, dialog)
    if tapped and not ended:  # in a group, somebody else's card
        return Card(toast=_("There was nothing to stop"))
    return Card(_("Stopped. Nothing was sent.") if ended else _("There was nothing to stop."))
