"""Who comes back while something of theirs is being given up gets that too."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.access.model import TENANT, Role
from bot.kernel.clock import SystemClock
from bot.people.joining import refused
from jobs.outbox.undelivered import settle
from storage.alerts import undelivered
from storage.core import inbox, outbox
from storage.core.arriving import arrival_of
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Database, Transaction
from storage.people import people
from tests.meanwhile import meanwhile

ALICE = 1001


@pytest.mark.parametrize(("reach", "state"), [("open", "waiting"), ("blocked", "undeliverable")])
async def test_back_meanwhile(database: Database, reach: str, state: str) -> None:
    """A refusal that is written down after they came back is tried again at once; otherwise it is given up."""

    async def work(tx: Transaction) -> list[tuple[str, int]]:
        await people.enroll(tx, TENANT, ALICE, "Alice", Role.CLIENT, "en")
        await people.set_reach(tx, ALICE, reach)
        await outbox.add(tx, TENANT, "telegram", str(ALICE), {"text": "Your work"})
        (item,) = await outbox.due(tx.connection, "telegram", tx.now, 1)
        assert isinstance(item, OutboxRow)
        await settle(tx, [Delivery(item, "undeliverable", error="blocked by the user", blocked=True)])
        counted = await outbox.counts(tx.connection, TENANT)
        return [(of, number) for (channel, of), number in counted.items() if channel == "telegram"]

    assert await database.write(work) == [(state, 1)]


def wrote(chat: int = ALICE) -> dict[str, Any]:
    return {"message": {"chat": {"id": chat, "type": "private"}, "text": "Hello"}}


def changed(status: str) -> dict[str, Any]:
    return {"my_chat_member": {"chat": {"id": ALICE, "type": "private"}, "new_chat_member": {"status": status}}}


@pytest.mark.parametrize(
    ("came", "reach"),
    [
        ([], "blocked"),
        ([changed("kicked")], "blocked"),
        ([changed("member")], "open"),
        ([changed("kicked"), changed("member")], "open"),
        ([changed("member"), changed("kicked")], "blocked"),
        ([wrote()], "open"),
        ([wrote(1010)], "blocked"),
        ([{"unreadable": str(ALICE)}, {"message": str(ALICE)}, {"message": {"chat": ALICE}}], "blocked"),
    ],
)
async def test_refused_meanwhile(database: Database, came: list[dict[str, Any]], reach: str) -> None:
    """A refusal does not block who came back, or wrote, after the message went on its way, whoever writes first."""
    began = database.clock.now()

    async def work(tx: Transaction) -> str:
        alice = await people.enroll(tx, TENANT, ALICE, "Alice", Role.CLIENT, "en")
        await inbox.store(tx, [arrival_of(TENANT, {"update_id": n, **update}) for n, update in enumerate(came)])
        await refused(tx, ALICE, began)
        return (await people.by_id(tx.connection, TENANT, alice.id)).reach

    assert await database.write(work) == reach


async def test_back_before(database: Database) -> None:
    """What came before the message went on its way says nothing against its refusal."""

    async def work(tx: Transaction) -> str:
        alice = await people.enroll(tx, TENANT, ALICE, "Alice", Role.CLIENT, "en")
        await inbox.store(tx, [arrival_of(TENANT, {"update_id": 1, **wrote()})])
        await refused(tx, ALICE, tx.now + timedelta(seconds=1))
        return (await people.by_id(tx.connection, TENANT, alice.id)).reach

    assert await database.write(work) == "blocked"


async def of_alice(database: Database) -> OutboxRow:
    """She blocked the bot while a message to her was on its way."""

    async def work(tx: Transaction) -> OutboxRow:
        await people.enroll(tx, TENANT, ALICE, "Alice", Role.CLIENT, "en")
        await people.set_reach(tx, ALICE, "blocked")
        await outbox.add(tx, TENANT, "telegram", str(ALICE), {"text": "Your work"})
        return (await outbox.due(tx.connection, "telegram", tx.now, 1))[0]

    return await database.write(work)


async def test_back_at_once(postgres_url: str) -> None:
    """What is given up while her return is being written down is sent: neither of the two overlooks the other."""
    database = Database(postgres_url, SystemClock())
    item = await of_alice(database)

    async def back(tx: Transaction) -> asyncio.Task[None]:
        await people.set_reach(tx, ALICE, "open")
        await undelivered.send_again(tx, TENANT, "telegram", str(ALICE))
        given_up = Delivery(item, "undeliverable", error="blocked by the user", blocked=True)
        return await meanwhile(database, database.write(lambda other: settle(other, [given_up])))

    try:
        await (await database.write(back))
        async with database.reading() as connection:
            assert await outbox.counts(connection, TENANT) == {("telegram", "waiting"): 1}
    finally:
        await database.close()


async def test_refused_at_once(postgres_url: str) -> None:
    """A refusal that waits for her return to be written down does not undo it."""
    database = Database(postgres_url, SystemClock())
    began = (await of_alice(database)).created_at

    async def back(tx: Transaction) -> asyncio.Task[None]:
        await people.set_reach(tx, ALICE, "open")
        refusal = await meanwhile(database, database.write(lambda other: refused(other, ALICE, began)))
        came = [arrival_of(TENANT, {"update_id": 1, **wrote()})]
        await database.write(lambda other: inbox.store(other, came))
        return refusal

    try:
        await (await database.write(back))
        assert await database.write(lambda tx: people.is_open(tx, ALICE))
    finally:
        await database.close()
