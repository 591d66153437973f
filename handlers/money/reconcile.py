"""/reconcile: what does not agree between the ledger and Stripe, and what is done about it."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.reconciliation import cards
from bot.reconciliation.figures import Details
from bot.services import Services
from handlers.routing.paging import asked, shown
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command(
    "What does not agree with Stripe", Permission.KEEP_LEDGER, example="/reconcile", place=Place.PRIVATE, rank=126
)
@router.button("mismatches", edit=True, place=Place.PRIVATE)
async def reconcile(who: Person, request: Request, services: Services) -> Card:
    """List what is open, newest first."""
    of = await services.reconciliation.comparing.standing(who, asked(request))
    page, rows = shown(request, "mismatches", of.page, lambda one: one.id)
    return cards.standing(of.showing(page), rows)


@router.button("reconcile", place=Place.PRIVATE)
async def compare(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Compare now."""
    await services.reconciliation.comparing.ask(who)
    return cards.begun()


@router.subject("mismatch")
async def mismatch(who: Person, request: Request, services: Services) -> Card:
    """Show one (/mismatch_1042) with the figures of both sides."""
    return cards.details(await services.reconciliation.comparing.details(who, request.subject))


@router.button("mrepair", edit=True, place=Place.PRIVATE)
async def repair(who: Person, request: Request, services: Services) -> Card:
    """Repair it from Stripe's own figures, or ask another admin to approve that."""
    return cards.details(await services.reconciliation.repairing.repair(who, request.subject, request.version))


@router.button("mleave", edit=True, place=Place.PRIVATE)
async def leave(who: Person, request: Request, services: Services) -> Card:
    """Leave it as it is."""
    left = await services.reconciliation.repairing.leave(who, request.subject, request.version)
    return cards.details(Details(left))
