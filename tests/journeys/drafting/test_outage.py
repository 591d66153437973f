"""After an outage: Telegram kept what people wrote for a day, and their taps for two and a half minutes."""

import pytest

from sandbox.telegram.methods import files
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from tests.house import BRIEF, OPEN_BRIEF, House, Providers, house, number_in

LONG = 200.0  # seconds; a tap is kept 150


def tap(home: House, person: Person, label: str, card: Seen) -> None:
    """Tap while nobody listens."""
    message = home.telegram.world.chats[person.id].messages[card.id]
    data = next(button.target for row in card.buttons for button in row if button.label == label)
    person.app.tap(message, data, label)


async def test_lost_taps(stand_ins: Providers, database_url: str) -> None:
    """Taps of an outage are lost, words are not; a command leads to each card, where the tap can be made again."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        reviewed = await home.brief(OPEN_BRIEF)
        review = await home.bob.sees("Needs your decision")
        mark = home.alice.mark()
        await home.alice.says("Write a page about tents that weigh 2 kg.")
        quote = await home.alice.sees("Nothing is spent until you say yes", after=mark)
    tap(home, home.bob, "Approve", review)
    tap(home, home.alice, "Yes, start", quote)
    await home.alice.says("/whoami")
    stand_ins.telegram.updates.let_pass(LONG)
    async with house(stand_ins, database_url) as home:
        await home.alice.sees("Alice · client")
        mark, of_bob = home.alice.mark(), home.bob.mark()
        await home.bob.says(f"/brief_{reviewed}")
        await home.bob.taps("Approve", await home.bob.sees("Needs your decision", after=of_bob))
        await home.alice.sees(f"Brief {reviewed}, the whole text", after=mark)
        await home.alice.says("/briefs")
        await home.alice.taps("Write a page about tents", await home.alice.sees("Your briefs", after=mark))
        yes = await home.alice.sees("Nothing is spent until you say yes", after=mark)
        quoted = number_in(await home.alice.taps("Yes, start", yes))
        await home.alice.sees(f"Brief {quoted}, the whole text", after=mark)


async def test_the_question_how_it_was(home: House) -> None:
    """Where the tap on the stars was lost, the brief's own card leads to them."""
    await home.staff()
    number = await home.brief(BRIEF)
    await home.alice.sees("To pay")
    mark = home.alice.mark()
    await home.alice.says(f"/brief_{number}")
    card = await home.alice.sees("Price 120.00 USD", after=mark)
    await home.alice.taps("Rate it", card)
    await home.alice.taps("★★★★ Good", await home.alice.sees("How is it?", after=card))
    await home.alice.sees("4 of 5 stars")


async def test_a_size_that_is_not_told(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An update need not say how large a file is: one that is small enough is read, a larger one is refused at once."""
    await home.invite(home.alice, "client")
    home.telegram.world.tells_sizes = False
    await home.alice.sends_file("brief.md", BRIEF.encode(), mime_type="text/markdown")
    await home.alice.sees("Read: brief.md")
    monkeypatch.setattr(files, "DOWNLOAD_LIMIT", 10)
    for name, mime_type in (("more.md", "text/markdown"), ("page.png", "image/png"), ("talk.mp3", "audio/mpeg")):
        mark = home.alice.mark()
        await home.alice.sends_file(name, b"more than ten bytes", mime_type=mime_type)
        await home.alice.sees("files of up to 20 MB", after=mark)
