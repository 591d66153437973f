"""What could not be delivered for good: the admins hear of it, once per destination until something arrives there."""

from collections.abc import Sequence

from bot.access.model import Role
from bot.alerts import cards
from bot.briefs.journal import TELEGRAM, tell
from storage import outbox, people
from storage.database import Transaction
from storage.outbox import Item, Report


async def settle(tx: Transaction, reports: Sequence[Report]) -> None:
    """Write down what became of items, and have the admins told of those that were given up."""
    await outbox.settle(tx, reports)
    for report in reports:
        if report.state == "undeliverable":
            await _tell_admins(tx, report.item, report.error or "")


async def _tell_admins(tx: Transaction, item: Item, reason: str) -> None:
    last = await outbox.last_sent(tx.connection, item)
    key = f"undeliverable:{item.channel}:{item.destination}:{last}"
    card = cards.undeliverable(item.channel, await _name_of(tx, item), reason)
    for admin in await people.with_roles(tx.connection, item.tenant, Role.ADMIN):
        if (TELEGRAM, str(admin.telegram_id)) != (item.channel, item.destination):
            await tell(tx, item.tenant, admin.telegram_id, card, key=f"{key}:{admin.id}")


async def _name_of(tx: Transaction, item: Item) -> str:
    chat = item.destination.partition("/")[0]
    if item.channel != TELEGRAM or not chat.isdecimal():
        return f"group {chat}" if item.channel == TELEGRAM else item.destination
    person = await people.by_telegram_id(tx.connection, int(chat))
    return person.name if person is not None else f"chat {chat}"
