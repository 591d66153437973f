"""/partners: clients whose programs order briefs; their keys, quota and tier."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.partners import cards
from bot.partners.model import Tier
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.paging import page
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_words

router = Router()
ANEW = N_("/partners lists them; tap there.")
CLIENT, QUOTA = "partner.client", "partner.quota"


@router.command(
    "Partners: programs that order briefs",
    Permission.MANAGE_PARTNERS,
    example="/partners",
    place=Place.PRIVATE,
    rank=149,
)
@router.button("partners", edit=True, place=Place.PRIVATE)
async def partners(who: Person, request: Request, services: Services) -> Card:
    """List them."""
    found, beside = await page(
        request, "partners", lambda which: services.partners.partners.page(who, which), lambda one: one.id
    )
    return cards.listing(found, beside)


@router.button("partner", edit=True, place=Place.PRIVATE, instead=ANEW)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show a partner, and what can be changed."""
    return await shown(who, request.subject, services)


async def shown(who: Person, partner_id: int, services: Services) -> Card:
    """The partner's card as it stands now."""
    standing = await services.partners.partners.standing(who, partner_id)
    discount = services.partners.partners.discount(standing.partner.tier)
    return cards.partner(standing, discount, services.database.clock.now())


@router.button("pnew", place=Place.PRIVATE, instead=ANEW)
async def ask_client(who: Person, request: Request, services: Services) -> Card:
    """Ask which client becomes one."""
    who.require(Permission.MANAGE_PARTNERS)
    await conversations.ask(who, request, services, CLIENT, {})
    return cards.ask_client()


@router.answer(CLIENT, short_words, cards.CLIENT_OPEN)
async def client_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:  # noqa: ARG001
    """Make the client of that name or number a partner; of several, ask which."""
    found = await services.manual_invoices.called(who, request.text)
    if len(found) > 1:
        return cards.which_client(found)
    return await _made(who, request, services, found[0].id)


@router.button("pclient", place=Place.PRIVATE, instead=ANEW)
async def client_tapped(who: Person, request: Request, services: Services) -> Card:
    """Make the client of the button a partner."""
    return await _made(who, request, services, request.subject)


async def _made(who: Person, request: Request, services: Services, client_id: int) -> Card:
    partner = await services.partners.partners.make(who, client_id)
    await conversations.end(who, request, services, "partner")
    return await shown(who, partner.id, services)


@router.button("pkeyask", edit=True, place=Place.PRIVATE, instead=ANEW)
async def ask_replace(who: Person, request: Request, services: Services) -> Card:
    """Ask before a key takes the place of another."""
    standing = await services.partners.partners.standing(who, request.subject)
    return cards.ask_replace(standing.partner, services.settings.partner_key_hours)


@router.button("pkey", edit=True, place=Place.PRIVATE, instead=ANEW)
async def new_key(who: Person, request: Request, services: Services) -> Card:
    """Make a key, and show it this once."""
    partner, key = await services.partners.partners.new_key(who, request.subject)
    return cards.key(partner, key, services.settings.partner_key_hours)


@router.button("pendask", edit=True, place=Place.PRIVATE, instead=ANEW)
async def ask_end(who: Person, request: Request, services: Services) -> Card:
    """Ask before all keys end."""
    return cards.ask_end((await services.partners.partners.standing(who, request.subject)).partner)


@router.button("pend", edit=True, place=Place.PRIVATE, instead=ANEW)
async def end_keys(who: Person, request: Request, services: Services) -> Card:
    """End all keys."""
    await services.partners.partners.end_keys(who, request.subject)
    return replace(await shown(who, request.subject, services), toast=_("All its keys are ended"))


@router.button("pswitch", edit=True, place=Place.PRIVATE, choices=("on", "off"), instead=ANEW)
async def switch(who: Person, request: Request, services: Services) -> Card:
    """Switch a partner on or off."""
    await services.partners.partners.switch(who, request.subject, request.version, on=request.choice == "on")
    return await shown(who, request.subject, services)


@router.button("ptiers", edit=True, place=Place.PRIVATE, instead=ANEW)
async def tiers(who: Person, request: Request, services: Services) -> Card:
    """Show the tiers."""
    standing = await services.partners.partners.standing(who, request.subject)
    return cards.tiers(standing, {tier: services.partners.partners.discount(tier) for tier in Tier})


@router.button("ptier", edit=True, place=Place.PRIVATE, choices=tuple(Tier), instead=ANEW)
async def set_tier(who: Person, request: Request, services: Services) -> Card:
    """Set the tier of the button."""
    await services.partners.partners.set_tier(who, request.subject, request.version, Tier(request.choice))
    return await shown(who, request.subject, services)


@router.button("pquota", place=Place.PRIVATE, instead=ANEW)
async def ask_quota(who: Person, request: Request, services: Services) -> Card:
    """Ask how many briefs a month."""
    partner = (await services.partners.partners.standing(who, request.subject)).partner
    await conversations.ask(who, request, services, QUOTA, {"partner": partner.id, "name": partner.name})
    return cards.ask_quota(partner)


@router.answer(QUOTA, short_words, cards.QUOTA_OPEN)
async def quota_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Set the quota that was written."""
    await services.partners.partners.set_quota(who, data["partner"], request.text)
    await conversations.end(who, request, services, "partner")
    return await shown(who, data["partner"], services)
