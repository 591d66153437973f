"""The client's no, at any time before the decision; for some seconds it can be taken back.

It counts at once, so that no more is spent on the brief, and all that follows from it can be undone: nobody outside
hears of a brief that was cancelled before it was delivered.
"""

from datetime import timedelta
from functools import partial

from bot.access.model import Person
from bot.briefs import cards
from bot.briefs.model import PRODUCE, UNDER_WAY, Brief, State, check_own, check_undo
from bot.briefs.owed import invoice_behind
from bot.briefs.progress import changed, progress_slot, show_progress, tell_client
from bot.intake.quote_policy import QuotePolicy, QuotePolicyOf
from bot.intake.quotes import show_quote
from bot.intake.service import place_progress
from bot.kernel.card import NO_BUTTONS
from bot.kernel.tasks import Task, TaskQueue
from bot.messages.service import TELEGRAM
from storage.briefs import briefs, drafts
from storage.core import outbox
from storage.engine.database import Database, Transaction


class Cancelling:
    """Verbs that stop a brief, and have it go on where it stood."""

    def __init__(self, database: Database, queue: TaskQueue, terms: QuotePolicyOf) -> None:
        self._database = database
        self._queue = queue
        self._terms = terms
        self._within = timedelta(seconds=database.timing.undo)

    async def cancel(self, who: Person, brief_id: int, message_id: int, *, chat_id: int) -> tuple[Brief, int]:
        """Stop a brief that was not decided on, however far it is by now; with what the models cost until then.

        The cost is in millionths of a US dollar, and stands in the event too. Raises Stale where it is too late.
        """

        async def work(tx: Transaction) -> tuple[Brief, int]:
            brief = check_own(who.id, await briefs.get(tx.connection, who.tenant, brief_id))
            before = brief.state
            brief = await briefs.move(tx, brief, State.CANCELLED)
            if before is State.QUOTED:
                await place_progress(tx, brief, message_id, chat_id)
            spent = 0 if before is State.QUOTED else await drafts.spent(tx.connection, brief.tenant, brief.id)
            await changed(tx, brief, "cancelled", who, show=False, before=before, spent_micro_usd=spent)
            slot = progress_slot(brief)
            await self._offer(tx, brief, before, slot)
            shown = await outbox.place_of(tx.connection, brief.tenant, TELEGRAM, slot)
            if message_id and chat_id == brief.chat_id and shown != str(message_id):
                await outbox.place(tx, brief.tenant, TELEGRAM, _tapped(brief, message_id), str(message_id))
                await self._offer(tx, brief, before, _tapped(brief, message_id))
            return brief, spent

        return await self._database.write(work)

    async def undo(self, who: Person, brief_id: int, version: int, before: State, message_id: int) -> Brief:
        """Have a brief that was just cancelled stand where it stood, and go on from there.

        message_id: the message with the button. Raises Stale where it is too late, or was done.
        """
        terms = await self._terms(who.tenant)

        async def work(tx: Transaction) -> Brief:
            brief = check_own(who.id, await briefs.get(tx.connection, who.tenant, brief_id, lock=True))
            check_undo(brief, version, tx.now, self._within)
            brief = await briefs.bring_back(tx, brief, before)
            await changed(tx, brief, "cancel_undone", who, show=False)
            await self._show(tx, brief, terms, message_id)
            if brief.state in UNDER_WAY:
                await self._queue.enqueue(tx, Task(PRODUCE, brief.id))
            return brief

        return await self._database.write(work)

    async def _offer(self, tx: Transaction, brief: Brief, before: State, slot: str) -> None:
        """Show that it is cancelled, with a button that goes by itself."""
        show = partial(cards.progress, brief, tx.now, await invoice_behind(tx.connection, brief), undo=before)
        await tell_client(tx, brief, show, slot=slot)
        await tell_client(tx, brief, lambda: NO_BUTTONS, slot=slot, after=self._within)

    async def _show(self, tx: Transaction, brief: Brief, terms: QuotePolicy, message_id: int) -> None:
        """Show where it stands again, in each message that said that it was cancelled."""
        slot, invoice = _tapped(brief, message_id), await invoice_behind(tx.connection, brief)
        if await outbox.place_of(tx.connection, brief.tenant, TELEGRAM, slot) is not None:
            await tell_client(tx, brief, partial(cards.progress, brief, tx.now, invoice), slot=slot)
        if brief.state is State.QUOTED:
            await show_quote(tx, brief, terms)
        else:
            await show_progress(tx, brief, invoice)


def _tapped(brief: Brief, message_id: int) -> str:
    """The slot of a message that is not the progress message, and in which the brief was cancelled."""
    return f"{brief.name}:cancelled:{message_id}"
