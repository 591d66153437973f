"""/report."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Figures of the day so far", Permission.READ_REPORTS, example="/report day", rank=120)
async def report(who: Person, request: Request, services: Services) -> Card:
    """/report day: the day so far."""
    who.require(Permission.READ_REPORTS)
    if request.text.strip().lower() not in {"", "day"}:
        raise Refusal(f"I have no report “{request.text[:40]}”. Try /report day.")
    return await services.reports.today(who)
