"""/replay 1042: a brief's history, step by step."""

from dataclasses import replace

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.replay.cards import step_card
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("What happened to a brief, step by step", Permission.SEE_ALL, example="/replay 1042", rank=80)
async def replay(who: Person, request: Request, services: Services) -> Card:
    """Show the first step of the brief that is named."""
    named = request.text.strip().removeprefix("/brief_")
    if not named.isdecimal() or len(named) > 15:
        raise Refusal(_("Which brief? Write its number, for example: /replay 1042. /queue and /briefs list them."))
    return step_card(await services.replay.step(who, int(named), 1))


@router.subject("replay")
async def named(who: Person, request: Request, services: Services) -> Card:
    """Show a brief's history from its first step (/replay_1042)."""
    return step_card(await services.replay.step(who, request.subject, 1))


@router.button("replay")
async def step(who: Person, request: Request, services: Services) -> Card:
    """Show the step that the button names, in place of the one that is shown; from another card the first."""
    card = step_card(await services.replay.step(who, request.subject, request.version))
    return replace(card, place="edit") if request.version else card
