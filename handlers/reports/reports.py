"""/report."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.reports import cards
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Figures of the day so far", Permission.READ_REPORTS, example="/report day", rank=120)
async def report(who: Person, request: Request, services: Services) -> Card:
    """Show the day so far (/report day)."""
    who.require(Permission.READ_REPORTS)
    if request.text.strip().lower() not in {"", "day"}:
        raise Refusal(_("I have no report “{name}”. Try /report day.", name=request.text[:40]))
    return cards.day_report(await services.reports.days.today(who))
