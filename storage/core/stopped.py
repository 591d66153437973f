"""Questions that somebody stopped, kept for the moment in which that can be undone."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.access.model import Person
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from storage.core import conversations
from storage.core.conversations import Conversation
from storage.engine.database import Transaction
from storage.engine.types import Damaged, unindexed
from storage.tables.core import stopped_questions


async def stop(
    tx: Transaction, who: Person, chat_id: int, dialog: str | None, within: timedelta, *, by: str = ""
) -> int | None:
    """End the dialog's question, or whichever waits; returns the number by which it can be taken up again, None where
    there was none.

    within: how long it can be. What the person stopped before that is forgotten. by: see `conversations.ask`.
    """
    waits = await conversations.current(tx.connection, who, chat_id)
    stopped = next((one for one in _all(waits) if dialog in (None, one.dialog)), None)
    if stopped is None or not await conversations.end(tx, who, chat_id, stopped.dialog, by=by):
        return None
    old = delete(stopped_questions).where(stopped_questions.c.person_id == who.id)
    old = old.where(unindexed(stopped_questions.c.tenant) == who.tenant)
    await tx.run(old.where(unindexed(stopped_questions.c.stopped_at) < tx.now - within))
    row = {"tenant": who.tenant, "person_id": who.id, "chat_id": chat_id, "step": stopped.step}
    row |= {"data": stopped.data, "stopped_at": tx.now}
    return int((await tx.run(stopped_questions.insert().returning(stopped_questions.c.id), row)).scalar_one())


def _all(waits: Conversation | None) -> tuple[Conversation, ...]:
    return () if waits is None else (waits, *waits.behind)


async def take_up(tx: Transaction, who: Person, number: int, within: timedelta, *, by: str = "") -> Conversation:
    """Have a question that the person stopped wait for them again. Raises Stale where it is too late for that."""
    its = (stopped_questions.c.id == number, unindexed(stopped_questions.c.tenant) == who.tenant)
    query = select(stopped_questions).where(*its, unindexed(stopped_questions.c.person_id) == who.id)
    row = (await tx.connection.execute(query.with_for_update())).first()
    if row is None or isinstance(row.data, Damaged):
        raise Stale(_("There is nothing left to undo here."))
    if tx.now - row.stopped_at > within:
        raise Stale(_("It is too late to undo that. Nothing was sent, and you can begin again any time."))
    stopped = Conversation(row.step, row.data)
    meanwhile = await conversations.of_dialog(tx.connection, who, row.chat_id, stopped.dialog)
    if meanwhile is not None and meanwhile.holds:
        raise Stale(_("You have begun anew since then, and that one goes on."))
    await tx.run(delete(stopped_questions).where(*its))
    await conversations.ask(tx, who, row.chat_id, stopped.step, stopped.data, after=True, by=by)
    return stopped


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete what was stopped before that time; returns how many rows went."""
    return (await tx.run(delete(stopped_questions).where(stopped_questions.c.stopped_at < before))).rowcount
