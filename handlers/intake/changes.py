"""[Change this] on delivered work: free, at a price, or asked of the team, as the settings say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.access.model import Person
from bot.feedback import change_cards as cards
from bot.feedback.changes import Offer, Way
from bot.feedback.ratings import check_missing
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from bot.support import cards as support_cards
from handlers.intake import briefs
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import words

router = Router()
WHAT_STEP = "change.what"
SAID_STEP = "change.said"  # it was said, and waits for a tap: no message answers it


@router.button("change", place=Place.PRIVATE)
async def ask(who: Person, request: Request, services: Services) -> Card:
    """Ask what should be different; the next message says it."""
    offer = await services.feedback.changes.offer(who, request.subject)
    await conversations.ask(who, request, services, WHAT_STEP, {"brief": offer.brief.id})
    return cards.ask(offer)


@router.button("changestop", edit=True, place=Place.PRIVATE)
async def leave(who: Person, request: Request, services: Services) -> Card:
    """Leave it as it is."""
    if not await conversations.take_back(who, request, services, "change", brief=request.subject):
        return conversations.over()
    return cards.left()


@router.answer(WHAT_STEP, words, cards.OPEN)
async def told(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep what was written, until a tap begins the change; where the team is asked, pass it on."""
    offer = await services.feedback.changes.offer(who, data["brief"])
    text = check_missing(request.text)
    if offer.way is Way.ASKED:
        about = await services.support.threads.about(who, brief_id=offer.brief.id)
        await services.support.threads.open(who, text, brief_id=offer.brief.id, key=request.source_key)
        await conversations.end(who, request, services, "change")
        return support_cards.sent(about, text)
    said = {"brief": offer.brief.id, "text": text, "source_key": request.source_key}
    await conversations.ask(who, request, services, SAID_STEP, said)
    return cards.confirm(offer, text)


@router.button(
    "changego",
    edit=True,
    place=Place.PRIVATE,
    choices=(Way.FREE, Way.PRICED),
    instead=N_("/brief_{subject} shows what can be changed."),
)
async def begin(who: Person, request: Request, services: Services) -> Card:
    """Begin it as it was offered; the button's version is the price in minor units."""
    said = await _said(who, request, services)
    seen = await services.feedback.changes.offer(who, request.subject)
    offer = Offer(seen.brief, Way(request.choice), Money(request.version, seen.brief.price.currency))
    made = await services.feedback.changes.begin(who, offer, said["text"], said["source_key"])
    await conversations.end(who, request, services, "change")
    return cards.begun(made.brief, made.revision)


@router.button("changenew", place=Place.PRIVATE)
async def take_back(who: Person, request: Request, services: Services) -> Card:
    """Take what was said, which was not about the brief, as it would have been taken without the question."""
    said = await _said(who, request, services)
    await conversations.end(who, request, services, "change")
    return await briefs.plain(who, replace(request, text=said["text"], source_key=said["source_key"]), services)


async def _said(who: Person, request: Request, services: Services) -> Mapping[str, Any]:
    conversation = await conversations.of_dialog(who, request, services, "change")
    if conversation is not None and conversation.step == SAID_STEP and conversation.data["brief"] == request.subject:
        return conversation.data
    raise Stale(_("I no longer have what you wrote. Tap Change this once more, and write it again."))
