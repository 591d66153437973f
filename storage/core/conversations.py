"""Queries on guided conversations: a row per person and chat says which step is next, so a restart changes nothing.

A question that has been given something is not forgotten when another dialog asks in its chat: it stands behind that
one, and waits again once that one ended. The row also knows which update moved it last, how it stood before that, and
what was answered: so an update that is dealt with once more, as after a kill, moves nothing a second time.
"""

from collections.abc import Mapping, Sequence
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
from storage.tables.core import OVER, conversations

log = structlog.get_logger(__name__)
_THEIRS = (
    unindexed(conversations.c.tenant) == bindparam("its_tenant"),
    conversations.c.person_id == bindparam("person"),
    conversations.c.chat_id == bindparam("chat"),
)
_CURRENT = select(conversations).where(*_THEIRS)
_CURRENT_LOCKED = _CURRENT.with_for_update()
_END = delete(conversations).where(*_THEIRS)
_MOVED_BY = unindexed(conversations.c.moved_by) == bindparam("mover")
_ANSWERED = conversations.update().where(*_THEIRS, _MOVED_BY).values(answer=bindparam("given"))
_BEHIND = "behind"
_GIVEN = ("words", "files", "text", "answers", "said", "starts", "lines")  # what a person would have to give once more
NOTHING = ""  # the step of a row in which nothing waits: it is kept for what it knows of the update that ended it


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


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits in a chat. moved_by: the key of the update that moved it last, "" where none is known.

    answer: what that update was answered with, once that is kept.
    """

    waits: Conversation | None = None
    moved_by: str = ""
    answer: Mapping[str, Any] | None = None


def dialog_of(step: str) -> str:
    """ "billing" for "billing.email"."""
    return step.partition(".")[0]


async def current(connection: Connection, who: Person, chat_id: int) -> Conversation | None:
    """The question that waits, with those behind it."""
    return (await standing(connection, who, chat_id)).waits


async def standing(connection: Connection, who: Person, chat_id: int) -> Standing:
    """The question that waits, and what the row knows of the update that moved it last."""
    row = (await connection.execute(_CURRENT, _keys(who, chat_id))).first()
    if row is None:
        return Standing()
    answer = None if isinstance(row.answer, Damaged) else row.answer
    return Standing(_read(row.step, row.data, row.updated_at), row.moved_by or "", answer)


async def of_dialog(connection: Connection, who: Person, chat_id: int, dialog: str) -> Conversation | None:
    """The question of that dialog, also where it stands behind another."""
    return _find(await current(connection, who, chat_id), dialog)


async def ask(
    tx: Transaction,
    who: Person,
    chat_id: int,
    step: str,
    data: dict[str, Any],
    *,
    after: bool = False,
    by: str = "",
) -> None:
    """Let the person's next plain message in the chat answer `step`.

    after: whatever waits stands behind it, also where it was given nothing: the person did not turn away from it.
    by: the key of the update that moves it; "" where none does, or one that may move it as often as it comes.
    """
    row = await _locked(tx, who, chat_id)
    kept = [one for one in row.waiting if (one.holds or after) and one.dialog != dialog_of(step)]
    await _keep(tx, who, chat_id, row, [Conversation(step, data), *kept], by)


async def change(
    tx: Transaction, who: Person, chat_id: int, question: Conversation, data: dict[str, Any], *, by: str = ""
) -> None:
    """Change what the question holds, wherever it stands; nothing where it no longer waits."""
    row = await _locked(tx, who, chat_id)
    changed = [replace(one, data=data) if one.step == question.step else one for one in row.waiting]
    if changed:
        await _keep(tx, who, chat_id, row, changed, by)


async def end(tx: Transaction, who: Person, chat_id: int, dialog: str | None = None, *, by: str = "") -> bool:
    """End the dialog's question, or whichever waits; False where there was none."""
    row = await _locked(tx, who, chat_id)
    left = row.waiting[1:] if dialog is None else [one for one in row.waiting if one.dialog != dialog]
    if len(left) == len(row.waiting):
        return False
    await _keep(tx, who, chat_id, row, left, by)
    return True


