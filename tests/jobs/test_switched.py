"""A channel of the outbox that is switched off, for all or for some."""

import asyncio
from contextlib import suppress

from bot.access.model import Role
from bot.flags.model import Change, Flag, Mode
from bot.flags.service import Flags
from jobs.outbox.sender import LET_ANEW, Sender
from jobs.switched import Switched
from storage.core import outbox
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Database, Transaction
from storage.people import people
from tests.clock import Hands


async def test_a_channel_for_some(sqlite_url: str) -> None:
    """Of a channel that is on for one address only that one's mail goes out; the others wait untried, then go too."""
    hands = Hands()
    database = Database(sqlite_url, hands)
    flags = Flags(database, {})
    carol = await database.write(lambda tx: people.enroll(tx, "main", 1003, "Carol", Role.ADMIN, "en"))
    sent: asyncio.Queue[OutboxRow] = asyncio.Queue()

    async def add(tx: Transaction) -> None:
        for address in ("alice@example.org", "bob@example.org"):
            await outbox.add(tx, "main", "mail", address, {})

    async def deliver(item: OutboxRow, placed: str | None) -> Delivery:
        sent.put_nowait(item)
        return Delivery(item)

    await flags.switch(carol, Flag.MAIL, Change(Mode.CANARY, names=("bob@example.org",)), "Bob tries it")
    await database.write(add)
    sender = asyncio.create_task(Sender(database, "mail", deliver, 2, switched=Switched(flags, Flag.MAIL)).run())
    assert (await asyncio.wait_for(sent.get(), 10)).destination == "bob@example.org"
    await flags.switch(carol, Flag.MAIL, Change(Mode.ON), "It works")
    hands.ahead += LET_ANEW
    late = await asyncio.wait_for(sent.get(), 10)
    assert (late.destination, late.attempts) == ("alice@example.org", 0)
    sender.cancel()
    with suppress(asyncio.CancelledError):
        await sender
    await database.close()
