"""Works Telegram's inbox off: every kept update is answered, in order within a chat, many chats at a time.

An update is done once its answer was shown (or handed to the outbox) and its row says so; after a crash in between it
is answered again, and the verbs behind the handlers see that it was done.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence, Set
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.access.model import TENANT
from bot.audit.whence import coming_from
from bot.kernel.card import LONGEST_TOAST, Card
from bot.kernel.errors import EchoPilotError, ProviderError
from bot.kernel.keyed_queue import KeyedQueue
from bot.kernel.tasks import Task
from bot.kernel.translation import Reader, best_language, home, reading_as
from bot.kernel.translation import gettext as _
from bot.messages.ports import Blocked, Chat, MessageGone
from bot.messages.service import TELEGRAM, post
from bot.people.joining import refused
from bot.services import Services
from handlers.dispatch import Answer, Dispatcher
from handlers.intake import long_texts as parts
from handlers.routing import albums
from handlers.routing.order import Order
from handlers.routing.places import IN_PRIVATE, Spot, cannot_write, told_so
from handlers.routing.polling import apologise
from handlers.routing.update import Update, read
from handlers.trust.guard import Guard
from jobs.worker.updates import SOURCE, UPDATE
from storage.audit import entries as audit
from storage.core import inbox, outbox
from storage.core.inbox import InboxRow
from storage.engine.database import Transaction, despite_faults
from storage.engine.group_commit import GroupCommit
from storage.queue.tries import PASSING, reason

log = structlog.get_logger(__name__)
LOOK_SECONDS = 1.0
GAP_LOOK_SECONDS = 0.1
READ_AT_ONCE = 200
TRIES = 3
TRIES_AT_PROVIDER = 60  # about a minute and a half, the time that a provider may well be away
CHATS_AT_ONCE = 50
REST_SECONDS = 0.6  # apps send the parts of a long text at once; a rest that takes longer is put to it all the same
REST_LOOK_SECONDS = 0.1
GATHER_SECONDS = 0.05  # for it that an answer was written down as shown only the chat's next update waits
Keep = Callable[[Transaction, str, Task, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update's row, and what stands in it."""

    row: InboxRow
    update: Update


@dataclass(frozen=True, slots=True)
class Handled:
    """An update that was dealt with.

    unsent: what Telegram did not take just now, and where it belongs.
    slot, message_id: which message shows what from now on.
    given_up: why it waits in /failed.
    """

    arrival: InboxRow
    update: Update
    answer: Answer | None
    unsent: tuple[tuple[Spot, Card], ...] = ()
    error: str | None = None
    slot: str = ""
    message_id: int = 0
    given_up: str | None = None


