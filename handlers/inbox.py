"""Works Telegram's inbox off: every kept update is answered, in order within a chat, many chats at a time.

An update is done once its answer was shown (or handed to the outbox) and its row says so; after a crash in between it
is answered again, and the verbs behind the handlers see that it was done.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.access.service import TENANT
from bot.briefs.journal import TELEGRAM, tell
from bot.kernel.card import Card
from bot.kernel.errors import EchoPilotError, ProviderError
from bot.kernel.lanes import Lanes
from bot.kernel.tasks import Task
from bot.kernel.telegram import Blocked, Chat, MessageGone
from bot.services import Services
from handlers import parts
from handlers.dispatch import Answer, Dispatcher, fault, new_reference
from handlers.incoming import Incoming, read
from handlers.order import Order
from handlers.updates import apologise
from jobs.updates import UPDATE
from storage import inbox, journal, outbox
from storage.batches import Batches
from storage.database import Transaction, despite_faults
from storage.inbox import Waiting
from storage.tries import PASSING, reason

log = structlog.get_logger(__name__)
SOURCE = "telegram"
LOOK_SECONDS = 1.0
GAP_LOOK_SECONDS = 0.1
READ_AT_ONCE = 200
TRIES = 3
TRIES_AT_PROVIDER = 60  # about a minute and a half, the time that a provider may well be away
CHATS_AT_ONCE = 50
REST_SECONDS = 0.6  # apps send the parts of a long text at once; a rest that takes longer is put to it all the same
REST_LOOK_SECONDS = 0.1
GATHER_SECONDS = 0.02  # nobody waits for it that an answer, once shown, is written down as shown
Keep = Callable[[Transaction, str, Task, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handled:
    """An update that was dealt with.

    unsent: the answer that Telegram did not take just now. slot, message_id: which message shows what from now on.
    given_up: why it waits in /failed.
    """

    arrival: Waiting
    update: Incoming
    answer: Answer | None
    unsent: Card | None = None
    error: str | None = None
    slot: str = ""
    message_id: int = 0
    given_up: str | None = None


class InboxWorker:
    """Answers updates until cancelled; what is under way then is finished first."""

    def __init__(self, services: Services, dispatcher: Dispatcher) -> None:
        self._services = services
        self._chat: Chat = services.chat
        self._dispatcher = dispatcher
        record = partial(_record, services.failed_tasks.keep)
        self._handled: Batches[Handled] = Batches(services.database, record, GATHER_SECONDS, urgent=True)
        self._unrecorded: dict[int, Handled] = {}
        self._told: set[int] = set()
        webhook = services.settings.telegram_updates == "webhook"  # polling brings them in order
        self._order = Order(asyncio.get_running_loop().time) if webhook else None
        self._lanes: Lanes[Waiting] = Lanes(
            self._handle, id_of=lambda a: a.id, lane_of=lambda a: read(a.payload).chat_id, at_once=CHATS_AT_ONCE
        )

    async def run(self) -> None:
        database = self._services.database
        try:
            while True:
                await despite_faults(self._take_waiting)
                await database.signals.wait(inbox.signal(SOURCE), GAP_LOOK_SECONDS if self._waits else LOOK_SECONDS)
        finally:
            await self._lanes.close()

    @property
    def _waits(self) -> bool:
        return self._order is not None and self._order.waits

    async def _take_waiting(self) -> None:
        async def read_waiting(known: Set[int]) -> list[Waiting]:
            async with self._services.database.reading() as connection:
                rows = await inbox.waiting(connection, SOURCE, READ_AT_ONCE, known)
            return rows if self._order is None else self._order.ready(rows)

        await self._lanes.take(read_waiting)

    async def _handle(self, arrival: Waiting) -> None:
        handled = self._unrecorded.get(arrival.id) or await self._dealt_with(arrival)
        if handled is None:
            return
        # Until it is written down it is remembered: a database that takes nothing must not make us say it again.
        self._unrecorded[arrival.id] = handled
        await self._handled.add(handled)
        del self._unrecorded[arrival.id]

    async def _dealt_with(self, arrival: Waiting) -> Handled | None:
        """What became of the update; None where it waits to be tried again."""
        update = read(arrival.payload)
        if update.kind == "unreadable":
            log.error("an update cannot be read, and is given up", arrival=arrival.id, why=update.fault)
            return Handled(arrival, update, None, error=update.fault, given_up=f"it cannot be read: {update.fault}")
        try:
            update = replace(update, followed=await self._followed(arrival, update))
            answer = await self._dispatcher.answer(update)
        except ProviderError as error:
            return await self._failed(arrival, update, error, str(error))
        except PASSING:
            if arrival.id not in self._told:
                self._told.add(arrival.id)
                await apologise(self._chat, update)
            raise
        except Exception as error:
            reference = new_reference()
            log.exception("update failed", arrival=arrival.id, reference=reference)
            return await self._failed(arrival, update, error, f"{reference}: {reason(error)}")
        self._told.discard(arrival.id)
        return await self._show(arrival, update, answer)

    async def _followed(self, arrival: Waiting, update: Incoming) -> bool:
        """Whether the rest of a long text waits as the next message of its chat; it is given a moment to come."""
        if not update.private or not parts.can_go_on(update):
            return False
        for _ in range(round(REST_SECONDS / REST_LOOK_SECONDS)):
            async with self._services.database.reading() as connection:
                later = await inbox.after(connection, SOURCE, arrival.id, READ_AT_ONCE)
            following = next((one for one in map(_update, later) if one.chat_id == update.chat_id), None)
            if following is not None:
                return parts.goes_on(update, following)
            await asyncio.sleep(REST_LOOK_SECONDS)
        return False

    async def _failed(self, arrival: Waiting, update: Incoming, error: Exception, words: str) -> Handled | None:
        """Try again a few times, then tell the person; the update stays in the inbox with its error."""
        waits = isinstance(error, ProviderError) and not error.permanent
        if arrival.attempts + 1 < (TRIES_AT_PROVIDER if waits else TRIES):
            await self._services.database.write(lambda tx: inbox.mark_tried(tx, arrival.id, words))
            return None
        reference = words.partition(":")[0] if not isinstance(error, EchoPilotError) else new_reference()
        log.error("update given up", arrival=arrival.id, reference=reference, error=words)
        return Handled(arrival, update, None, fault(reference), words, given_up=f"{reference}: {reason(error)}")

    async def _show(self, arrival: Waiting, update: Incoming, answer: Answer | None) -> Handled:
        """Show the answer, and tell what became of it."""
        handled = Handled(arrival, update, answer)
        if answer is None or answer.card is None:
            return handled
        card = answer.card
        try:
            if update.kind == "tap":
                await self._answer_tap(update, card, refused=answer.outcome != "done")
                if answer.outcome != "done":
                    return handled
            if card.text:
                return replace(handled, slot=card.slot, message_id=await self._place(update, card))
        except ProviderError as error:
            # The outbox sends it later, or gives it up with a word to the admins.
            log.warning("answer waits in the outbox", arrival=arrival.id, error=str(error))
            if isinstance(error, Blocked) and update.private:  # a group may silence us, and its people still be reached
                await self._services.access.set_reach(update.user_id, "blocked")
            return replace(handled, unsent=card)
        return handled

    async def _answer_tap(self, update: Incoming, card: Card, *, refused: bool) -> None:
        try:
            await self._chat.answer(update.callback_id, card.toast, alert=refused)
        except ProviderError as error:
            if not error.permanent:
                raise
            # A tap older than some seconds can no longer be answered; what it did stands.
            if refused:
                await self._place(update, Card(card.text))

    async def _place(self, update: Incoming, card: Card) -> int:
        """Show the card; returns the id of the message that shows it."""
        if card.place == "edit" and update.kind == "tap":
            try:
                await self._chat.edit(update.chat_id, update.message_id, card, user_id=update.user_id)
            except MessageGone:
                log.info("a message to edit is gone; its card is sent anew", chat=update.chat_id)
            else:
                return update.message_id
        return await self._chat.send(update.chat_id, card, user_id=update.user_id, topic=update.topic)


def _update(arrival: Waiting) -> Incoming:
    return read(arrival.payload)


async def _record(keep: Keep, tx: Transaction, batch: Sequence[Handled]) -> None:
    entries = [
        journal.Entry(
            tenant=handled.answer.who.tenant or TENANT,
            action=handled.answer.action,
            subject=f"chat:{handled.update.chat_id}",
            outcome=handled.answer.outcome,
            person_id=handled.answer.who.id,
            telegram_id=handled.update.user_id,
        )
        for handled in batch
        if handled.answer is not None
    ]
    await journal.add_entries(tx, entries)
    for handled in batch:
        if handled.unsent is not None and handled.unsent.text:
            slot, key = handled.unsent.slot or None, f"update:{handled.arrival.id}"
            topic = handled.update.topic
            await tell(tx, TENANT, handled.update.chat_id, handled.unsent, slot=slot, key=key, topic=topic)
        if handled.slot:
            await outbox.place(tx, TENANT, TELEGRAM, handled.slot, str(handled.message_id))
        if handled.given_up is not None:
            await keep(tx, TENANT, Task(UPDATE, handled.arrival.id), handled.given_up)
        if handled.error is not None:
            await inbox.mark_processed(tx, [handled.arrival.id], handled.error)
    await inbox.mark_processed(tx, [handled.arrival.id for handled in batch if handled.error is None])
