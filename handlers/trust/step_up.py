"""/authenticator, and how an admin confirms something dangerous: by a code, or by another admin's tap."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.access.buttons import Tap
from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import ProviderError, Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from bot.step_up import cards
from bot.step_up.codes import is_typed
from bot.step_up.model import Kind, StepUpNeeded
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Action, Router
from handlers.routing.typed import command_in

router = Router()
log = structlog.get_logger(__name__)
Meant = tuple[Tap, tuple[Action, str]] | None
DIALOG = "stepup"
CODE_STEP, NEW_STEP = "stepup.code", "stepup.new"
ANEW = N_("Do again what you wanted to do, and you are asked once more. /authenticator shows how it stands.")


def _code(request: Request) -> bool:
    return request.file is None and is_typed(request.text)


async def ask(who: Person, request: Request, services: Services, needed: StepUpNeeded, meant: Meant, text: str) -> Card:
    """Ask the person to confirm first; then the same is done by a tap, or by sending the same words.

    meant: the action and the choice of what was tapped, None where nothing was. text: the message as it was written.
    """
    again: Mapping[str, Any] = {}
    if meant is not None:
        tap, (action, choice) = meant
        again = {"action": action.name, "subject": tap.subject, "version": tap.version, "choice": choice}
    elif command_in(text) is not None:
        again = {"typed": text.strip()}
    data = {"kind": needed.kind, "again": again}
    await conversations.ask(who, request, services, CODE_STEP, data, after=True)
    return cards.needed(needed.kind, by_code=needed.by_code)


async def stray(who: Person, request: Request, services: Services) -> Card | None:
    """A code that nobody asked for is deleted, and is no brief; None where it is none."""
    if not is_typed(request.text) or not await services.step_up.expects_codes(who):
        return None
    gone = await _deleted(request.chat_id, request.message_id, services)
    return Card(_(cards.NO_CODE) if gone else _(cards.DELETE_IT))


@router.command("Your authenticator, which confirms what is dangerous", Permission.MANAGE_PEOPLE,
                example="/authenticator", place=Place.PRIVATE, rank=158)  # fmt: skip
@router.button("authenticator", edit=True, place=Place.PRIVATE)
async def authenticator(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show how it stands with the person's authenticator."""
    return cards.standing(await services.step_up.standing(who), services.database.clock.now())


@router.answer(CODE_STEP, _code, cards.OPEN)
async def code_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Confirm by the code; the message goes whatever it says."""
    gone = await _deleted(request.chat_id, request.message_id, services)
    confirmed = await services.step_up.confirm(who, Kind(data["kind"]), request.text)
    await conversations.end(who, request, services, DIALOG)
    card = cards.confirmed(confirmed.kind, data["again"], confirmed.recovery_left)
    return card if gone else replace(card, text=f"{card.text}\n{_(cards.DELETE_IT)}")


@router.button("suask", edit=True, place=Place.PRIVATE, choices=tuple(Kind), instead=ANEW)
async def ask_others(who: Person, request: Request, services: Services) -> Card:
    """Ask the other admins in place of a code."""
    kind = Kind(request.choice)
    waits = await conversations.of_dialog(who, request, services, DIALOG)
    fits = waits is not None and waits.step == CODE_STEP and waits.data["kind"] == kind
    count = await services.step_up.ask_others(who, kind, waits.data["again"] if waits is not None and fits else {})
    await conversations.end(who, request, services, DIALOG)
    return cards.asked(count)


@router.button("sunever", edit=True, place=Place.PRIVATE)
async def never_mind(who: Person, request: Request, services: Services) -> Card:
    """Confirm nothing, and set nothing up."""
    who.require(Permission.MANAGE_PEOPLE)
    await conversations.end(who, request, services, DIALOG)
    return Card(_("Nothing was done."))


@router.button("suyes", place=Place.PRIVATE)
async def yes(who: Person, request: Request, services: Services) -> Card:
    """Confirm for another admin."""
    await services.step_up.answer(who, request.subject, yes=True)
    return Card(toast=_("You confirmed it"))


@router.button("suno", place=Place.PRIVATE)
async def no(who: Person, request: Request, services: Services) -> Card:
    """Refuse what another admin asks."""
    await services.step_up.answer(who, request.subject, yes=False)
    return Card(toast=_("You refused it"))


@router.button("sunew", place=Place.PRIVATE)
async def set_up(who: Person, request: Request, services: Services) -> Card:
    """Show the key of a new authenticator; not by the outbox, which would keep it."""
    key = await services.step_up.begin(who)
    shown = await _shown(who, services, cards.key(key))
    await conversations.ask(who, request, services, NEW_STEP, {"shown": shown}, after=True)
    return Card(toast=_("Scan the picture below"))


@router.answer(NEW_STEP, _code, N_("Still open: the first code of your new authenticator."))
async def first_code(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Have it count; picture and code go, and the recovery codes are shown once."""
    gone = await _deleted(request.chat_id, request.message_id, services)
    codes = await services.step_up.finish(who, request.text)
    await conversations.end(who, request, services, DIALOG)
    gone = await _deleted(request.chat_id, data["shown"], services) and gone
    await _shown(who, services, cards.recovery(codes))
    card = await authenticator(who, request, services)
    return card if gone else replace(card, text=f"{card.text}\n{_(cards.DELETE_IT)}")


@router.button("sucodes", place=Place.PRIVATE)
async def new_codes(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Make new recovery codes, and show them once."""
    codes = await services.step_up.renew_recovery(who)
    await _shown(who, services, cards.recovery(codes))
    return Card(toast=_("The codes before no longer count"))


@router.button("susaved", place=Place.PRIVATE)
async def saved(who: Person, request: Request, services: Services) -> Card:
    """Delete the message that shows recovery codes."""
    who.require(Permission.MANAGE_PEOPLE)
    gone = await _deleted(request.chat_id, request.message_id, services)
    return Card(toast=_("Deleted") if gone else _("I cannot delete it any more: please delete it yourself"))


@router.button("suoff", edit=True, place=Place.PRIVATE)
async def ask_off(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Ask once before it is taken off."""
    await services.step_up.standing(who)
    return cards.ask_off()


@router.button("suoffyes", edit=True, place=Place.PRIVATE)
async def off(who: Person, request: Request, services: Services) -> Card:
    """Take it off."""
    await services.step_up.take_off(who)
    return await authenticator(who, request, services)


@router.button("sulost", edit=True, place=Place.PRIVATE)
async def ask_lost(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Say what helps who lost it."""
    return cards.ask_lost((await services.step_up.standing(who)).others)


@router.button("sulostyes", edit=True, place=Place.PRIVATE)
async def lost(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Ask the other admins to take it off."""
    return cards.asked(await services.step_up.lost(who))


async def _shown(who: Person, services: Services, card: Card) -> int:
    """Show a secret at once, or not at all: what waits to be sent is written down."""
    try:
        return await services.chat.send(who.telegram_id, card)
    except ProviderError as error:
        log.warning("a secret could not be shown", person=who.id, error=str(error))
        raise Refusal(_("Telegram did not take my message. /authenticator begins anew.")) from None


async def _deleted(chat_id: int, message_id: int, services: Services) -> bool:
    """Delete a message that says a secret; False where Telegram does not let us."""
    try:
        await services.chat.delete(chat_id, message_id)
    except ProviderError as error:
        log.warning("a message with a secret could not be deleted", chat=chat_id, error=str(error))
        return False
    return True
