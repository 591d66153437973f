"""Lists page by ◀ ▶, ten rows, newest first, in place."""

from typing import Any

from bot.access.model import TENANT
from bot.briefs.model import State
from bot.kernel.task_type import TaskType
from storage.briefs import briefs
from storage.engine.database import Transaction
from storage.people import people
from tests.house import ALICE, House


async def many(tx: Transaction) -> None:
    """25 briefs of Alice's, which have ended."""
    client = await people.by_telegram_id(tx.connection, ALICE)
    assert client is not None
    row: dict[str, Any] = {
        "tenant": TENANT, "client_id": client.id, "chat_id": ALICE, "task_type": TaskType.OTHER, "text": "Lamps.",
        "state": State.REJECTED, "qa_target": 80, "language": "en", "price_minor": 1, "currency": "USD",
    }  # fmt: skip
    for number in range(25):
        await briefs.add(tx, f"test:{number}", row | {"title": f"Page {number} about lamps"})


async def test_paging(home: House) -> None:
    """25 briefs make pages of 10, 10 and 5; every brief is on one page, and paging edits the one message."""
    await home.invite(home.alice, "client")
    await home.running.app.services.database.write(many)
    await home.carol.says("/briefs")
    first = await home.carol.sees("Briefs")
    assert numbers(first.text) == list(range(1025, 1015, -1))
    assert first.labels == ["Older ▶"]
    await home.carol.taps("Older ▶", first)
    second = await home.carol.sees("/brief_1015", after=first)
    assert second.id == first.id
    assert second.labels == ["◀ Newer", "Older ▶"]
    await home.carol.taps("Older ▶", second)
    last = await home.carol.sees("/brief_1005", after=second)
    assert numbers(last.text) == [1005, 1004, 1003, 1002, 1001]
    assert last.labels == ["◀ Newer"]
    await home.carol.taps("◀ Newer", last)
    again = await home.carol.sees("/brief_1015", after=last)
    assert numbers(again.text) == numbers(second.text)
    await home.carol.taps("◀ Newer", again)
    newest = await home.carol.sees("/brief_1025", after=again)
    assert newest.labels == ["Older ▶"]


async def test_pay_from_the_list(home: House) -> None:
    """An invoice can be paid from its client's /invoices, to which the brief leads, until it is paid; the team's list
    has no such button.
    """
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay\n")
    await home.alice.says(f"/brief_{number}")
    await home.alice.sees("To pay it: /invoices")
    await home.alice.says("/invoices")
    assert (await home.alice.sees("Your invoices")).labels == [f"Pay 120.00 USD, brief {number}"]
    await home.carol.says("/invoices")
    assert (await home.carol.sees("To pay, Alice")).labels == []
    await home.pay(number)
    await home.alice.sees("Received 120.00 USD")
    mark = home.alice.mark()
    await home.alice.says("/invoices")
    assert (await home.alice.sees("Your invoices", after=mark)).labels == []


def numbers(text: str) -> list[int]:
    return [int(word.removeprefix("/brief_")) for word in text.split() if word.startswith("/brief_")]