class InboxWorker:
    """Answers updates until cancelled; what is under way then is finished first."""

    def __init__(self, services: Services, dispatcher: Dispatcher) -> None:
        self._services = services
        self._chat: Chat = services.chat
        self._dispatcher, self._guard = dispatcher, Guard(services)
        record = partial(_record, services.alerts.failed_tasks.keep)
        self._handled: GroupCommit[Handled] = GroupCommit(services.database, record, GATHER_SECONDS, urgent=True)
        self._unrecorded: dict[int, Handled] = {}
        self._told: set[int] = set()
        webhook = services.settings.telegram_updates == "webhook"  # polling brings them in order
        self._order = Order(asyncio.get_running_loop().time) if webhook else None
        self._lanes: KeyedQueue[Arrived] = KeyedQueue(
            self._handle, id_of=lambda a: a.row.id, lane_of=lambda a: a.update.chat_id, at_once=CHATS_AT_ONCE
        )

    async def run(self) -> None:
        database = self._services.database
        try:
            while True:
                await despite_faults(self._take_waiting)
                await database.signals.wait(inbox.signal(SOURCE), GAP_LOOK_SECONDS if self._waits else LOOK_SECONDS)
        finally:
            self._handled.hurry()
            await self._lanes.close()

    @property
    def _waits(self) -> bool:
        return self._order is not None and self._order.waits

    async def _take_waiting(self) -> None:
        async def read_waiting(known: Set[int]) -> list[Arrived]:
            async with self._services.database.reading() as connection:
                rows = await inbox.waiting(connection, SOURCE, READ_AT_ONCE, known)
            ready = rows if self._order is None else self._order.ready(rows)
            return [Arrived(row, self._update(row)) for row in ready]

        await self._lanes.take(read_waiting)
        if self._lanes.crowded:
            self._handled.hurry()

    def _update(self, arrival: InboxRow) -> Update:
        return read(self._services.step_up.show(arrival.payload))

    async def _handle(self, arrived: Arrived) -> None:
        arrival = arrived.row
        with reading_as(_by_app(arrived.update)):
            known = self._unrecorded.get(arrival.id)
            handled = known or await self._dealt_with(arrival, arrived.update)
        if handled is None:
            return
        if known is None:
            self._count(handled)
        # Until it is written down it is remembered: a database that takes nothing must not make us say it again.
        self._unrecorded[arrival.id] = handled
        await self._handled.add(handled, hurry=bool(self._lanes.behind(arrived)))
        del self._unrecorded[arrival.id]

    def _count(self, handled: Handled) -> None:
        """How long its person waited for an answer; what nobody waits for counts for nothing."""
        if handled.error is None and (handled.answer is None or handled.answer.card is None):
            return
        waited = (self._services.database.clock.now() - handled.arrival.received_at).total_seconds()
        outcome = "fault" if handled.error is not None or handled.answer is None else handled.answer.outcome
        self._services.metrics.update(handled.update.kind, outcome, waited)

    async def _dealt_with(self, arrival: InboxRow, update: Update) -> Handled | None:
        """What became of the update; None where it waits to be tried again."""
        if update.kind == "unreadable":
            log.error("an update cannot be read, and is given up", arrival=arrival.id, why=update.fault)
            return Handled(arrival, update, None, error=update.fault, given_up=f"it cannot be read: {update.fault}")
        try:
            update = await self._with_neighbours(arrival, update)
            handled = await self._answered(arrival, update)
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
        return handled

    async def _answered(self, arrival: InboxRow, update: Update) -> Handled:
        if (told := await self._guard.held(update)) is not None:
            await self._show_told(update, told)
            return Handled(arrival, update, None)
        with coming_from(_source(update), f"update:{arrival.id}"):
            answer = await self._dispatcher.answer(update)
        if answer is not None:
            await self._guard.learn(update, answer.who, answer.action, answer.outcome)
        with reading_as(answer.who.reader) if answer is not None else nullcontext():
            return await self._show(arrival, update, answer)

    async def _show_told(self, update: Update, told: Card) -> None:
        """Say once why nothing is answered; it is no matter if that does not arrive."""
        with suppress(ProviderError):
            if update.kind == "tap":
                await self._chat.answer(update.callback_id, "")
            if told.text:
                await self._chat.send(update.chat_id, told)

    async def _with_neighbours(self, arrival: InboxRow, update: Update) -> Update:
        """The update, knowing what came with it in other messages: the rest of its text, or the album's words."""
        if update.album:
            return await albums.whole(self._services.database, arrival, update)
        return replace(update, followed=await self._followed(arrival, update))

    async def _followed(self, arrival: InboxRow, update: Update) -> bool:
        """Whether the rest of a long text waits as the next message of its chat; it is given a moment to come."""
        if not update.private or not parts.can_go_on(update):
            return False
        for _look in range(round(REST_SECONDS / REST_LOOK_SECONDS)):
            async with self._services.database.reading() as connection:
                later = await inbox.after(connection, SOURCE, arrival.id, READ_AT_ONCE)
            following = next((one for one in map(self._update, later) if one.chat_id == update.chat_id), None)
            if following is not None:
                return parts.goes_on(update, following)
            await asyncio.sleep(REST_LOOK_SECONDS)
        return False

    async def _failed(self, arrival: InboxRow, update: Update, error: Exception, words: str) -> Handled | None:
        """Try again a few times, then tell the person; the update stays in the inbox with its error."""
        waits = isinstance(error, ProviderError) and not error.permanent
        if arrival.attempts + 1 < (TRIES_AT_PROVIDER if waits else TRIES):
            await self._services.database.write(lambda tx: inbox.mark_tried(tx, arrival.id, words))
            return None
        reference = words.partition(":")[0] if not isinstance(error, EchoPilotError) else new_reference()
        log.error("update given up", arrival=arrival.id, reference=reference, error=words)
        here = Spot(update.chat_id, update.topic)
        told = ((here, fault(reference)),)
        return Handled(arrival, update, None, told, words, given_up=f"{reference}: {reason(error)}")

    async def _show(self, arrival: InboxRow, update: Update, answer: Answer | None) -> Handled:
        """Show the answer, and tell what became of it."""
        handled = Handled(arrival, update, answer)
        if answer is None or answer.card is None:
            return handled
        card, spot = answer.card, answer.spot
        database = self._services.database
        began = database.clock.now()
        try:
            if update.kind == "tap":
                shown = replace(card, toast=card.toast or _(IN_PRIVATE)) if spot.moved and card.text else card
                await self._answer_tap(update, shown, spot, refused=answer.outcome != "done")
                if answer.outcome != "done":
                    return handled
            if card.text:
                handled = replace(handled, slot=card.slot, message_id=await self._place(update, card, spot))
        except ProviderError as error:
            # The outbox sends it later, or gives it up with a word to the admins.
            log.warning("answer waits in the outbox", arrival=arrival.id, error=str(error))
            if isinstance(error, Blocked) and spot.moved:
                return await self._tell_group(handled, answer, written=False)
            if isinstance(error, Blocked) and update.private:  # a group may silence us, and its people still be reached
                await database.write(lambda tx: refused(tx, update.user_id, began))
            later = replace(card, text=card.kept) if card.kept else card
            handled = replace(handled, unsent=((spot, later),) if card.text else ())
        if spot.moved and card.text and update.kind != "tap":
            return await self._tell_group(handled, answer, written=True)
        return handled

    async def _tell_group(self, handled: Handled, answer: Answer, *, written: bool) -> Handled:
        """Say in the group, in one line, that the answer is elsewhere, or why there is none."""
        name, update = self._services.bot_name, handled.update
        line = cannot_write(answer.asked_for, name)
        if written:
            line = told_so(answer.asked_for, name, answer.card.openly if answer.card is not None else "")
        try:
            await self._chat.send(update.chat_id, line, topic=update.topic)
        except ProviderError as error:
            log.warning("a line for a group waits in the outbox", arrival=handled.arrival.id, error=str(error))
            here = Spot(update.chat_id, update.topic)
            return replace(handled, unsent=(*handled.unsent, (here, line)))
        return handled

    async def _answer_tap(self, update: Update, card: Card, spot: Spot, *, refused: bool) -> None:
        """A refusal that a popup would cut off, which ends with who can help, is a message where nobody else reads."""
        long = refused and update.private and len(card.toast) > LONGEST_TOAST
        try:
            await self._chat.answer(update.callback_id, "" if long else card.toast, alert=refused and not long)
        except ProviderError as error:
            if not error.permanent:
                raise
            # A tap older than some seconds can no longer be answered; what it did stands.
            long = refused
        if long:
            await self._place(update, Card(card.text), spot)

    async def _place(self, update: Update, card: Card, spot: Spot) -> int:
        """Show the card; returns the id of the message that shows it."""
        if card.place == "edit" and update.kind == "tap" and not spot.moved:
            try:
                await self._chat.edit(update.chat_id, update.message_id, card)
            except MessageGone:
                log.info("a message to edit is gone; its card is sent anew", chat=update.chat_id)
            else:
                return update.message_id
        return await self._chat.send(spot.chat_id, card, topic=spot.topic)


