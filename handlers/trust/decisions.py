"""/decisions: what was proposed, and who adopted or declined it, and why."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.access.model import Permission, Person
from bot.decisions import cards
from bot.kernel.card import Card
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.paging import page
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_block

router = Router()
REASON_STEP = "proposal.reason"
CHOICES = ("", *cards.STATES)


@router.command("Proposals, and who decided what and why", Permission.READ_REPORTS, example="/decisions",
                place=Place.PRIVATE, rank=154)  # fmt: skip
@router.button("decisions", edit=True, place=Place.PRIVATE, choices=CHOICES)
async def decisions(who: Person, request: Request, services: Services) -> Card:
    """List proposals, newest first: all, or those in the state that the button or the word behind the command names."""
    state = cards.STATES.get(request.choice or request.text.strip().casefold())
    found, turns = await page(
        request,
        "decisions",
        lambda which: services.decisions.page(who, which, state),
        lambda one: one.id,
        state or "",
    )
    return cards.listing(found, state, turns)


@router.subject("decision")
async def decision(who: Person, request: Request, services: Services) -> Card:
    """Show a proposal (/decision_1042), with what it rests on."""
    return cards.card(await services.decisions.get(who, request.subject), may=who.may(Permission.GOVERN))


@router.button("decisioncsv", place=Place.PRIVATE, choices=CHOICES)
async def as_file(who: Person, request: Request, services: Services) -> Card:
    """Send the log as a file."""
    log = await services.decisions.table(who, cards.STATES.get(request.choice))
    return cards.as_file(log.proposals, more=log.more)


@router.button("propyes", place=Place.PRIVATE)
async def ask_adopt(who: Person, request: Request, services: Services) -> Card:
    """Ask why it is adopted."""
    return await _ask(who, request, services, adopt=True)


@router.button("propno", place=Place.PRIVATE)
async def ask_decline(who: Person, request: Request, services: Services) -> Card:
    """Ask why it is declined."""
    return await _ask(who, request, services, adopt=False)


@router.button("propwhy", place=Place.PRIVATE)
async def ask_why(who: Person, request: Request, services: Services) -> Card:
    """Ask why it was decided so."""
    found = await services.decisions.to_explain(who, request.subject)
    await conversations.ask(who, request, services, REASON_STEP, {"proposal": found.id, "decided": True})
    return cards.ask_why(found)


async def _ask(who: Person, request: Request, services: Services, *, adopt: bool) -> Card:
    found = await services.decisions.to_decide(who, request.subject, request.version)
    data = {"proposal": found.id, "version": found.version, "adopt": adopt}
    await conversations.ask(who, request, services, REASON_STEP, data)
    return cards.ask_reason(found, adopt=adopt)


@router.answer(REASON_STEP, short_block, cards.REASON_OPEN)
async def reason_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Decide, for the reason that was given."""
    verbs = services.decisions
    if data.get("decided"):
        done = await verbs.explain(who, data["proposal"], request.text)
    else:
        done = await verbs.decide(who, data["proposal"], data["version"], request.text, adopt=data["adopt"])
    await conversations.end(who, request, services, "proposal")
    return replace(cards.card(done, may=False), place="new")
