"""An update that is dealt with once more, as after a kill between what it did and its answer.

The row of a conversation knows which update moved it last. Where its answer was kept, it is given again, to the letter.
Where it was not, nobody can have seen it, so the conversation is put back to where it stood, and the update is dealt
with as if for the first time. Either way it is never taken as the answer to the question that it led to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.access.model import Person
from bot.kernel.card import Card, from_payload, to_payload
from bot.services import Services
from handlers.routing.update import Update
from storage.core import conversations
from storage.core.conversations import Conversation


@dataclass(frozen=True, slots=True)
class Given:
    """What an update was answered with; action and outcome as the audit has them."""

    action: str
    outcome: str
    card: Card | None


@dataclass(frozen=True, slots=True)
class Before:
    """How a chat stands when an update comes. waits: the question that it may answer.

    given: what it was answered with before. again: it was begun to be dealt with before, and that was taken back.
    """

    waits: Conversation | None = None
    given: Given | None = None
    again: bool = False


async def before(who: Person, update: Update, services: Services) -> Before:
    """How the person's chat stands, as the update finds it whenever it is dealt with."""
    chat_id, key = update.chat_id, update.key
    async with services.database.reading() as connection:
        stands = await conversations.standing(connection, who, chat_id)
    if not key or stands.moved_by != key:
        return Before(stands.waits)
    if stands.answer is not None:
        return Before(stands.waits, _read(stands.answer))
    waits = await services.database.write(lambda tx: conversations.rewind(tx, who, chat_id, key))
    return Before(waits, again=True)


async def keep(who: Person, update: Update, services: Services, given: Given) -> None:
    """Keep the answer before anybody sees it, where the update moved a conversation of its chat."""
    chat_id, key, answer = update.chat_id, update.key, _written(given)
    if key:
        await services.database.write(lambda tx: conversations.answered(tx, who, chat_id, key, answer))


def _written(given: Given) -> dict[str, Any]:
    said = {"action": given.action, "outcome": given.outcome}
    if (card := given.card) is None:
        return said
    beside = {"toast": card.toast, "place": card.place, "slot": card.slot, "openly": card.openly}
    return said | {"card": to_payload(card), "beside": beside}


def _read(answer: Mapping[str, Any]) -> Given:
    card = replace(from_payload(answer["card"]), **answer["beside"]) if "card" in answer else None
    return Given(answer["action"], answer["outcome"], card)