def _reader(handled: Handled) -> Reader:
    """Whom the answer is for."""
    return handled.answer.who.reader if handled.answer is not None else _by_app(handled.update)


def _by_app(update: Update) -> Reader:
    """In which language to speak with somebody of whom only the app is known."""
    return Reader(best_language(update.language, home().language), home().zone)


def _source(update: Update) -> str:
    """Where from, as the audit log has it."""
    return "chat" if update.private else "group"


async def _record(keep: Keep, tx: Transaction, batch: Sequence[Handled]) -> None:
    entries = [
        audit.Entry(
            tenant=handled.answer.who.tenant or TENANT,
            action=handled.answer.action,
            subject="chat" if handled.update.private else f"chat:{handled.update.chat_id}",
            outcome=handled.answer.outcome,
            person_id=handled.answer.who.id,
            telegram_id=handled.update.user_id,
            source=_source(handled.update),
            reference=f"update:{handled.arrival.id}",
        )
        for handled in batch
        if handled.answer is not None
    ]
    await audit.add_entries(tx, entries)
    for handled in batch:
        tenant = (handled.answer.who.tenant if handled.answer is not None else "") or TENANT
        for number, (spot, card) in enumerate(handled.unsent):
            key = f"update:{handled.arrival.id}" + (f":{number}" if number else "")
            with reading_as(_reader(handled)):
                await post(tx, tenant, spot.chat_id, card, slot=card.slot or None, key=key, topic=spot.topic)
        if handled.slot:
            await outbox.place(tx, tenant, TELEGRAM, handled.slot, str(handled.message_id))
        if handled.given_up is not None:
            await keep(tx, tenant, Task(UPDATE, handled.arrival.id), handled.given_up)
        if handled.error is not None:
            await inbox.mark_processed(tx, [handled.arrival.id], handled.error)
    await inbox.mark_processed(tx, [handled.arrival.id for handled in batch if handled.error is None])


def fault(reference: str) -> Card:
    """What a person reads when a fault of ours stopped what they asked for."""
    return Card(
        _(
            "That did not work, and it is our fault, not yours. We keep what you sent.\n"
            "Send it once more, or tell us the reference <code>{reference}</code> and we look into it.",
            reference=reference,
        )
    )


def new_reference() -> str:
    """A short reference for a person to quote and for us to find in the log."""
    return secrets.token_hex(3)
