"""/quality: how the gate does against people, and the targets that follow from it."""

from bot.access.model import Permission, Person
from bot.calibration import cards, pictures, target_cards
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.task_type import BY_CHOICE, TaskType, called
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button

router = Router()
ALL_OR_ONE = ("", *BY_CHOICE)
ANEW = N_("/quality shows how it is now.")


@router.command("How well the automatic check works", Permission.READ_REPORTS, example="/quality Drafting", rank=130)
@router.button("quality", edit=True, choices=ALL_OR_ONE)
async def quality(who: Person, request: Request, services: Services) -> Card:
    """Show the figures of all types, or of the one that is named."""
    task_type = _named(request.text) if request.source_key else _tapped(request)
    of = await services.calibration.overview(who, task_type)
    return await services.finance.charts.above(cards.overview(of), pictures.checked(of.standing), "quality")


@router.button("qdrift", edit=True, choices=ALL_OR_ONE)
async def drift(who: Person, request: Request, services: Services) -> Card:
    """Show scores and people's decisions per version of the prompt."""
    task_type = _tapped(request)
    return cards.drift(task_type, await services.calibration.drift(who, task_type))


@router.button("qworst", edit=True, choices=ALL_OR_ONE)
async def disagreements(who: Person, request: Request, services: Services) -> Card:
    """List where gate and people were furthest apart."""
    task_type = _tapped(request)
    return cards.disagreements(task_type, await services.calibration.disagreements(who, task_type, cards.SHOWN))


@router.button("qread")
async def read(who: Person, request: Request, services: Services) -> Card:
    """Show both opinions on one draft."""
    return cards.both(await services.calibration.opinions(who, request.subject))


@router.button("qcsv", choices=ALL_OR_ONE)
async def table(who: Person, request: Request, services: Services) -> Card:
    """Send the decisions as a CSV file."""
    return cards.table(await services.calibration.table(who, _tapped(request)))


@router.button("qlines", edit=True)
async def lines(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """List every type's target."""
    return target_cards.all_targets(await services.calibration.targets(who))


@router.button("qline", edit=True, choices=BY_CHOICE, instead=ANEW)
async def line(who: Person, request: Request, services: Services) -> Card:
    """Show a type's target with its evidence."""
    one = await services.calibration.target(who, BY_CHOICE[request.choice])
    return target_cards.target(one, may_adopt=who.may(Permission.ADOPT_TARGETS))


@router.button("qadopt", edit=True, choices=BY_CHOICE, instead=ANEW)
async def ask_to_adopt(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before the proposed target is adopted."""
    task_type = BY_CHOICE[request.choice]
    return target_cards.confirm(await services.calibration.proposed(who, task_type, request.subject, request.version))


@router.button("qadoptyes", edit=True, choices=BY_CHOICE, instead=ANEW)
async def adopt(who: Person, request: Request, services: Services) -> Card:
    """Adopt the proposed target."""
    task_type = BY_CHOICE[request.choice]
    return target_cards.adopted(await services.calibration.adopt(who, task_type, request.subject, request.version))


@router.button("qkeep", edit=True, choices=BY_CHOICE, instead=ANEW)
async def keep(who: Person, request: Request, services: Services) -> Card:
    """Decline the proposed target."""
    return target_cards.kept(await services.calibration.keep(who, BY_CHOICE[request.choice], request.version))


def _tapped(request: Request) -> TaskType | None:
    """The type that a button names; None is all of them."""
    if request.subject and not request.choice:
        raise old_button(_(ANEW))
    return BY_CHOICE.get(request.choice)


def _named(text: str) -> TaskType | None:
    if not text:
        return None
    found = called(text)
    if found is None:
        raise Refusal(
            _("There is no type “{type}”. Try /quality Drafting, or /quality for all of them.", type=text[:40])
        )
    return found
