"""Files that are passed on from one chat to another, by the adapter."""

import pytest

from bot.kernel.card import Button, Card, from_payload, to_payload
from sandbox.telegram.seen import seen
from tests.desk import Desk, desk
from tests.house import Providers


async def shown(home: Desk, stand_ins: Providers, card: Card) -> tuple[str, str | None, list[str]]:
    """What Bob sees of it: the text, the file's name, the buttons' labels."""
    await home.bob.says("/start")
    number = await home.app.telegram.send(home.bob.id, from_payload(to_payload(card)))
    world = stand_ins.telegram.world
    message = seen(world, world.chats[home.bob.id].messages[number])
    return message.text, message.document.name if message.document else None, message.labels


@pytest.mark.parametrize("text", ["A file from Alice", "x" * 2_000], ids=["short", "long"])
async def test_a_file_is_passed_on(stand_ins: Providers, database_url: str, text: str) -> None:
    """A Card shows the file of another chat's message above its own text, of which a caption holds the beginning."""
    async with desk(stand_ins, database_url) as home:
        sent = await home.alice.sends_file("logo.txt", b"A logo", "Mine")
        card = Card(text, ((Button("Answer", "answer", 1001),),), copied=(home.alice.id, sent.id))
        said, name, labels = await shown(home, stand_ins, card)
        assert (said[:10], name, labels) == (text[:10], "logo.txt", ["Answer"])
        assert len(said) <= 1_024


async def test_a_file_that_is_gone(stand_ins: Providers, database_url: str) -> None:
    """Where the message was deleted meanwhile, the text and the buttons come all the same, and say so."""
    async with desk(stand_ins, database_url) as home:
        await home.alice.says("/start")
        card = Card("A file from Alice", ((Button("Answer", "answer", 1001),),), copied=(home.alice.id, 999))
        said, name, labels = await shown(home, stand_ins, card)
        assert (said, name, labels) == (
            "A file from Alice\nThe file was deleted before I could pass it on.",
            None,
            ["Answer"],
        )
