"""How one outbox item is delivered, per channel."""

from contextlib import nullcontext

import structlog

from bot.access.model import CANARY
from bot.kernel.card import Card, from_payload
from bot.kernel.errors import ProviderError
from bot.kernel.translation import SOURCE_LANGUAGE, Reader, best_language, reading_as
from bot.messages import mails
from bot.messages.ports import Blocked, Chat, ChatMoved, MessageGone
from bot.ops.metrics import Metrics
from bot.partners.telling import Telling
from bot.people.joining import refused
from bot.reports.ports import Mail
from jobs.outbox.sender import Deliver
from storage.core import outbox
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Database, Transaction
from storage.people import team_rooms

log = structlog.get_logger(__name__)


def counted(metrics: Metrics, deliver: Deliver, provider: str = "") -> Deliver:
    """The same, with what becomes of items counted; with a provider's name how it answers too, where nothing else
    counts its calls.
    """

    async def count(item: OutboxRow, placed: str | None) -> Delivery:
        with metrics.call(provider, "deliver") if provider else nullcontext():
            report = await deliver(item, placed)
        metrics.item(item.channel, report.state)
        return report

    return count


def to_chats(database: Database, service: Chat) -> Deliver:
    """Messages: a slot that was shown before is edited in place."""

    async def deliver(item: OutboxRow, placed: str | None) -> Delivery:
        if item.tenant == CANARY:  # a test brief's chat is nobody's
            return Delivery(item, external_id=placed or str(item.id))
        with reading_as(Reader(best_language(item.payload.get("language", SOURCE_LANGUAGE)))):
            return await shown(item, placed)

    async def shown(item: OutboxRow, placed: str | None) -> Delivery:
        chat, _, topic = item.destination.partition("/")
        chat_id, card = int(chat), from_payload(item.payload)
        began = database.clock.now()
        try:
            if await _edited(service, item, placed, card) or _is_empty(card):
                return Delivery(item)
            message_id = await service.send(chat_id, card, topic=int(topic or 0))
        except Blocked as error:
            await database.write(lambda tx: refused(tx, chat_id, began))
            return Delivery(item, "undeliverable", error=str(error), blocked=True)
        except ChatMoved as error:
            moved_to = error.new_chat_id

            async def follow(tx: Transaction) -> None:
                await outbox.redirect(tx, item.channel, item.destination, str(moved_to))
                await team_rooms.move(tx, chat_id, moved_to)

            await database.write(follow)
            return Delivery(item, "waiting", error=str(error), run_at=database.clock.now())
        except ProviderError as error:
            if error.retry_after is not None:
                service.hold(chat_id, error.retry_after)
            raise
        return Delivery(item, external_id=str(message_id))

    return deliver


async def _edited(service: Chat, item: OutboxRow, placed: str | None, card: Card) -> bool:
    """Show it in place of what its slot shows; False where nothing does any more."""
    if placed is None:
        return False
    try:
        await service.edit(int(item.destination.partition("/")[0]), int(placed), card)
    except MessageGone:
        log.info("a message to edit is gone; it is sent anew", item=item.id)
        return False
    return True


def _is_empty(card: Card) -> bool:
    """Whether it only takes buttons away, and is no message by itself."""
    return card.text == "" and not card.has_file


def to_mailboxes(mail: Mail) -> Deliver:
    """Mails: the row's number makes the message's id, so that a second sending is seen as the same mail."""

    async def deliver(item: OutboxRow, placed: str | None) -> Delivery:  # noqa: ARG001 - a mail is never changed
        message = mails.from_payload(item.payload)
        await mail.send(item.destination, message, mails.id_of(item.id, message.token))
        return Delivery(item)

    return deliver


def to_partners(telling: Telling) -> Deliver:
    """Calls of partners' programs: one that was made before a crash is made again, under the same id."""

    async def deliver(item: OutboxRow, placed: str | None) -> Delivery:  # noqa: ARG001 - a message is never changed
        await telling.tell(item)
        return Delivery(item)

    return deliver
