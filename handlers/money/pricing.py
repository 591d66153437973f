"""/pricing: what is left of each type of work, prices that an admin adopts, and budgets that one opens again."""

from datetime import date, datetime

from bot.access.model import Permission, Person
from bot.finance import pricing_cards as cards
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.task_type import BY_CHOICE
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Prices beside what they leave", Permission.READ_REPORTS, example="/pricing", rank=122)
@router.button("pricing", edit=True, choices=("", *BY_CHOICE))
async def pricing(who: Person, request: Request, services: Services) -> Card:
    """Show every type's price and margin, or the proposal of the one that was tapped."""
    found = await services.finance.pricing.review(who)
    if not request.choice:
        return cards.review(found, may=who.may(Permission.SET_PRICES))
    one = next(one for one in found if one.task_type is BY_CHOICE[request.choice])
    if one.proposed is None:
        raise Stale(_("That price is no longer proposed. /pricing shows what is."))
    return cards.proposal(one, may=who.may(Permission.SET_PRICES))


@router.button("priceyes", edit=True, choices=tuple(BY_CHOICE), instead=N_("/pricing shows what is proposed."))
async def adopt(who: Person, request: Request, services: Services) -> Card:
    """Adopt the price that the card shows."""
    one = await services.finance.pricing.adopt(who, BY_CHOICE[request.choice], request.subject)
    return cards.adopted(one, who.name)


@router.button("budgetopen", edit=True)
async def open_budget(who: Person, request: Request, services: Services) -> Card:
    """Open a day's budget that a guard closed; the button's number is the day."""
    who.require(Permission.OPEN_BUDGETS)
    await services.finance.guards.open(who, _day(request.subject))
    return Card(toast=_("The budget is open again"))


def _day(number: int) -> date:
    try:
        return datetime.strptime(str(number), "%Y%m%d").date()  # noqa: DTZ007 - a day of the tenant's, and no moment
    except ValueError:
        raise Stale(_("That budget is open already, or its day is over.")) from None
