"""In which order a chat's messages leave, and what waits for what."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest

import jobs.outbox.sender
import jobs.outbox.turns
from bot.kernel.errors import ProviderError
from jobs.outbox.sender import Sender
from jobs.outbox.turns import CHANGE_SECONDS, GIVES_WAY, HOLDING_TRIES, LOOK_AGAIN, Turns
from storage.core import outbox
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Database, Transaction
from tests.clock import SimulatedClock
from tests.eventually import eventually, nothing
from tests.house import QUICK
from tests.storage.conftest import opened

FOR_LONG = 20.0
SOON = 10.0


class Chat:
    """What left and arrived in which order, and what fails on its way; `open`: whether anything gets through now."""

    def __init__(self) -> None:
        self.left: list[str] = []
        self.seen: list[str] = []
        self.fails: dict[str, int] = {}
        self.open = asyncio.Event()
        self.open.set()

    async def deliver(self, item: OutboxRow, placed: str | None) -> Delivery:
        self.left.append(item.payload)
        await self.open.wait()
        if self.fails.get(item.payload, 0):
            self.fails[item.payload] -= 1
            self.seen.append(f"{item.payload} failed")
            raise ProviderError("Telegram", "no answer")
        self.seen.append(item.payload if placed is None else f"{item.payload} into {placed}")
        return Delivery(item, external_id=None if placed else f"message {item.payload}")


@pytest.fixture
def chat() -> Chat:
    return Chat()


@asynccontextmanager
async def at_work(database: Database, chat: Chat, **options: Any) -> AsyncIterator[Sender]:
    sender = Sender(database, "telegram", chat.deliver, lanes=5, messages=True, **options)
    work = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


@pytest.fixture
async def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """Nothing is looked for unless there is reason to: what is tried again is due then."""
    monkeypatch.setattr(jobs.outbox.sender, "LOOK_SECONDS", FOR_LONG)
    async with opened(database_url, QUICK) as made:
        yield made


async def add(database: Database, *payloads: str, to: str = "1", slot: str | None = None, key: str = "") -> None:
    """All in one transaction."""

    async def work(tx: Transaction) -> None:
        for payload in payloads:
            named = f"{key}:{payload}" if key else None
            await outbox.add(tx, "main", "telegram", to, payload, slot=slot, key=named)

    await database.write(work)


async def seen(chat: Chat, count: int) -> list[str]:
    return await eventually(lambda: chat.seen, lambda found: len(found) >= count)


async def leave(url: str, chat: Chat) -> list[str]:
    """What is sent and written down of two messages of one transaction, and one of another, in order."""

    async def settle(tx: Transaction, reports: Sequence[Delivery]) -> None:
        chat.seen.append("written down: " + ", ".join(sorted(report.item.payload for report in reports)))
        await outbox.settle(tx, reports)

    chat.open.clear()
    async with opened(url) as database, at_work(database, chat, settle=settle):
        await add(database, "text", "file")
        await add(database, "other")
        chat.open.set()
        await eventually(lambda: waits(database), nothing)
    return chat.seen


async def test_one_transaction_leaves_together(sqlite_url: str, chat: Chat) -> None:
    """The second message of a transaction does not wait until the first is written down; that of another does."""
    found = await leave(sqlite_url, chat)
    assert found == ["text", "file", "written down: file, text", "other", "written down: other"]


async def test_without_a_file_beside_the_database(postgres_url: str, chat: Chat) -> None:
    """Where a kill would have all that was not written down said twice, every message waits for the one before."""
    sent = ("text", "file", "other")
    assert await leave(postgres_url, chat) == [line for one in sent for line in (one, f"written down: {one}")]


async def test_new_passes_changes(database: Database, chat: Chat) -> None:
    """What is new in a chat goes before a change of what is shown there already, though that was asked for before."""
    await add(database, "card", slot="s")
    async with at_work(database, chat):
        await seen(chat, 1)
        chat.open.clear()
        await add(database, "before")
        await add(database, "change", slot="s")
        await add(database, "work")
        chat.open.set()
        found = await seen(chat, 4)
    assert found == ["card", "before", "work", "change into message card"]


async def test_told_anew_while_the_first_is_under_way(database: Database, chat: Chat) -> None:
    """What is to be a new message is one, also where the message before it had left but was not written down yet."""

    async def tell(tx: Transaction, payload: str) -> None:
        await outbox.show_anew(tx, "main", "telegram", "s")
        await outbox.add(tx, "main", "telegram", "1", payload, slot="s")

    chat.open.clear()
    await database.write(lambda tx: tell(tx, "card"))
    async with at_work(database, chat):
        await eventually(lambda: chat.left)
        await database.write(lambda tx: tell(tx, "again"))
        chat.open.set()
        assert await seen(chat, 2) == ["card", "again"]
        await eventually(lambda: waits(database), nothing)
    async with database.reading() as connection:
        assert await outbox.place_of(connection, "main", "telegram", "s") == "message again"


async def test_what_is_overtaken_at_once(database: Database, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state that the next one follows at once is not sent; the last is."""
    monkeypatch.setattr(jobs.outbox.turns, "CHANGE_SECONDS", 0.5)
    await add(database, "card", slot="s")
    async with at_work(database, chat) as sender:
        await seen(chat, 1)
        for number in range(3):
            await add(database, f"state {number}", slot="s")
            await eventually(lambda: sender._lanes.known)
        found = await seen(chat, 2)
    assert found == ["card", "state 2 into message card"]


