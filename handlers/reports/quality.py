"""/quality: how the gate does against people, and the lines that follow from it."""

from dataclasses import replace

from bot.access.model import Person
from bot.calibration.cards import TYPES, chosen
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.task_type import TaskType
from bot.services import Services
from handlers.routing.request import Request


async def quality(who: Person, request: Request, services: Services) -> Card:
    """The figures of all types, or of the one that is named."""
    if request.source_key:
        return await services.calibration.overview(who, _named(request.text))
    return replace(await services.calibration.overview(who, _numbered(request.subject)), place="edit")


async def drift(who: Person, request: Request, services: Services) -> Card:
    """Scores and people's decisions per version of the prompt."""
    return replace(await services.calibration.drift(who, _numbered(request.subject)), place="edit")


async def disagreements(who: Person, request: Request, services: Services) -> Card:
    """Where gate and people were furthest apart."""
    return replace(await services.calibration.disagreements(who, _numbered(request.subject)), place="edit")


async def read(who: Person, request: Request, services: Services) -> Card:
    """Both opinions on one draft."""
    return await services.calibration.opinions(who, request.subject)


async def table(who: Person, request: Request, services: Services) -> Card:
    """The decisions as a CSV file."""
    return await services.calibration.table(who, _numbered(request.subject))


async def lines(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Every type's line."""
    return replace(await services.calibration.lines(who), place="edit")


async def line(who: Person, request: Request, services: Services) -> Card:
    """A type's line with its evidence."""
    return replace(await services.calibration.line(who, chosen(request.subject * 1000)[0]), place="edit")


async def ask_to_adopt(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before the proposed line is adopted."""
    task_type, target = chosen(request.subject)
    return replace(await services.calibration.ask_to_adopt(who, task_type, target, request.version), place="edit")


async def adopt(who: Person, request: Request, services: Services) -> Card:
    """Adopt the proposed line."""
    task_type, target = chosen(request.subject)
    return replace(await services.calibration.adopt(who, task_type, target, request.version), place="edit")


async def keep(who: Person, request: Request, services: Services) -> Card:
    """Decline the proposed line."""
    return replace(
        await services.calibration.keep(who, chosen(request.subject * 1000)[0], request.version), place="edit"
    )


def _numbered(number: int) -> TaskType | None:
    return TYPES[(number - 1) % len(TYPES)] if number else None


def _named(text: str) -> TaskType | None:
    if not text:
        return None
    found = [task_type for task_type in TYPES if task_type.value.lower() == text.lower()]
    if not found:
        raise Refusal(f"There is no type “{text[:40]}”. Try /quality {TYPES[1].value}, or /quality for all of them.")
    return found[0]
