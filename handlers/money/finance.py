"""/finance: what came in, what it cost, and who owes what, as a picture with its figures in words."""

from bot.access.model import Permission, Person
from bot.finance import cards, pictures
from bot.finance.figures import View
from bot.finance.model import Period
from bot.kernel.card import Card
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Revenue, costs and margin", Permission.READ_REPORTS, example="/finance", rank=121)
@router.button("finance", edit=True, choices=("", *cards.VIEWS))
async def finance(who: Person, request: Request, services: Services) -> Card:
    """Show a period: this month, or what was tapped; /finance EUR shows another currency."""
    view = cards.VIEWS.get(request.choice, View(Period.MONTH))
    asked = request.text.strip().upper() or cards.currency_of(request.subject)
    found = await services.finance.figures.report(who, View(view.period, asked, view.part))
    return await services.finance.charts.above(cards.report(found), pictures.report(found), "finance")


@router.button("finmonths", edit=True)
async def months(who: Person, request: Request, services: Services) -> Card:
    """Show the last twelve months beside each other."""
    found = await services.finance.figures.months(who, cards.currency_of(request.subject))
    return await services.finance.charts.above(cards.months(found), pictures.months(found), "months")


@router.button("finowed", edit=True)
async def owed(who: Person, request: Request, services: Services) -> Card:
    """Show what clients owe, by age."""
    found = await services.finance.figures.receivables(who, cards.currency_of(request.subject))
    return await services.finance.charts.above(cards.receivables(found), pictures.receivables(found), "owed")


@router.button("fincsv")
async def as_file(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Send the months as a file."""
    return cards.as_file(await services.finance.figures.table(who))
