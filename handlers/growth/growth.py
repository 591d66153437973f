"""/growth and /churn: who came, paid, would recommend the studio, may leave; and the question to clients."""

from bot.access.model import Permission, Person
from bot.growth import cards, churn_cards
from bot.growth.model import HIGHEST
from bot.kernel.card import Card
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("New clients, what they cost and bring, NPS", Permission.READ_REPORTS, example="/growth", rank=132)
@router.button("growth", edit=True)
async def growth(who: Person, request: Request, services: Services) -> Card:
    """Show the last 30 days, or as many as the button says; /growth cost 500 keeps what winning clients cost."""
    first, _space, rest = request.text.strip().partition(" ")
    if first.casefold() == "cost":
        return cards.cost_set(*await services.growth.figures.set_cost(who, rest))
    days = request.subject if request.subject in cards.DAYS else cards.DAYS[0]
    return cards.growth(await services.growth.figures.of_days(who, days))


@router.button(
    "nps",
    edit=True,
    place=Place.PRIVATE,
    choices=tuple(str(score) for score in range(HIGHEST + 1)),
    instead=N_("/support takes what you would like to tell us."),
)
async def answer(who: Person, request: Request, services: Services) -> Card:
    """Keep the score that was tapped."""
    return cards.answered(await services.growth.nps.answer(who, request.subject, int(request.choice)))


@router.button("npsskip", edit=True, place=Place.PRIVATE)
async def leave(who: Person, request: Request, services: Services) -> Card:
    """Keep that they do not want to say."""
    await services.growth.nps.leave(who, request.subject)
    return cards.left()


@router.button("npsagain", edit=True, place=Place.PRIVATE)
async def again(who: Person, request: Request, services: Services) -> Card:
    """Offer the scores once more."""
    return cards.question(await services.growth.nps.own(who, request.subject))


@router.command("Clients who may leave, and why", Permission.READ_REPORTS, example="/churn", rank=133)
@router.button("churn", edit=True)
async def churn(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """List who is silent longer than is usual for them."""
    return churn_cards.listing(await services.growth.leaving.outlooks(who))
