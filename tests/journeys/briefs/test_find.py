"""/find: what is found, by whom, and how it pages."""

import re

import pytest

from tests.house import House

pytestmark = pytest.mark.both_databases
TENS = (range(24, 14, -1), range(14, 4, -1), range(4, -1, -1))


async def quoted(home: House, text: str) -> None:
    """Alice has a quote for this text."""
    mark = home.alice.mark()
    await home.alice.says(text)
    await home.alice.sees("Nothing is spent until you say yes", after=mark)


def titles(text: str) -> list[str]:
    return re.findall("Quote: (.*)", text)


async def test_by_the_beginnings_of_words(home: House) -> None:
    """Every word's beginning has to be there, in any order and case; the newest comes first."""
    await home.invite(home.alice, "client")
    for text in ("Write about the solar lamp L2.", "Write about a solar roof.", "Write about Lampedusa, SOLAR power."):
        await quoted(home, text)
    lamp, roof, power = "the solar lamp L2.", "a solar roof.", "Lampedusa, SOLAR power."
    for query, expected in (
        ("solar", [power, roof, lamp]),
        ("LAMP sol", [power, lamp]),
        ("lamp l2", [lamp]),
        ("roof lamp", []),
        ("olar", []),
    ):
        mark = home.alice.mark()
        await home.alice.says(f"/find {query}")
        seen = await home.alice.sees("Find: ", after=mark)
        assert (query, titles(seen.text)) == (query, [f"Write about {one}" for one in expected])


async def test_what_nobody_can_look_for(home: House) -> None:
    """A search for nothing is told an example; signs of a query language are only signs."""
    await home.invite(home.alice, "client")
    await home.alice.says("/find")
    await home.alice.sees("/find solar lamp")
    await home.alice.says("/find \" * ) AND scope: '")
    seen = await home.alice.sees("Find: and scope")
    assert "Nothing found" in seen.text


async def test_a_changed_text_is_found_anew(home: House) -> None:
    """After an edit the new words are found, and the old ones are not."""
    await home.invite(home.alice, "client")
    sent = await home.alice.says("Write about the solar lamp L2.")
    await home.alice.sees("Nothing is spent until you say yes")
    await home.alice.edits(sent, "Write about the courier bag B7.")
    await home.alice.sees("the courier bag B7")
    await home.alice.says("/find courier")
    assert titles((await home.alice.sees("Find: courier")).text) == ["Write about the courier bag B7."]
    await home.alice.says("/find lamp")
    assert "Nothing found" in (await home.alice.sees("Find: lamp")).text


async def test_clients_find_their_own(home: House) -> None:
    """Two clients with the same words find each their own; a guess at the other's scope finds nothing."""
    await home.staff()
    await home.invite(home.eve, "client")
    await home.brief()
    await home.eve.says("/find nordwind")
    assert "Nothing found" in (await home.eve.sees("Find: nordwind")).text
    await home.eve.says("/find 1001")
    assert "Nothing found" in (await home.eve.sees("Find: 1001")).text
    await home.eve.says("/find t6d61696ek0")
    assert "Nothing found" in (await home.eve.sees("Find: t6d61696ek0")).text
    await home.eve.says("/find alice")
    assert "Nothing found" in (await home.eve.sees("Find: alice")).text
    for query in ("nordwind", "1001"):
        await home.alice.says(f"/find {query}")
        assert "/brief_1001 " in (await home.alice.sees(f"Find: {query}")).text


async def test_operators_find_clients_and_invoices(home: House) -> None:
    """An operator finds clients by name, and invoices by number; the client finds the invoice too."""
    await home.staff()
    await home.brief()
    card = await home.alice.sees("To pay")
    number = card.text.split()[1]
    await home.bob.says("/find ali")
    assert (await home.bob.sees("Find: ali")).text.splitlines()[1] == "Client Alice"
    for person in (home.bob, home.alice):
        mark = person.mark()
        await person.says(f"/find {number}")
        seen = await person.sees("Find: ", after=mark)
        assert f"Invoice {number} · 120.00 USD · To pay /brief_1001" in seen.text


async def test_pages(home: House) -> None:
    """25 quotes make pages of 10, 10 and 5, in one message, for the same words; each has a button."""
    await home.invite(home.alice, "client")
    for number in range(25):
        await quoted(home, f"Write page {number} about solar lamps.")
    await home.alice.says("/find lamp solar")
    first = await home.alice.sees("Find: lamp solar")
    pages = [[f"Write page {number} about solar lamps." for number in row] for row in TENS]
    assert (titles(first.text), first.labels) == (pages[0], [*pages[0], "Older ▶"])
    await home.alice.taps("Older ▶", first)
    second = await home.alice.sees("Write page 14", after=first)
    assert (second.id, titles(second.text)) == (first.id, pages[1])
    await home.alice.taps("Older ▶", second)
    last = await home.alice.sees("Write page 4 ", after=second)
    assert (titles(last.text), last.labels) == (pages[2], [*pages[2], "◀ Newer"])
    await home.alice.taps("◀ Newer", last)
    assert titles((await home.alice.sees("Write page 14", after=last)).text) == pages[1]
