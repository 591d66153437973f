"""What could not be delivered: the admins hear of it, once per destination until something arrives there.

Of what was given up at once; of a mail that is still tried, after LATE_TRIES. A chat that is late is not told of: the
word would be as late.
"""

from collections.abc import Awaitable, Callable, Sequence

from bot.access.model import Role
from bot.alerts import cards
from bot.billing.model import OPEN_INVOICE
from bot.briefs.journal import TELEGRAM, tell
from bot.kernel.card import Card
from bot.kernel.tasks import Task, TaskQueue
from storage import outbox, people
from storage.database import Transaction
from storage.outbox import Item, Report
from storage.undelivered import briefs_of, missing_work

Settle = Callable[[Transaction, Sequence[Report]], Awaitable[None]]

LATE_TRIES = 9  # by then some ten minutes have gone by
MAIL = "mail"


async def settle(tx: Transaction, reports: Sequence[Report]) -> None:
    """Write down what became of items, and have the admins told of those that were given up."""
    await outbox.settle(tx, reports)
    for report in reports:
        item, reason = report.item, report.error or ""
        if report.state == "undeliverable":
            card = cards.undeliverable(item.channel, await _name_of(tx, item), reason)
            await _tell_admins(tx, item, "undeliverable", card)
        elif report.state == "waiting" and item.channel == MAIL and item.attempts + 1 == LATE_TRIES:
            await _tell_admins(tx, item, "late", cards.late(item.channel, await _name_of(tx, item), reason))


def settle_chats(queue: TaskQueue) -> Settle:
    """The same for messages; and a brief's invoice is asked for as soon as all of its work was shown."""

    async def work(tx: Transaction, reports: Sequence[Report]) -> None:
        await settle(tx, reports)
        shown = {(r.item.tenant, brief) for r in reports if r.state == "sent" for brief in briefs_of([r.item.key])}
        for tenant, brief_id in sorted(shown):
            if not await missing_work(tx.connection, tenant, TELEGRAM, brief_id):
                await queue.enqueue(tx, Task(OPEN_INVOICE, brief_id))

    return work


async def _tell_admins(tx: Transaction, item: Item, what: str, card: Card) -> None:
    last = await outbox.last_sent(tx.connection, item)
    key = f"{what}:{item.channel}:{item.destination}:{last}"
    for admin in await people.with_roles(tx.connection, item.tenant, Role.ADMIN):
        if (TELEGRAM, str(admin.telegram_id)) != (item.channel, item.destination):
            await tell(tx, item.tenant, admin.telegram_id, card, key=f"{key}:{admin.id}")


async def _name_of(tx: Transaction, item: Item) -> str:
    chat = item.destination.partition("/")[0]
    if item.channel != TELEGRAM or not chat.isdecimal():
        return f"group {chat}" if item.channel == TELEGRAM else item.destination
    person = await people.by_telegram_id(tx.connection, int(chat))
    return person.name if person is not None else f"chat {chat}"
