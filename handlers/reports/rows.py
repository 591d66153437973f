"""The rows behind each figure of /report: which figure, a page of its rows, all of them as a file."""

from dataclasses import replace

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.reports.periods import cards, row_cards
from bot.reports.periods.model import Kind, Period
from bot.reports.periods.rows import Row, What
from bot.services import Services
from handlers.routing import paging
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
ANEW = N_("/report shows it anew.")


@router.button("reportrows", edit=True, choices=tuple(Kind), instead=ANEW)
async def figures(who: Person, request: Request, services: Services) -> Card:
    """Ask for the figure."""
    day, currency = cards.asked_by(request.subject)
    return row_cards.figures(await services.reports.periods.look(who, Kind(request.choice), day), currency)


@router.button("reportof", edit=True, choices=row_cards.CHOICES, instead=ANEW)
async def rows(who: Person, request: Request, services: Services) -> Card:
    """Show a page of its rows; the button's version is the page."""
    period, what, currency = await _asked(who, request, services)
    place = replace(request, subject=request.version)
    found = await services.reports.showing.rows(who, period, what, currency, paging.asked(place))
    shown, beside = paging.shown(place, "reportof", found.rows, _number, request.choice)
    turned = tuple(
        tuple(replace(button, subject=request.subject, version=button.subject) for button in row) for row in beside
    )
    return row_cards.page(replace(found, rows=shown), turned)


@router.button("reportofcsv", choices=row_cards.CHOICES, instead=ANEW)
async def as_file(who: Person, request: Request, services: Services) -> Card:
    """Send all of its rows as a file."""
    period, what, currency = await _asked(who, request, services)
    return row_cards.as_file(await services.reports.showing.rows(who, period, what, currency))


async def _asked(who: Person, request: Request, services: Services) -> tuple[Period, What, str]:
    who.require(Permission.READ_REPORTS)
    kind, what = row_cards.asked_for(request.choice)
    day, currency = cards.asked_by(request.subject)
    if what.of_money and not currency:
        raise Stale(_(ANEW))
    today = await services.reports.periods.today(who)
    return Period.around(kind, today if day is None else min(day, today)), what, currency


def _number(row: Row) -> int:
    return row.id
