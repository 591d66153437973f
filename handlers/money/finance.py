"""/finance: what came in, what it cost, and who owes what, as a picture with its figures in words."""

from datetime import date, timedelta

from bot.access.model import Permission, Person
from bot.finance import cards, cost_cards, pictures
from bot.finance.figures import View
from bot.finance.model import Period
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
EARLIEST = date(2000, 1, 1)
YESTERDAY = ("yesterday", "ayer", "کل")


@router.command("Revenue, costs and margin", Permission.READ_REPORTS, example="/finance", rank=121)
@router.button("finance", edit=True, choices=("", *cards.VIEWS))
async def finance(who: Person, request: Request, services: Services) -> Card:
    """Show a period: this month, or what was tapped; /finance EUR shows another currency."""
    view = cards.VIEWS.get(request.choice, View(Period.MONTH))
    asked = request.text.strip().upper() or cards.currency_of(request.subject)
    found = await services.finance.figures.report(who, View(view.period, asked, view.part))
    return await services.finance.charts.above(cards.report(found), pictures.report(found), "finance")


@router.command("What models and Stripe cost on a day", Permission.READ_REPORTS, example="/costs yesterday", rank=135)
@router.button("costs", edit=True)
async def costs(who: Person, request: Request, services: Services) -> Card:
    """Show today so far, or the day that was asked for: /costs yesterday, /costs 2026-11-23."""
    verbs = services.finance.costs
    today = await verbs.today(who)
    day = _tapped(request.subject) if request.subject else _typed(request.text, today)
    found = await verbs.look(who, day)
    return await services.finance.charts.above(cost_cards.day(found, today), cost_cards.picture(found), "costs")


def _tapped(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if EARLIEST.toordinal() <= ordinal <= date.max.toordinal() else None


def _typed(text: str, today: date) -> date | None:
    """Raises Refusal with an example."""
    said = text.strip().lower()
    if not said:
        return None
    if said in YESTERDAY:
        return today - timedelta(days=1)
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= today:
        raise Refusal(
            _("“{day}” is no day up to today. Try /costs yesterday, or /costs 2026-11-23.", day=text.strip()[:40])
        )
    return day


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
