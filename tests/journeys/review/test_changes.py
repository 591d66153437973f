"""What a draft says otherwise than the one before it."""

import re

from tests.house import House
from tests.reviewing import decides, more, waiting

EDITED = "Nordwind carries your parcel by bicycle. It is insured up to 500 EUR. We tell you the delivery time soon."


async def test_changes(home: House) -> None:
    """[Changes] shows what the draft says otherwise than the one before: added bold, removed struck out."""
    number, bobs, _ = await waiting(home)
    await decides(home.bob, "Edit", bobs)
    await home.bob.sees("Your next message is the new draft")
    await home.bob.says("Nordwind carries parcels by bicycle within 48 hours.")
    first = await home.bob.sees("Edited by Bob", after=bobs)
    mark = home.bob.mark()
    await decides(home.bob, "Edit", first)
    await home.bob.sees("Your next message is the new draft", after=mark)
    await home.bob.says("Nordwind carries parcels & letters by bicycle.")
    second = await home.bob.sees(re.compile(r"& letters"), after=first)
    await decides(home.bob, "Changes", second)
    shown = await home.bob.sees(f"Brief {number} · What changed since draft 4")
    assert shown.html.splitlines()[1:] == [
        "Words added: 3, removed: 4",
        "Nordwind carries parcels <b>&amp; letters</b> by <s>bicycle within 48 hours.</s> <b>bicycle.</b>",
    ]


async def test_changes_of_an_edit(home: House) -> None:
    """An edited draft is compared with the draft that was edited, though later attempts lie between them."""
    number, bobs, _ = await waiting(home)
    edited = re.search(r"Draft (\d) of 3", (await more(home.bob, bobs)).text)
    assert edited is not None
    await decides(home.bob, "Edit", bobs)
    await home.bob.sees("Your next message is the new draft")
    await home.bob.says(EDITED)
    await decides(home.bob, "Changes", await home.bob.sees("Edited by Bob", after=bobs))
    await home.bob.sees(f"Brief {number} · What changed since draft {edited[1]}")


async def test_long_changes(home: House) -> None:
    """A difference that is longer than a card comes as a file."""
    number, bobs, _ = await waiting(home)
    text = "\n\n".join(f"Line {line} says that a bicycle carries {line} parcels a day." for line in range(200))
    await decides(home.bob, "Edit", bobs)
    await home.bob.sees("Your next message is the new draft")
    await home.bob.sends_file("draft.txt", text.encode(), mime_type="text/plain")
    await decides(home.bob, "Changes", await home.bob.sees("Edited by Bob", after=bobs))
    file = await home.bob.sees(f"brief-{number}-changes.txt")
    assert file.document is not None
    added = [line for line in file.document.data.decode().splitlines() if line.startswith("+Line")]
    assert added == [f"+{line}" for line in text.split("\n\n")]
