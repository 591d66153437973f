"""The questions that wait for a person's answer in a chat, for the conversations that ask them.

Each is of a dialog, which the steps of one conversation have in common: "brief" of "brief.text". The update of the
request moves it, and moves it once (`handlers.routing.again`).
"""

from datetime import timedelta
from typing import Any

from bot.access.model import Person
from bot.kernel.card import NO_BUTTONS, Button, Card
from bot.kernel.translation import gettext as _
from bot.messages.service import TELEGRAM, post
from bot.services import Services
from handlers.routing.request import Request
from storage.core import conversations, outbox, stopped
from storage.core.conversations import Conversation as Conversation
from storage.engine.database import Transaction


async def of_dialog(who: Person, request: Request, services: Services, dialog: str) -> Conversation | None:
    """The dialog's question, also where it stands behind another."""
    async with services.database.reading() as connection:
        return await conversations.of_dialog(connection, who, request.chat_id, dialog)


async def ask(
    who: Person, request: Request, services: Services, step: str, data: dict[str, Any], *, after: bool = False
) -> None:
    """Let the person's next plain message in the chat answer the step.

    after: whatever waits stands behind it, also where it was given nothing: the person did not turn away from it.
    """
    chat_id, by = request.chat_id, request.update_key
    await services.database.write(lambda tx: conversations.ask(tx, who, chat_id, step, data, after=after, by=by))


async def change(
    who: Person, request: Request, services: Services, question: Conversation, data: dict[str, Any]
) -> None:
    """Change what the question holds, wherever it stands; nothing where it no longer waits."""
    chat_id, by = request.chat_id, request.update_key
    await services.database.write(lambda tx: conversations.change(tx, who, chat_id, question, data, by=by))


async def end(who: Person, request: Request, services: Services, dialog: str | None = None) -> bool:
    """End the dialog's question, or whichever waits; False where there was none."""
    chat_id, by = request.chat_id, request.update_key
    return await services.database.write(lambda tx: conversations.end(tx, who, chat_id, dialog, by=by))


async def stop(who: Person, request: Request, services: Services, words: str, dialog: str | None = None) -> Card | None:
    """End the dialog's question, or whichever waits, with a Card of these words; for some seconds it can be undone by
    its button, which goes by itself then. None where no question waited.
    """

    async def work(tx: Transaction) -> Card | None:
        chat_id, by = request.chat_id, request.update_key
        number = await stopped.stop(tx, who, chat_id, dialog, _undo(services), by=by)
        if number is None:
            return None
        slot = _slot(number)
        await post(tx, who.tenant, chat_id, NO_BUTTONS, slot=slot, topic=request.topic, after=_undo(services))
        return Card(words, ((Button(_("Undo"), "unstop", number),),), slot=slot)

    return await services.database.write(work)


async def take_up(who: Person, request: Request, services: Services) -> Conversation:
    """Have the question that was stopped wait again. Raises Stale where it is too late."""

    async def work(tx: Transaction) -> Conversation:
        question = await stopped.take_up(tx, who, request.subject, _undo(services), by=request.update_key)
        await outbox.take_back(tx, who.tenant, TELEGRAM, _slot(request.subject))
        return question

    return await services.database.write(work)


def _undo(services: Services) -> timedelta:
    return timedelta(seconds=services.database.timing.undo)


def _slot(number: int) -> str:
    return f"stopped:{number}"


async def take_back(who: Person, request: Request, services: Services, dialog: str, **holds: Any) -> bool:
    """End the dialog's question where it is the one that holds this; False where it waits no more, or another does."""

    async def work(tx: Transaction) -> bool:
        waiting = await conversations.of_dialog(tx.connection, who, request.chat_id, dialog)
        if waiting is None or not holds.items() <= waiting.data.items():
            return False
        return await conversations.end(tx, who, request.chat_id, dialog, by=request.update_key)

    return await services.database.write(work)


def over() -> Card:
    """What is shown in place of a question that waits no more, where its [Never mind] is tapped."""
    return Card(
        _(
            "That question waits no more: it was answered or stopped, or something else was asked since. "
            "This tap changed nothing."
        )
    )


async def clear(who: Person, request: Request, services: Services, dialog: str) -> None:
    """End the dialog's question, and each that was given nothing yet."""
    chat_id, by = request.chat_id, request.update_key
    await services.database.write(lambda tx: conversations.clear(tx, who, chat_id, dialog, by=by))
