"""How one outbox item is delivered, per channel."""

from collections.abc import Awaitable, Callable

from bot.kernel.card import from_payload
from bot.kernel.errors import ProviderError
from bot.kernel.telegram import Blocked, Chat, ChatMoved, MessageGone
from bot.mirror.model import KEY, TABLES, MirrorTable
from bot.mirror.ports import Mirror
from bot.reports.ports import Mail
from storage import bindings, outbox, people
from storage.database import Database
from storage.outbox import Item, Report

Deliver = Callable[[Item], Awaitable[Report]]
NOTION = "notion"


def to_chats(database: Database, chat: Chat) -> Deliver:
    """Messages: a slot that was shown before is edited in place."""

    async def deliver(item: Item) -> Report:
        chat_id, card = int(item.destination), from_payload(item.payload)
        try:
            placed = await _placement(database, item)
            if placed is not None:
                try:
                    await chat.edit(chat_id, int(placed), card)
                except MessageGone:
                    placed = None
            if placed is None:
                placed = str(await chat.send(chat_id, card))
        except Blocked as error:
            await database.write(lambda tx: people.set_reach(tx, chat_id, "blocked"))
            return Report(item, "undeliverable", error=str(error))
        except ChatMoved as error:
            new_chat = str(error.new_chat_id)
            await database.write(lambda tx: outbox.redirect(tx, item.channel, item.destination, new_chat))
            return Report(item, "waiting", error=str(error), run_at=database.clock.now())
        except ProviderError as error:
            if error.retry_after is not None:
                chat.hold(chat_id, error.retry_after)
            raise
        return Report(item, external_id=placed)

    return deliver


def to_mirror(database: Database, mirror: Mirror) -> Deliver:
    """Rows: the row with our id is changed, or made where there is none."""

    async def source_of(item: Item, table: MirrorTable) -> str:
        async with database.reading() as connection:
            known = await bindings.get(connection, item.tenant, NOTION, table.name)
        if known is not None:
            return known
        source = await mirror.find_table(table) or await mirror.make_table(table)
        await database.write(lambda tx: bindings.put(tx, item.tenant, NOTION, table.name, source))
        return source

    async def deliver(item: Item) -> Report:
        table, key = TABLES[item.destination], item.payload["key"]
        values = {**item.payload["values"], KEY: key}
        source = await source_of(item, table)
        page = await _placement(database, item) or await mirror.find_row(source, key)
        if page is None:
            page = await mirror.make_row(source, table, values)
        else:
            await mirror.change_row(page, table, values)
        return Report(item, external_id=page)

    return deliver


def to_mailboxes(mail: Mail) -> Deliver:
    """Mails: the row's number makes the message's id, so that a second sending is seen as the same mail."""

    async def deliver(item: Item) -> Report:
        message_id = f"{item.channel}-{item.id}"
        await mail.send(item.destination, item.payload["subject"], item.payload["text"], message_id)
        return Report(item)

    return deliver


async def _placement(database: Database, item: Item) -> str | None:
    if item.slot is None:
        return None
    async with database.reading() as connection:
        return await outbox.placement(connection, item.channel, item.slot)
