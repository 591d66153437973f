"""/export: the figures of all days, to take along."""

from bot.access.model import Permission, Person
from bot.analytics import cards
from bot.kernel.card import Card
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command(
    N_("All figures as files, to take along"), Permission.KEEP_LEDGER, example="/export", place=Place.PRIVATE, rank=134
)
async def export(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Send what is added up of each day as CSV files in a ZIP, without anybody's name."""
    return cards.exported(*await services.analytics.bundle(who))