async def clear(tx: Transaction, who: Person, chat_id: int, dialog: str, *, by: str = "") -> None:
    """End the dialog's question, and each that was given nothing yet."""
    row = await _locked(tx, who, chat_id)
    left = [one for one in row.waiting if one.holds and one.dialog != dialog]
    if len(left) < len(row.waiting):
        await _keep(tx, who, chat_id, row, left, by)


async def answered(tx: Transaction, who: Person, chat_id: int, by: str, answer: Mapping[str, Any]) -> None:
    """Keep what the update was answered with; nothing where it moved no conversation."""
    await tx.run(_ANSWERED, {**_keys(who, chat_id), "mover": by, "given": answer})


async def rewind(tx: Transaction, who: Person, chat_id: int, by: str) -> Conversation | None:
    """Have that wait again which waited before the update moved it, and return it; None where nothing did."""
    row = await _locked(tx, who, chat_id)
    if row.moved_by != by:
        return row.first
    if row.before is None:
        await tx.run(_END, _keys(who, chat_id))
        return None
    await _write(tx, who, chat_id, row.before | {"moved_by": None, "before": None})
    return _read(row.before["step"], row.before["data"], tx.now)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that is held until the transaction ends. waiting: the question, and those behind it.

    before: step and data as they were before the update `moved_by`; None where nothing waited.
    """

    waiting: list[Conversation]
    stands: dict[str, Any] | None = None
    moved_by: str = ""
    before: dict[str, Any] | None = None

    @property
    def first(self) -> Conversation | None:
        return replace(self.waiting[0], behind=tuple(self.waiting[1:])) if self.waiting else None


async def _locked(tx: Transaction, who: Person, chat_id: int) -> _Row:
    """The row; who wants to change it as well waits for the transaction's end."""
    row = (await tx.connection.execute(_CURRENT_LOCKED, _keys(who, chat_id))).first()
    if row is None:
        return _Row([])
    before = None if isinstance(row.before, Damaged) else row.before
    first = _read(row.step, row.data, row.updated_at)
    if first is None:
        return _Row([], None, row.moved_by or "", before)
    stands = {"step": row.step, "data": row.data}
    return _Row([replace(first, behind=()), *first.behind], stands, row.moved_by or "", before)


async def _keep(
    tx: Transaction, who: Person, chat_id: int, row: _Row, waiting: Sequence[Conversation], by: str
) -> None:
    """Write what waits from now on, and beside it what did before the update that moves it."""
    if not waiting and not by:
        await tx.run(_END, _keys(who, chat_id))
        return
    first, *others = waiting or [Conversation(NOTHING, {})]
    data = {name: value for name, value in first.data.items() if name != _BEHIND}
    if others:
        data[_BEHIND] = [{"step": one.step, "data": one.data} for one in others]
    before = None if not by else row.before if row.moved_by == by else row.stands
    await _write(tx, who, chat_id, {"step": first.step, "data": data, "moved_by": by or None, "before": before})


async def _write(tx: Transaction, who: Person, chat_id: int, values: Mapping[str, Any]) -> None:
    key = {"tenant": who.tenant, "person_id": who.id, "chat_id": chat_id}
    await upsert(tx, conversations, key, {**values, "answer": None, "updated_at": tx.now})


def _keys(who: Person, chat_id: int) -> dict[str, Any]:
    return {"its_tenant": who.tenant, "person": who.id, "chat": chat_id}


def _read(step: str, data: dict[str, Any] | Damaged, at: datetime) -> Conversation | None:
    """The question; None where none waits, or its row is damaged, which would else keep its person from ever being
    answered.
    """
    if isinstance(data, Damaged):
        log.error("a damaged conversation is passed over", step=step)
        return None
    if step == NOTHING:
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


async def forget_ended(tx: Transaction, before: datetime) -> int:
    """Delete the rows in which nothing waits since before that time; returns how many went."""
    return (await tx.run(delete(conversations).where(OVER, conversations.c.updated_at < before))).rowcount
