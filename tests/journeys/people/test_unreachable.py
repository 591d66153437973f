"""What Telegram refuses for good: something plainer takes its place, or the admins hear that it did not arrive."""

from typing import Any

import pytest

from bot.kernel.card import Button, Card, Document, to_payload
from sandbox.faults import Fault
from storage.core import outbox
from storage.engine.database import Transaction
from tests.eventually import eventually
from tests.house import House
from tests.judged import judging

pytestmark = pytest.mark.wire

BOLD_BAKE = "\U0001d5d5\U0001d5ee\U0001d5f8\U0001d5f2 "
REFUSED = '{"ok":false,"error_code":400,"description":"Bad Request: %s"}'


async def tell(home: House, card: Card, *, slot: str | None = None, to: int | None = None) -> None:
    """Have the card shown in Alice's chat."""
    chat = str(to or home.alice.id)

    async def work(tx: Transaction) -> None:
        await outbox.add(tx, "main", "telegram", chat, to_payload(card), slot=slot)

    await home.running.app.services.database.write(work)


async def test_delivery_in_letters_beyond_the_bmp(home: House) -> None:
    """Posts for social media are often in bold Unicode letters; 2,500 of them are 4,500 units, and still come."""
    await home.staff()
    home.openai.dictated = judging(95, drafts=[f"{BOLD_BAKE * 500}end."])
    number = await home.brief()
    shown = await home.alice.sees(BOLD_BAKE * 150)
    assert f"Brief {number} · Delivered" in shown.text
    assert "All of it is in the file." in shown.text
    await home.alice.sees(f"Brief {number}, the whole text")
    await home.alice.sees("To pay")


async def test_delivery_with_much_formatting(home: House) -> None:
    """Of 150 bold words Telegram would drop a third in silence: all are shown plain, and the reader is told."""
    await home.staff()
    home.openai.dictated = judging(95, drafts=["**word** " * 150])
    number = await home.brief()
    shown = await home.alice.sees("Headings and bold words are in the file.")
    assert shown.text.startswith(f"Brief {number} · Delivered")
    assert shown.text.count("word ") >= 149
    assert "**" not in shown.text
    assert shown.html.count("<b>") == 1


@pytest.mark.parametrize(
    "reason", ["message is too long", "text is too long", "ENTITIES_TOO_LONG", "can't parse entities: at byte offset 5"]
)
async def test_too_much_by_telegrams_count(home: House, reason: str) -> None:
    """A text that Telegram finds too much, however it counts, comes by its beginning, with all of it as a file."""
    await home.staff()
    home.telegram.faults.add(Fault("POST .*/sendMessage", "status", status=400, body=REFUSED % reason))
    await tell(home, Card("<b>Beginning</b> " + "of what is long " * 150))
    seen = await home.alice.sees("Beginning of what is long")
    assert seen.document is not None
    assert seen.document.data.decode() == "Beginning " + "of what is long " * 150


async def test_a_text_too_long_for_anything(home: House) -> None:
    """A card of any length arrives, in whatever chat."""
    await home.staff()
    await tell(home, Card("x < y ".replace("<", "&lt;") * 5000, ((Button("Never mind", "undecided", 1),),)))
    seen = await home.alice.sees("all of it is in the file")
    assert seen.document is not None
    assert seen.document.data.decode() == "x < y " * 5000
    assert seen.labels == ["Never mind"]


async def test_a_link_that_nobody_can_follow(home: House) -> None:
    """A button that Telegram would refuse, such as one to localhost, is a line to copy instead."""
    await home.staff()
    await tell(home, Card("Invoice 7", ((Button("Pay 5 USD", url="http://localhost:8080/pay"),),)))
    seen = await home.alice.sees("Pay 5 USD: http://localhost:8080/pay")
    assert seen.labels == []


async def test_a_slot_that_shows_a_file(home: House) -> None:
    """A file stays one: what comes next for its slot is a new message, and a file takes no text's place."""
    await home.staff()
    await tell(home, Card("one"), slot="s")
    first = await home.alice.sees("one")
    await tell(home, Card("two, a file", document=Document("two.txt", "2")), slot="s")
    second = await home.alice.sees("two, a file")
    await tell(home, Card("three"), slot="s")
    third = await home.alice.sees("three")
    await tell(home, Card("four"), slot="s")
    fourth = await home.alice.sees("four")
    assert len({first.id, second.id, third.id}) == 3
    assert fourth.id == third.id


@pytest.mark.parametrize(
    "reason",
    ["chat not found", "not enough rights to send text messages to the chat", "CHAT_WRITE_FORBIDDEN", "TOPIC_CLOSED"],
)
async def test_a_chat_that_cannot_be_reached(home: House, reason: str) -> None:
    """Whatever words Telegram has for it: the admins hear once who gets nothing any more, and /status counts it."""
    await home.staff()
    for times in (1, 2):
        home.telegram.faults.add(Fault("POST .*/sendMessage", "status", status=400, body=REFUSED % reason))
        await tell(home, Card("for Alice"))
        told = await home.carol.sees("Message to Alice · Not delivered")
        await eventually(lambda: given_up(home), times.__eq__)
    assert reason.lower() in told.text.lower()
    mark = home.carol.mark()
    await home.carol.says("/status")
    await home.carol.sees("2 messages could not be delivered", after=mark)
    assert len([seen for seen in home.carol.messages() if "Not delivered" in seen.text]) == 1


async def test_an_answer_in_a_group_that_silenced_the_bot(home: House) -> None:
    """What somebody asked in a group that does not let the bot write is not dropped without a word to the admins."""
    await home.staff()
    group = home.telegram.group("Studio", [home.carol, home.bob])
    group.members[home.telegram.world.bot.id] = "restricted"
    push_to_silenced(home, group.json())
    told = await home.carol.sees(f"Message to group {group.id} · Not delivered")
    assert "Not enough rights" in told.text


def push_to_silenced(home: House, chat: dict[str, Any]) -> None:
    """A silenced bot goes on hearing commands."""
    command = {"message_id": 1, "date": 1, "text": "/whoami", "chat": chat, "from": home.bob.account.user()}
    home.telegram.updates.push("message", command)


async def test_both_admins_unreachable(home: House) -> None:
    """Admins who cannot be reached are told of each other once, and not for ever."""
    await home.invite(home.dan, "admin")
    home.carol.blocks()
    home.dan.blocks()
    await tell(home, Card("for Carol"), to=home.carol.id)
    await eventually(lambda: given_up(home), lambda count: count >= 3)
    home.dan.unblocks()
    await home.dan.says("/status")
    await home.dan.sees("2 messages could not be delivered")  # what was for Dan comes at their return


async def given_up(home: House) -> int:
    async with home.running.app.services.database.reading() as connection:
        return (await outbox.counts(connection, "main")).get(("telegram", "undeliverable"), 0)
