"""A partner's revenue share: how much it is, a month's statement, and that it was paid out."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Permission, Person
from bot.invoices.charges import CURRENCIES
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.partners import cards as partner_cards
from bot.services import Services
from bot.shares import cards
from bot.shares.model import month_of
from handlers.partners.partners import ANEW
from handlers.partners.partners import shown as card_of
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_words

router = Router()
SHARE = "partner.share"
EACH = tuple(sorted(currency.lower() for currency in CURRENCIES))


@router.button("pshare", place=Place.PRIVATE, instead=ANEW)
async def ask_share(who: Person, request: Request, services: Services) -> Card:
    """Ask how much of payments the partner gets."""
    partner = (await services.partners.partners.standing(who, request.subject)).partner
    await conversations.ask(who, request, services, SHARE, {"partner": partner.id, "name": partner.name})
    return partner_cards.ask_share(partner)


@router.answer(SHARE, short_words, partner_cards.SHARE_OPEN)
async def share_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Set the share that was written."""
    await services.partners.partners.set_share(who, data["partner"], request.text)
    await conversations.end(who, request, services, "partner")
    return await card_of(who, data["partner"], services)


@router.button("pstatement", edit=True, place=Place.PRIVATE, instead=ANEW)
async def statement(who: Person, request: Request, services: Services) -> Card:
    """Show a month; the button's version is which, 0 for this one."""
    return cards.statement(await services.shares.statement(who, request.subject, month_of(request.version)))


@router.button("pstatementcsv", place=Place.PRIVATE, instead=ANEW)
async def as_file(who: Person, request: Request, services: Services) -> Card:
    """Send the month as a file."""
    month = month_of(request.version)
    return cards.as_file(await services.shares.statement(who, request.subject, month, whole=True))


@router.button("ppayask", edit=True, place=Place.PRIVATE, choices=EACH, instead=ANEW)
async def ask_paid(who: Person, request: Request, services: Services) -> Card:
    """Ask before it is noted that what is owed was paid."""
    who.require(Permission.KEEP_LEDGER)
    return cards.ask_paid(await services.shares.statement(who, request.subject, None), _money(request))


@router.button("ppay", edit=True, place=Place.PRIVATE, choices=EACH, instead=ANEW)
async def paid(who: Person, request: Request, services: Services) -> Card:
    """Note it, and show the month."""
    await services.shares.pay(who, request.subject, _money(request))
    return cards.statement(await services.shares.statement(who, request.subject, None))


def _money(request: Request) -> Money:
    if not request.choice:
        raise Stale(_(ANEW))
    return Money(request.version, request.choice.upper())