async def test_first_showing(database: Database, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """What shows something for the first time waits for nothing that might follow."""
    monkeypatch.setattr(jobs.outbox.turns, "CHANGE_SECONDS", FOR_LONG)
    async with at_work(database, chat):
        await add(database, "invoice", slot="s")
        await eventually(lambda: chat.seen, lambda found: found == ["invoice"], within=SOON)


async def test_shown_elsewhere_meanwhile(database: Database, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for a card before its first message is written down as sent has the new one kept up to date."""
    monkeypatch.setattr(jobs.outbox.sender, "GATHER_SECONDS", FOR_LONG)
    async with at_work(database, chat):
        await add(database, "card", slot="s")
        await seen(chat, 1)
        await database.write(lambda tx: outbox.place(tx, "main", "telegram", "s", "what was asked for"))
        await add(database, "change", slot="s")
        found = await seen(chat, 2)
    assert found == ["card", "change into what was asked for"]


async def test_awaited(database: Database, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """What something begins after is written down at once as sent; others wait for company, unless one comes."""
    monkeypatch.setattr(jobs.outbox.sender, "GATHER_SECONDS", FOR_LONG)
    async with at_work(database, chat, awaited=lambda item: bool(item.key)):
        await add(database, "work", key="brief")
        await eventually(lambda: waits(database), lambda found: found == 0, within=SOON)
        await add(database, "greeting")
        await seen(chat, 2)
        assert await waits(database) == 1
        await add(database, "next")
        await eventually(lambda: waits(database), lambda found: found == 1, within=SOON)
        await add(database, "work", to="2", key="another")
        await eventually(lambda: waits(database), lambda found: found == 0, within=SOON)


async def waits(database: Database) -> int:
    async with database.reading() as connection:
        return (await outbox.counts(connection, "main")).get(("telegram", "waiting"), 0)


async def test_failed_in_passing(database: Database, chat: Chat) -> None:
    """What comes after a message that failed in passing is shown after it, be it of its transaction or not; other chats
    wait for nothing.
    """
    chat.fails["text"] = 2
    chat.open.clear()
    async with at_work(database, chat):
        await add(database, "text", "file")
        await add(database, "invoice")
        await add(database, "elsewhere", to="2")
        chat.open.set()
        found = await seen(chat, 6)
    assert [one for one in found if one != "elsewhere"] == ["text failed", "text failed", "text", "file", "invoice"]
    assert found.index("elsewhere") < found.index("text")


async def test_failing_on(database: Database, chat: Chat) -> None:
    """A message that goes on failing holds the others up no longer."""
    chat.fails["odd"] = HOLDING_TRIES + 2
    async with at_work(database, chat):
        await add(database, "odd")
        await add(database, "fine")
        found = await seen(chat, HOLDING_TRIES + 2)
    assert found[: HOLDING_TRIES + 2] == ["odd failed"] * (HOLDING_TRIES + 1) + ["fine"]


async def test_replaced_after_failing(database: Database, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that failed and was replaced holds up neither the one in its place nor what is behind that."""
    monkeypatch.setattr(jobs.outbox.turns, "READ_LATER", timedelta(hours=1))
    chat.fails["old"] = 1
    async with at_work(database, chat):
        await add(database, "old", slot="s")
        await seen(chat, 1)
        await add(database, "newer", slot="s")
        await add(database, "behind")
        found = await seen(chat, 3)
    assert found == ["old failed", "newer", "behind"]


def item(number: int, clock: SimulatedClock, slot: str | None = "s") -> OutboxRow:
    return OutboxRow(number, "main", "telegram", "1", slot, "x", 0, None, clock.now())


def test_not_for_ever() -> None:
    """A change lets new messages pass for two seconds, then it is its turn; other changes do not pass."""
    clock, behind = SimulatedClock(), list[OutboxRow]()
    change, other = item(1, clock), item(2, clock, "t")
    turns = Turns(clock, lambda _item: behind)
    assert [turns.gives_way(change), turns.gives_way(other)] == [CHANGE_SECONDS, CHANGE_SECONDS]
    behind[:] = [other]
    assert turns.gives_way(change) is None
    behind[:] = [other, item(3, clock, None)]
    assert turns.gives_way(change) == 0.0
    clock.passes(seconds=GIVES_WAY / timedelta(seconds=1))
    assert turns.gives_way(change) is None


def test_one_that_does_not_come_again() -> None:
    """What was withdrawn after it failed holds the others up little longer than until it was due."""
    clock = SimulatedClock()
    turns = Turns(clock, lambda _item: [])
    first, second = item(1, clock), item(2, clock, None)
    due = clock.now() + timedelta(seconds=5)
    turns.failed(first, due)
    assert (turns.after_failed(first), turns.after_failed(second)) == (None, due)
    clock.passes(seconds=6)
    assert turns.after_failed(second) == clock.now() + LOOK_AGAIN
    clock.passes(seconds=2)
    assert turns.after_failed(second) is None
