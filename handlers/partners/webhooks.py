"""Where a partner's program is told of changes, by which secret, and what it was told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.access.model import Person
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.partners import cards
from bot.services import Services
from handlers.partners.partners import ANEW
from handlers.partners.partners import shown as card_of
from handlers.routing import conversations
from handlers.routing.paging import asked, shown
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_block

router = Router()
ADDRESS = "partner.address"
ROWS = 5


@router.button("paddress", place=Place.PRIVATE, instead=ANEW)
async def ask_address(who: Person, request: Request, services: Services) -> Card:
    """Ask for the address."""
    partner = (await services.partners.partners.standing(who, request.subject)).partner
    await conversations.ask(who, request, services, ADDRESS, {"partner": partner.id, "name": partner.name})
    return cards.ask_address(partner)


@router.answer(ADDRESS, short_block, cards.ADDRESS_OPEN)
async def address_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the address that was written."""
    await services.partners.partners.set_address(who, data["partner"], request.text)
    await conversations.end(who, request, services, "partner")
    return await card_of(who, data["partner"], services)


@router.button("pnowhere", edit=True, place=Place.PRIVATE, instead=ANEW)
async def nowhere(who: Person, request: Request, services: Services) -> Card:
    """Have its program told no more."""
    await services.partners.partners.set_address(who, request.subject, "")
    await conversations.end(who, request, services, "partner")
    return await card_of(who, request.subject, services)


@router.button("psecret", edit=True, place=Place.PRIVATE, instead=ANEW)
async def secret(who: Person, request: Request, services: Services) -> Card:
    """Show the secret that signs what is told."""
    return cards.secret((await services.partners.partners.standing(who, request.subject)).partner)


@router.button("pnewsecret", edit=True, place=Place.PRIVATE, instead=ANEW)
async def new_secret(who: Person, request: Request, services: Services) -> Card:
    """Have another secret sign it."""
    await services.partners.partners.new_webhook_secret(who, request.subject)
    return await secret(who, request, services)


@router.button("ptold", edit=True, place=Place.PRIVATE, instead=ANEW)
async def told(who: Person, request: Request, services: Services) -> Card:
    """List what its program was told. The button's version is the partner, since its number says which page."""
    partner, rows = await services.partners.partners.told(who, request.version, asked(request, ROWS))
    found, beside = shown(request, "ptold", rows, lambda one: one.id, rows=ROWS)
    beside = tuple(tuple(replace(button, version=partner.id) for button in row) for row in beside)
    return cards.told(partner, found, beside)


@router.button("psend", place=Place.PRIVATE, instead=ANEW)
async def send_again(who: Person, request: Request, services: Services) -> Card:
    """Tell it once more."""
    message = await services.partners.partners.send_again(who, request.subject)
    return Card(toast=_("{name} is sent again", name=message.name))
