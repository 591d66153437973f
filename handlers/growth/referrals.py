"""/referrals: a client's link and credit; for admins, everybody who came by one."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.referrals import cards
from bot.services import Services
from handlers.routing.paging import page
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command(
    "Refer somebody, and see your credit", Permission.SEE_OWN, example="/referrals", place=Place.PRIVATE, rank=131
)
@router.button("referrals", edit=True, place=Place.PRIVATE)
async def referrals(who: Person, request: Request, services: Services) -> Card:
    """Show the person's own link, or everybody's to admins."""
    if not who.may(Permission.MANAGE_PEOPLE):
        return cards.own(await services.referrals.own(who), services.bot_name)
    found, beside = await page(
        request, "referrals", lambda which: services.referrals.page(who, which), lambda one: one.referral.id
    )
    totals = await services.referrals.totals(who)
    return cards.listing(found, services.settings.referral_percent, beside, totals)
