"""/incident: what goes wrong together, what was done about it, and the papers of it."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Permission, Person
from bot.incidents import cards
from bot.incidents.details import Details
from bot.kernel.card import Card
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_block

router = Router()
NOTE_STEP = "incident.note"
NOTE_OPEN = N_("Still open: your note on incident {incident}. Write it, or /stop.")


@router.command("Incidents, and opening one", Permission.WATCH, example="/incident", rank=143)
async def incident(who: Person, request: Request, services: Services) -> Card:
    """List the newest; with words behind it, open one."""
    if request.text.strip():
        return _card(await services.incidents.incidents.open(who, request.text))
    return cards.listing(await services.incidents.incidents.newest(who), services.database.clock.now())


@router.subject("incident")
async def one(who: Person, request: Request, services: Services) -> Card:
    """Show one (/incident_1001)."""
    return _card(await services.incidents.incidents.get(who, request.subject))


@router.button("itake", edit=True)
async def take(who: Person, request: Request, services: Services) -> Card:
    """Have the incident and its alerts: nobody is paged any more."""
    return _card(await services.incidents.incidents.take(who, request.subject, request.version))


@router.button("iclose", edit=True)
async def close(who: Person, request: Request, services: Services) -> Card:
    """Close the incident."""
    return _card(await services.incidents.incidents.close(who, request.subject, request.version))


@router.button("itimeline")
async def timeline(who: Person, request: Request, services: Services) -> Card:
    """Show all that happened, the oldest first."""
    of = await services.incidents.incidents.get(who, request.subject)
    return cards.whole_timeline(of.incident, of.happened)


@router.button("ipostmortem")
async def post_mortem(who: Person, request: Request, services: Services) -> Card:
    """Show a draft of the post-mortem, as a file."""
    of = await services.incidents.incidents.get(who, request.subject)
    return cards.post_mortem(of.incident, of.happened)


@router.button("inote", place=Place.PRIVATE)
async def ask_note(who: Person, request: Request, services: Services) -> Card:
    """Ask for a note on the incident."""
    of = await services.incidents.incidents.get(who, request.subject)
    await conversations.ask(who, request, services, NOTE_STEP, {"incident": of.incident.id})
    return cards.ask_note(of.incident)


@router.answer(NOTE_STEP, short_block, NOTE_OPEN)
async def noted(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Write the note into the incident's timeline."""
    of = await services.incidents.incidents.note(who, data["incident"], request.text)
    await conversations.end(who, request, services, "incident")
    return _card(of)


def _card(of: Details) -> Card:
    return cards.card(of.incident, of.alerts, of.happened, of.at)
