"""/quality: how the gate does against people, and the lines that follow from it."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.task_type import BY_CHOICE, TaskType
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button

router = Router()
ALL_OR_ONE = ("", *BY_CHOICE)
ANEW = "/quality shows it anew."


@router.command("How the gate does against people", Permission.READ_REPORTS, example="/quality Drafting", rank=130)
@router.button("quality", edit=True, choices=ALL_OR_ONE)
async def quality(who: Person, request: Request, services: Services) -> Card:
    """The figures of all types, or of the one that is named."""
    return await services.calibration.overview(who, _named(request.text) if request.source_key else _tapped(request))


@router.button("qdrift", edit=True, choices=ALL_OR_ONE)
async def drift(who: Person, request: Request, services: Services) -> Card:
    """Scores and people's decisions per version of the prompt."""
    return await services.calibration.drift(who, _tapped(request))


@router.button("qworst", edit=True, choices=ALL_OR_ONE)
async def disagreements(who: Person, request: Request, services: Services) -> Card:
    """Where gate and people were furthest apart."""
    return await services.calibration.disagreements(who, _tapped(request))


@router.button("qread")
async def read(who: Person, request: Request, services: Services) -> Card:
    """Both opinions on one draft."""
    return await services.calibration.opinions(who, request.subject)


@router.button("qcsv", choices=ALL_OR_ONE)
async def table(who: Person, request: Request, services: Services) -> Card:
    """The decisions as a CSV file."""
    return await services.calibration.table(who, _tapped(request))


@router.button("qlines", edit=True)
async def lines(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Every type's line."""
    return await services.calibration.lines(who)


@router.button("qline", edit=True, choices=BY_CHOICE, instead=ANEW)
async def line(who: Person, request: Request, services: Services) -> Card:
    """A type's line with its evidence."""
    return await services.calibration.line(who, BY_CHOICE[request.choice])


@router.button("qadopt", edit=True, choices=BY_CHOICE, instead=ANEW)
async def ask_to_adopt(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before the proposed line is adopted."""
    return await services.calibration.ask_to_adopt(who, BY_CHOICE[request.choice], request.subject, request.version)


@router.button("qadoptyes", edit=True, choices=BY_CHOICE, instead=ANEW)
async def adopt(who: Person, request: Request, services: Services) -> Card:
    """Adopt the proposed line."""
    return await services.calibration.adopt(who, BY_CHOICE[request.choice], request.subject, request.version)


@router.button("qkeep", edit=True, choices=BY_CHOICE, instead=ANEW)
async def keep(who: Person, request: Request, services: Services) -> Card:
    """Decline the proposed line."""
    return await services.calibration.keep(who, BY_CHOICE[request.choice], request.version)


def _tapped(request: Request) -> TaskType | None:
    """The type that a button names; None is all of them."""
    if request.subject and not request.choice:
        raise old_button(ANEW)
    return BY_CHOICE.get(request.choice)


def _named(text: str) -> TaskType | None:
    if not text:
        return None
    found = [task_type for task_type in TaskType if task_type.value.lower() == text.lower()]
    if not found:
        raise Refusal(f"There is no type “{text[:40]}”. Try /quality {TaskType.DRAFTING}, or /quality for all of them.")
    return found[0]
