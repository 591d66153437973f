"""A brief's card, in the chat where it is shown."""

from dataclasses import replace
from datetime import timedelta

from bot.access.model import Person
from bot.briefs import cards
from bot.briefs.model import Brief
from bot.drive.cards import open_button
from bot.intake.cards import deadline_labels
from bot.intake.service import Quoted
from bot.kernel.card import Card
from bot.kernel.translation import local
from bot.review import cards as review_cards
from bot.review.model import ReviewView
from bot.review.showing import Message
from bot.services import Services
from handlers.routing.request import Request


async def brief_card(
    who: Person, request: Request, services: Services, brief_id: int, *, wide: bool | None = None
) -> Card:
    """The brief as the person may see it there: in a group that is no team room, as its client sees it.

    wide: of a draft to decide on, with all of its buttons or with few; then it takes the place of the card that was
    tapped. None: it is a card of its own, which closes with the decision.
    """
    private = request.chat_id == who.telegram_id
    inside = private or (not request.public and await services.people.rooms.is_one(who.tenant, request.chat_id))
    view = await services.intake.briefs.view(who, brief_id)
    if isinstance(view, ReviewView):
        card = review_cards.review(view, who, wide=bool(wide))
        if wide is not None:
            return card
        message = Message(request.chat_id, request.topic, request.message_id)
        return replace(card, slot=await services.review.colleagues.opened(who, view.brief, message))
    now = services.database.clock.now()
    if isinstance(view, Quoted):
        return await services.intake.quotes.card(view.brief, view.attached)
    card = cards.details(view, who, now, inside=inside)
    link = await services.drive.link(who, view.brief)
    return replace(card, rows=(*card.rows, (open_button(link),))) if link else card


async def quote(services: Services, brief: Brief) -> Card:
    """The quote as it stands, of a brief that the person sees."""
    quotes = services.intake.quotes
    return await quotes.card(brief, await quotes.attached(brief))


async def offered_deadlines(who: Person, services: Services) -> dict[int, str]:
    """The labels of the deadlines that are offered, by the days from now."""
    hours = await services.tenants.office_hours(who.tenant)
    tomorrow = local(services.database.clock.now()).date() + timedelta(days=1)
    return deadline_labels(tomorrow=hours.works(tomorrow))
