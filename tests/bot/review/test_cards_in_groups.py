"""What the outbox sends of a brief: to the chat that it came from, or to its client alone."""

import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial

import pytest

from bot.access.model import Role
from bot.billing import settlement, telling
from bot.billing.telling import About, show, thank
from bot.briefs import cards
from bot.briefs.expected import Expected, Morning
from bot.briefs.material import LeftOpen
from bot.briefs.model import Brief, State
from bot.briefs.progress import changed, tell_client
from bot.feedback import rating_cards
from bot.kernel.card import Card, Document
from bot.kernel.task_type import TaskType
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.core import outbox
from storage.engine.database import Database, Transaction
from storage.people import people
from tests.pseudo_locale import LANGUAGE, escaped, installed
from tests.storage.conftest import opened

ALICE, GROUP, TOPIC = 1001, -100_500, 17
Send = Callable[[Transaction, Brief], Awaitable[None]]


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    async with opened(sqlite_url) as made:
        yield made


async def invoice(tx: Transaction, brief: Brief) -> None:
    await show(tx, await billing.invoice_for(tx, brief), About(brief, brief.title))


async def receipt(tx: Transaction, brief: Brief) -> None:
    await thank(tx, await billing.invoice_for(tx, brief), About(brief, brief.title))


async def file(tx: Transaction, brief: Brief) -> None:
    whole = Card("the whole text", document=Document("brief.md", "text"))
    await tell_client(tx, brief, lambda: whole, key=f"file:{brief.id}")


async def stars(tx: Transaction, brief: Brief) -> None:
    await tell_client(tx, brief, partial(rating_cards.question, brief), key=f"stars:{brief.id}")


async def quote(tx: Transaction, brief: Brief) -> None:
    soon = Expected(None, tx.now)
    await tell_client(
        tx,
        brief,
        partial(cards.quote, brief, (), tx.now, tx.now, soon, LeftOpen(), Morning(tx.now, soon, 20)),
        slot=f"quote:{brief.id}",
    )


# Where each kind goes of a brief from a private chat, a group, and a topic of a forum.
IN_GROUP = (["1001"], ["-100500"], ["-100500/17"])
IN_PRIVATE = (["1001"], ["1001", "-100500"], ["1001", "-100500/17"])  # the group reads one line
KINDS: Mapping[str, tuple[Send, tuple[list[str], ...]]] = {
    "progress": (partial(changed, event="queued"), IN_GROUP),
    "quote": (quote, IN_GROUP),
    "the work as a file": (file, IN_GROUP),
    "stars": (stars, IN_GROUP),
    "invoice": (invoice, IN_PRIVATE),
    "receipt": (receipt, IN_PRIVATE),
}


async def test_where_the_cards_of_a_brief_go(database: Database) -> None:
    """A group gets the work that was ordered there; what is to be paid goes to its client, and a line to the group."""
    found: dict[str, list[list[str]]] = {kind: [] for kind in KINDS}
    for number, (chat_id, topic) in enumerate(((ALICE, 0), (GROUP, 0), (GROUP, TOPIC))):
        for kind, (send, _) in KINDS.items():
            await database.write(partial(sent, send=send, chat_id=chat_id, topic=topic, source_key=f"{number}{kind}"))
            found[kind].append(await taken(database))
    assert {kind: tuple(places) for kind, places in found.items()} == {kind: row[1] for kind, row in KINDS.items()}


async def sent(tx: Transaction, *, send: Send, chat_id: int, topic: int, source_key: str) -> None:
    await send(tx, await brief_in(tx, chat_id, topic, source_key))


async def brief_in(
    tx: Transaction, chat_id: int, topic: int, source_key: str, language: str = "en", user: int = ALICE
) -> Brief:
    client = await people.enroll(tx, "main", user, "Alice", Role.CLIENT, language)
    values = {
        "tenant": "main", "client_id": client.id, "chat_id": chat_id, "topic": topic, "task_type": TaskType.OTHER,
        "title": "t", "text": "t", "state": State.QUEUED, "qa_target": 80, "language": "en", "price_minor": 12000,
        "currency": "USD",
    }  # fmt: skip
    return (await briefs.add(tx, source_key, values))[0]


async def test_what_is_said_of_a_brief_is_in_its_clients_language(database: Database) -> None:
    """Whoever changes a brief, in whichever chat: what is shown of it there is in the words of its client."""

    async def all_kinds(tx: Transaction) -> None:
        for kind in ("progress", "stars"):
            for chat_id in (ALICE, GROUP):
                brief = await brief_in(tx, chat_id, 0, f"{kind}{chat_id}", language=LANGUAGE, user=1002)
                await KINDS[kind][0](tx, brief)

    with installed():
        await database.write(all_kinds)
    texts = [item.payload["text"] for item in await waiting(database)]
    assert len(texts) == 4
    assert [word for text in texts for word in escaped(text)] == []


async def waiting(database: Database) -> list[outbox.OutboxRow]:
    async with database.reading() as connection:
        return await outbox.due(connection, "telegram", database.clock.now(), 100)


async def taken(database: Database) -> list[str]:
    """Where what waits is to go; it waits no more then."""
    items = await waiting(database)
    await database.write(lambda tx: outbox.settle(tx, [outbox.Delivery(item) for item in items]))
    return [item.destination for item in items]


def test_money_is_told_in_private() -> None:
    """Nothing that billing tells a client goes to the chat of the brief as it is."""
    for module in (settlement, telling):
        assert not re.search(r"\btell_client\b", inspect.getsource(module))
