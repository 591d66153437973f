"""Deeds that need other people's yes: [Approve], [Refuse] and [Stop], and what waits."""

from dataclasses import replace

from bot.access.model import Permission, Person
from bot.approvals import cards
from bot.approvals.model import ApprovalState
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("What waits for approval", Permission.REQUEST_REFUNDS, example="/approvals", place=Place.PRIVATE,
                rank=129)  # fmt: skip
async def approvals(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """List what waits for somebody's yes, or can still be stopped."""
    return cards.listing(await services.approvals.waiting(who))


@router.button("apshow", place=Place.PRIVATE)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show one of them, with its buttons."""
    return await shown(who, request.subject, services)


async def shown(who: Person, approval_id: int, services: Services) -> Card:
    """Where it stands, in the message that is kept up to date from now on."""
    of = await services.approvals.get(who, approval_id)
    return replace(cards.card(of, who), slot=cards.slot_of(of.approval, who))


@router.button("apyes", place=Place.PRIVATE)
async def approve(who: Person, request: Request, services: Services) -> Card:
    """Say yes to what the message shows."""
    looked = await services.approvals.approve(who, request.subject, request.version)
    if looked.approval.state is ApprovalState.WAITING:
        return Card(toast=_("You approved it. Somebody else has to approve it too."))
    return Card(toast=_("You approved it."))


@router.button("apno", place=Place.PRIVATE)
async def refuse(who: Person, request: Request, services: Services) -> Card:
    """Say no, which ends it."""
    await services.approvals.refuse(who, request.subject, request.version)
    return Card(toast=_("You refused it. Nothing is done."))


@router.button("apstop", place=Place.PRIVATE)
async def stop(who: Person, request: Request, services: Services) -> Card:
    """Call it off."""
    await services.approvals.stop(who, request.subject, request.version)
    return Card(toast=_("Stopped. Nothing is done."))
