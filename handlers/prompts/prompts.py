"""What models are told: /prompts, a card per version, and writing a new one."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Permission, Person
from bot.kernel.card import Button, Card
from bot.kernel.errors import Refusal
from bot.kernel.task_type import TaskType, called
from bot.kernel.text.words import in_a_row
from bot.kernel.translation import gettext as _
from bot.prompts import cards
from bot.prompts.model import ALL_TYPES, Version
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.conversations import Conversation
from handlers.routing.paging import page
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import words, words_or_document

router = Router()
TEXT_STEP, CHANGELOG_STEP = "prompt.text", "prompt.changelog"


@router.command("Instructions for the models", Permission.READ_PROMPTS, example="/prompts", rank=150)
async def prompts(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """List the prompts in use."""
    return cards.listing(await services.prompts.in_use(who))


@router.subject("prompt")
@router.button("pshow", edit=True)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show a version (/prompt_1004)."""
    return await _card(who, await services.prompts.get(who, request.subject), services)


@router.button("plist", edit=True)
async def versions(who: Person, request: Request, services: Services) -> Card:
    """List all versions beside the one that was tapped, newest first; `version` carries the page."""
    version = await services.prompts.get(who, request.subject)
    group = (version.purpose, version.task_type)
    found, buttons = await page(
        Request(request.chat_id, request.message_id, subject=request.version),
        "plist",
        lambda which: services.prompts.page(who, *group, which),
        lambda one: one.id,
    )
    onward = tuple(tuple(_paging(button.label, version.id, button.subject) for button in row) for row in buttons)
    return cards.versions(*group, found, onward, who)


@router.button("ptext")
async def text(who: Person, request: Request, services: Services) -> Card:
    """Send a version's text as a file."""
    return cards.whole_text(await services.prompts.get(who, request.subject))


@router.button("pdiff")
async def compare(who: Person, request: Request, services: Services) -> Card:
    """Show what changed to this version from the one whose number the button carries."""
    new = await services.prompts.get(who, request.subject)
    old = await services.prompts.numbered(who, new.purpose, new.task_type, request.version)
    if old is None:
        raise Refusal(
            _("There is no version {version} to compare with. /prompts lists what is in use.", version=request.version)
        )
    return cards.difference(old, new)


@router.button("puse", edit=True)
async def ask_use(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before the version is put in use."""
    who.require(Permission.CHANGE_PROMPTS)
    return cards.confirm(await services.prompts.get(who, request.subject), request.version)


@router.button("puseyes", edit=True)
async def use(who: Person, request: Request, services: Services) -> Card:
    """Put the version in use."""
    return await _card(who, await services.prompts.use(who, request.subject, request.version), services)


@router.button("prest", edit=True)
async def ask_retire(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before the type's own version is retired."""
    who.require(Permission.CHANGE_PROMPTS)
    return cards.confirm_retire(await services.prompts.get(who, request.subject))


@router.button("prestyes", edit=True)
async def retire(who: Person, request: Request, services: Services) -> Card:
    """Retire a type's own version, so that the one for all types serves again."""
    return await _card(who, await services.prompts.retire(who, request.subject), services)


@router.command(
    "Write a new version of a prompt",
    Permission.CHANGE_PROMPTS,
    example="/prompt draft Research",
    place=Place.PRIVATE,
    rank=160,
)
async def new(who: Person, request: Request, services: Services) -> Card:
    """Ask for the text of a new version (/prompt draft Research)."""
    who.require(Permission.CHANGE_PROMPTS)
    purpose, task_type = _named(request.text, services)
    await conversations.ask(who, request, services, TEXT_STEP, {"purpose": purpose, "type": task_type})
    return await _ask_text(who, services, purpose, task_type)


async def _ask_text(who: Person, services: Services, purpose: str, task_type: str) -> Card:
    used = await services.prompts.in_use(who)
    now = {(v.purpose, v.task_type): v for v in used}
    return cards.ask_text(
        services.prompts.templates[purpose], task_type, now.get((purpose, task_type)) or now.get((purpose, ALL_TYPES))
    )


async def asked_again(who: Person, request: Request, services: Services, asked: Conversation) -> Card:  # noqa: ARG001
    """The question that waits, once more."""
    purpose, task_type = asked.data["purpose"], asked.data["type"]
    if asked.step == CHANGELOG_STEP:
        return cards.ask_changelog(purpose, task_type)
    return await _ask_text(who, services, purpose, task_type)


@router.answer(TEXT_STEP, words_or_document, cards.TEXT_OPEN)
async def text_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the text in the conversation and ask for the changelog; ask again for a text that cannot be used."""
    text = request.text if request.file is None else await services.intake.materials.text_of(who, request.file)
    text = await services.prompts.check(who, data["purpose"], data["type"], text)
    await conversations.ask(who, request, services, CHANGELOG_STEP, {**data, "text": text})
    return cards.ask_changelog(data["purpose"], data["type"])


@router.answer(CHANGELOG_STEP, words, cards.CHANGELOG_OPEN)
async def changelog_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Add the version, which is whole with its changelog."""
    version = await services.prompts.add(who, data["purpose"], data["type"], data["text"], request.text)
    await conversations.end(who, request, services, "prompt")
    return await _card(who, version, services)


def _named(words: str, services: Services) -> tuple[str, str]:
    """The purpose and task type that somebody wrote, the type "" where it is for all."""
    purpose, wanted = [*words.split(maxsplit=1), "", ""][:2]
    known, task_type = purpose.lower() in services.prompts.templates, called(wanted.strip())
    if known and (task_type or not wanted):
        return purpose.lower(), task_type or ALL_TYPES
    raise Refusal(
        " ".join(
            [
                _("There is no type “{type}”.", type=wanted.strip()) if known else _("Say what the prompt is for."),
                _("For example: /prompt draft Research, or /prompt judge for all types."),
                _("Purposes: {purposes}.", purposes=", ".join(services.prompts.templates)),
                _("Types: {types}.", types=in_a_row(one.words for one in TaskType)),
            ]
        )
    )


async def _card(who: Person, version: Version, services: Services) -> Card:
    return cards.details(await services.prompts.details(who, version), who)


def _paging(label: str, prompt_id: int, anchor: int) -> Button:
    return Button(label, "plist", prompt_id, anchor)
