"""[Write] on a client's card: albums, and clients who cannot be reached."""

import pytest

from sandbox.telegram.people import Person
from tests.house import House

FILES = tuple((f"{name}.txt", name.encode(), "text/plain") for name in ("first", "second", "third"))


async def asked(home: House) -> None:
    """Bob is asked for a message to Alice."""
    await home.staff()
    await home.bob.says("/clients")
    await home.bob.says((await home.bob.sees("Clients\n")).text.split("\n")[1].split()[0])
    await home.bob.taps("Write", await home.bob.sees("Alice · client\n"))
    await home.bob.sees("A message to Alice")


def files_of(person: Person) -> list[str]:
    """The files that the person was sent, in their order."""
    return [seen.document.name for seen in person.messages() if seen.from_bot and seen.document is not None]


@pytest.mark.parametrize("caption", ["We are closed on Friday.", None])
async def test_an_album(home: House, caption: str | None) -> None:
    """An album is one message to the client: each file of it reaches them, and none becomes a brief of the sender's."""
    await asked(home)
    await home.bob.sends_album(*FILES, caption=caption)
    await home.alice.sees(caption or "first.txt")
    await home.alice.sees("third.txt")
    assert files_of(home.alice) == ["first.txt", "second.txt", "third.txt"]
    assert [seen.text.split(".")[0] for seen in home.bob.messages() if "Sent to" in seen.text] == ["Sent to Alice"]
    assert "Nothing is spent" not in home.bob.transcript()
    await home.alice.says("Thank you for telling me.", reply_to=await home.alice.sees("third.txt"))
    assert "File: third.txt" in (await home.carol.sees("Waits for an answer")).text


async def test_a_client_who_stopped_the_bot(home: House) -> None:
    """Who writes to a client who stopped the bot meanwhile reads that nothing was sent, and what to do; once they are
    back it goes.
    """
    await asked(home)
    home.alice.blocks()
    await home.carol.says("/clients")
    listed = (await home.carol.sees("Clients\n")).text.split("\n")[1].split()[0]
    await home.carol.says(listed)
    card = await home.carol.sees("What is for them waits, and goes out once they come back.")
    assert "Write" not in card.labels
    await home.bob.says("We are closed on Friday.")
    refused = await home.bob.sees("Alice cannot be reached here")
    assert "Nothing was sent or kept" in refused.text
    assert listed in refused.text
    home.alice.unblocks()
    await home.alice.says("/start")
    await home.alice.sees("Welcome")
    await home.bob.says(listed)
    await home.bob.taps("Write", await home.bob.sees("Alice · client\n", after=refused))
    await home.bob.sees("A message to Alice", after=refused)
    await home.bob.says("We are closed on Friday.")
    await home.alice.sees("We are closed on Friday.")
