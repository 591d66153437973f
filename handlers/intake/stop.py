"""/stop, and the Cancel of whatever asks something: a question that waits is dropped."""

from collections.abc import Awaitable, Callable, Mapping

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.services import Services
from handlers.intake import guided, voice
from handlers.money import billing, invoicing, refunds
from handlers.prompts import prompts
from handlers.routing import conversations
from handlers.routing.conversations import Conversation
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button

router = Router()
STOPPED = ("brief", "voice", "prompt", "invoice")  # the dialogs whose question a Cancel ends
AskAgain = Callable[[Person, Request, Services, Conversation], Awaitable[Card]]
# How a question is shown again whose stop is undone; of other dialogs its card still stands above.
AGAIN: Mapping[str, AskAgain] = {
    "brief": guided.asked_again,
    "voice": voice.asked_again,
    "prompt": prompts.asked_again,
    "billing": billing.asked_again,
    "invoice": invoicing.asked_again,
    "refund": refunds.asked_again,
}


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
    card = await conversations.stop(who, request, services, _("Stopped. Nothing was sent."), dialog)
    if card is not None:
        return card
    if tapped:  # in a group, somebody else's card
        return Card(toast=_("There was nothing to stop"))
    return Card(_("There was nothing to stop."))


@router.button("unstop", edit=True, place=Place.ANYWHERE)
async def undo(who: Person, request: Request, services: Services) -> Card:
    """Have the question that was stopped wait again, and show it where that can be done."""
    question = await conversations.take_up(who, request, services)
    if question.dialog in AGAIN:
        return await AGAIN[question.dialog](who, request, services, question)
    return Card(_("Undone: what I asked waits for your answer again."))
