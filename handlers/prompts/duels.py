"""Duels of prompts: /duels, a card per duel, starting and stopping one."""

import re

from bot.access.model import Permission, Person
from bot.experiments import cards
from bot.experiments.model import Standing
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.task_type import TaskType, called
from bot.kernel.text.words import in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.prompts.cards import type_words
from bot.prompts.model import ALL_TYPES, Version
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
ASKED = re.compile(r"(?P<type>[\w-]+)\s+(?P<a>(?:all/)?\d{1,6})\s+(?P<b>(?:all/)?\d{1,6})", re.IGNORECASE)
EXAMPLE = N_("For example: /duel Drafting 3 5, or /duel Drafting all/1 3, where all/1 is version 1 for all types.")


@router.command("Prompts being compared on live briefs", Permission.READ_PROMPTS, example="/duels", rank=170)
async def duels(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """List the duels and how they stand."""
    return cards.listing(await services.experiments.newest(who))


@router.subject("duel")
@router.button("dshow", edit=True)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show one duel (/duel_1001)."""
    return _card(who, await services.experiments.standing(who, request.subject), services)


@router.command("Compare two prompts on live briefs", Permission.CHANGE_PROMPTS, example="/duel Drafting 3 5", rank=180)
async def duel(who: Person, request: Request, services: Services) -> Card:
    """Begin a duel (/duel Drafting 3 5)."""
    who.require(Permission.CHANGE_PROMPTS)
    found = ASKED.fullmatch(request.text.strip())
    task_type = called(found["type"]) if found else None
    if found is None or task_type is None:
        types = in_a_row(one.words for one in TaskType)
        raise Refusal(
            _("Say the type and the two versions. {example} Types: {types}.", example=_(EXAMPLE), types=types)
        )
    versions = [await _version(who, task_type, found[side], services) for side in ("a", "b")]
    return _card(who, await services.experiments.start(who, task_type, *versions), services)


@router.button("duel", edit=True)
async def ask_start(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before a type's version meets the one in use."""
    who.require(Permission.CHANGE_PROMPTS)
    version = await services.prompts.get(who, request.subject)
    in_use = await services.prompts.get(who, request.version)
    return cards.confirm_start(version.task_type, version, in_use)


@router.button("duelyes", edit=True)
async def start(who: Person, request: Request, services: Services) -> Card:
    """Begin the duel that was confirmed."""
    version = await services.prompts.get(who, request.subject)
    in_use = await services.prompts.get(who, request.version)
    standing = await services.experiments.start(who, TaskType(version.task_type), in_use, version)
    return _card(who, standing, services)


@router.button("dstop", edit=True)
async def ask_stop(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before the duel ends."""
    who.require(Permission.CHANGE_PROMPTS)
    return cards.confirm_stop(await services.experiments.standing(who, request.subject))


@router.button("dstopyes", edit=True)
async def stop(who: Person, request: Request, services: Services) -> Card:
    """End the duel without a winner."""
    return _card(who, await services.experiments.stop(who, request.subject), services)


def _card(who: Person, standing: Standing, services: Services) -> Card:
    return cards.details(standing, who, services.database.clock.now())


async def _version(who: Person, task_type: TaskType, words: str, services: Services) -> Version:
    """The drafting version that "3" (of the type's own) or "all/3" means."""
    number = int(words.rpartition("/")[2])
    group = ALL_TYPES if "/" in words else task_type.value
    version = await services.prompts.numbered(who, "draft", group, number)
    if version is None:
        raise Refusal(
            _(
                "There is no drafting version {version} for {type}. {example}",
                version=number,
                type=type_words(group),
                example=_(EXAMPLE),
            )
        )
    return version
