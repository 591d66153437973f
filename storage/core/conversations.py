"""Queries on guided conversations: a row per person and chat says which step is next, so a restart changes nothing.

A question that has been given something is not forgotten when another dialog asks in its chat: it stands behind that
one, and waits again once that one ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import bindparam, delete, select

from bot.access.model import Person
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import Damaged, unindexed
from storage.engine.upsert import upsert
from storage.tables.core import conversations

log = structlog.get_logger(__name__)
_THEIRS = (
    unindexed(conversations.c.tenant) == bindparam("its_tenant"),
    conversations.c.person_id == bindparam("person"),
    conversations.c.chat_id == bindparam("chat"),
)
_CURRENT = select(conversations).where(*_THEIRS)
_CURRENT_LOCKED = _CURRENT.with_for_update()
_END = delete(conversations).where(*_THEIRS)
_BEHIND = "behind"
_GIVEN = ("words", "files", "text", "answers", "said", "starts", "lines")  # what a person would have to give once more


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a guided conversation stands: the step that waits for an answer, and what was said so far.

    behind: the questions of other dialogs that wait again, one by one, once this one ended.
    at: when it was asked, or given something, last; None of those behind.
    """

    step: str
    data: dict[str, Any]
    behind: "tuple[Conversation, ...]" = ()
    at: datetime | None = None

    @property
    def dialog(self) -> str:
        """What the steps of one dialog have in common."""
        return dialog_of(self.step)

    @property
    def holds(self) -> bool:
        """Whether it was given something that would be lost with it."""
        return any(self.data.get(name) for name in _GIVEN)


def dialog_of(step: str) -> str:
    """ "billing" for "billing.email"."""
    return step.partition(".")[0]


async def current(connection: Connection, who: Person, chat_id: int) -> Conversation | None:
    """The question that waits, with those behind it."""
    row = (await connection.execute(_CURRENT, {"its_tenant": who.tenant, "person": who.id, "chat": chat_id})).first()
    return None if row is None else _read(row.step, row.data, row.updated_at)


async def of_dialog(connection: Connection, who: Person, chat_id: int, dialog: str) -> Conversation | None:
    """The question of that dialog, also where it stands behind another."""
    return _find(await current(connection, who, chat_id), dialog)


async def ask(
    tx: Transaction, who: Person, chat_id: int, step: str, data: dict[str, Any], *, after: bool = False
) -> None:
    """Let the person's next plain message in the chat answer `step`.

    after: whatever waits stands behind it, also where it was given nothing: the person did not turn away from it.
    """
    waiting = await _waiting(tx, who, chat_id)
    kept = [one for one in waiting if (one.holds or after) and one.dialog != dialog_of(step)]
    await _keep(tx, who, chat_id, [Conversation(step, data), *kept])


async def change(tx: Transaction, who: Person, chat_id: int, question: Conversation, data: dict[str, Any]) -> None:
    """Change what the question holds, wherever it stands; nothing where it no longer waits."""
    waiting = await _waiting(tx, who, chat_id)
    changed = [replace(one, data=data) if one.step == question.step else one for one in waiting]
    if changed:
        await _keep(tx, who, chat_id, changed)


async def end(tx: Transaction, who: Person, chat_id: int, dialog: str | None = None) -> bool:
    """End the dialog's question, or whichever waits; False where there was none."""
    waiting = await _waiting(tx, who, chat_id)
    left = waiting[1:] if dialog is None else [one for one in waiting if one.dialog != dialog]
    await _keep(tx, who, chat_id, left)
    return len(left) < len(waiting)


async def clear(tx: Transaction, who: Person, chat_id: int, dialog: str) -> None:
    """End the dialog's question, and each that was given nothing yet."""
    waiting = await _waiting(tx, who, chat_id)
    await _keep(tx, who, chat_id, [one for one in waiting if one.holds and one.dialog != dialog])


async def _waiting(tx: Transaction, who: Person, chat_id: int) -> list[Conversation]:
    """The question that waits and those behind it; who wants to change them as well waits for the transaction's end."""
    row = (
        await tx.connection.execute(_CURRENT_LOCKED, {"its_tenant": who.tenant, "person": who.id, "chat": chat_id})
    ).first()
    if row is None:
        return []
    first = _read(row.step, row.data, row.updated_at)
    if first is None:
        return []
    return [replace(first, behind=()), *first.behind]


async def _keep(tx: Transaction, who: Person, chat_id: int, waiting: Sequence[Conversation]) -> None:
    if not waiting:
        await tx.run(_END, {"its_tenant": who.tenant, "person": who.id, "chat": chat_id})
        return
    first, *others = waiting
    data = {name: value for name, value in first.data.items() if name != _BEHIND}
    if others:
        data[_BEHIND] = [{"step": one.step, "data": one.data} for one in others]
    key = {"tenant": who.tenant, "person_id": who.id, "chat_id": chat_id}
    await upsert(tx, conversations, key, {"step": first.step, "data": data, "updated_at": tx.now})


def _read(step: str, data: dict[str, Any] | Damaged, at: datetime) -> Conversation | None:
    """The question; None where its row is damaged, since it would else keep its person from ever being answered."""
    if isinstance(data, Damaged):
        log.error("a damaged conversation is passed over", step=step)
        return None
    behind = tuple(Conversation(one["step"], one["data"]) for one in data.get(_BEHIND, ()))
    return Conversation(step, {name: value for name, value in data.items() if name != _BEHIND}, behind, at)


def _find(waiting: Conversation | None, dialog: str) -> Conversation | None:
    if waiting is None:
        return None
    return next((one for one in (waiting, *waiting.behind) if one.dialog == dialog), None)


async def end_all(tx: Transaction, who: Person) -> None:
    """End every conversation with the person, in whichever chat: they may no longer do what it led to."""
    await tx.run(delete(conversations).where(conversations.c.tenant == who.tenant, conversations.c.person_id == who.id))
