"""A draft's card: more of it, its whole text, notes for colleagues, handing it over, and the next one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs.model import State
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.review import colleague_cards
from bot.review.showing import Message
from bot.services import Services
from handlers.briefs.cards import brief_card
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import words

router = Router()
NOTE_STEP = "review.note"


@router.button("card", edit=True, choices=("more", "less"), instead=N_("/brief_{subject} shows the draft anew."))
async def more(who: Person, request: Request, services: Services) -> Card:
    """Show all that can be done with the draft, or only the few buttons that mostly are enough."""
    who.require(Permission.DECIDE)
    return await brief_card(who, request, services, request.subject, wide=request.choice == "more")


@router.button("read")
async def read(who: Person, request: Request, services: Services) -> Card:
    """Show the draft whole, in the chat where it fits."""
    who.require(Permission.DECIDE)
    brief, text = await services.intake.briefs.text(who, request.subject)
    may_decide = brief.state is State.IN_REVIEW and brief.client_id != who.id
    card = colleague_cards.whole(brief, text, services.drafting.file_of(brief, text), may_decide=may_decide)
    if not card.rows:
        return card
    message = Message(request.chat_id, request.topic, request.message_id)
    return replace(card, slot=await services.review.colleagues.opened(who, brief, message, whole=True))


@router.button("next")
async def following(who: Person, request: Request, services: Services) -> Card:
    """Show the next draft to decide on, the longest overdue first."""
    number = await services.review.queue.following(who, request.subject)
    if number is None:
        return Card(str(Lines(_("Nothing waits for a decision"))), ((Button(_("Open the queue"), "queue"),),))
    return await brief_card(who, request, services, number)


@router.button("note", place=Place.PRIVATE)
async def ask_for_note(who: Person, request: Request, services: Services) -> Card:
    """Ask for a note for colleagues; the next plain message is it."""
    brief = await services.review.colleagues.check(who, request.subject)
    await conversations.ask(who, request, services, NOTE_STEP, {"brief": brief.id})
    return colleague_cards.ask_for_note(brief)


@router.answer(NOTE_STEP, words, colleague_cards.NOTE_OPEN)
async def note(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the note that was written."""
    brief = await services.review.colleagues.note(who, data["brief"], request.text)
    await conversations.end(who, request, services, "review")
    return Card(_("Your note is on the card of brief {brief}. /brief_{brief}", brief=brief.id))


@router.button("handover", place=Place.PRIVATE)
async def ask_whom(who: Person, request: Request, services: Services) -> Card:
    """Offer everybody else who could decide on it."""
    return colleague_cards.ask_whom(*await services.review.colleagues.others(who, request.subject))


@router.button("handto", edit=True, place=Place.PRIVATE)
async def hand_over(who: Person, request: Request, services: Services) -> Card:
    """Hand the draft over to somebody else, whose number the button's version is."""
    brief, person = await services.review.colleagues.hand_over(who, request.subject, request.version)
    return Card(_("{name} has brief {brief} now, and was told.", name=escape(person.name), brief=brief.id))
