"""/replay: what happened to a brief, step by step, from the rows alone."""

import re

from bot.replay.cards import WORDS
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from tests.house import OPEN_BRIEF, House, Providers, house
from tests.reviewing import decides, more


async def told(person: Person, first: Seen) -> list[Seen]:
    """Every step, by ▶ from the first to the last."""
    cards = [first]
    while "Next ▶" in cards[-1].labels:
        await person.taps("Next ▶", cards[-1])
        cards.append(await person.sees("Replay, ", after=cards[-1]))
    return cards


def headlines(cards: list[Seen]) -> list[str]:
    return [card.text.splitlines()[2] for card in cards]


async def test_every_step(home: House) -> None:
    """A brief that was sent back, edited and approved is told in order: time, who, what, scores, cost, decisions."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    card = await home.bob.sees("Needs your decision")
    await decides(home.bob, "Take it", card)
    await home.bob.taps("Send back", card)
    await home.bob.sees("What should change?")
    await home.bob.says("Leave the delivery time out.")
    again = await home.bob.sees("Asked for: Leave the delivery time out.")
    await decides(home.bob, "Edit", again)
    await home.bob.sees("Your next message is the new draft")
    await home.bob.says("Nordwind carries your parcel by bicycle, insured up to 500 EUR.")
    edited = await home.carol.sees(re.compile(r"Edited by Bob\n(Held|Good)"))
    await home.carol.taps("Approve", edited)
    await home.alice.sees("To pay")
    await home.pay(number)
    await home.alice.sees(f"Brief {number} · Paid")
    await home.dan.says(f"/replay {number}")
    cards = await told(home.dan, await home.dan.sees(f"Brief {number} · Replay, 1 of "))
    assert {shown.id for shown in cards} == {cards[0].id}
    assert [int(shown.text.split("Replay, ")[1].split()[0]) for shown in cards] == list(range(1, len(cards) + 1))
    in_order = [headline for headline in headlines(cards) if headline not in {"The judge looked", "A model was asked"}]
    redrafted = ["A draft was made", "Another draft was requested"] * 2
    assert in_order == [
        "The price was quoted", "The client said yes", "It got its number", "Drafting began", *redrafted,
        "A draft was made", "Given to people to decide", "Taken", "Sent back", "A draft was made",
        "Given to people to decide", "Edited",
        "The edited draft was judged", "Approved", "Delivered", "Invoice sent", "Paid",
    ]  # fmt: skip
    by_name = dict(zip(headlines(cards), cards, strict=True))
    assert "by Alice" in by_name["The client said yes"].text
    assert "Reason: Leave the delivery time out." in by_name["Sent back"].text
    assert re.search(r"by Carol\nApproved\nDraft 5, text [0-9a-f]{8}\n", by_name["Approved"].text)
    assert "gpt-6-luna drafted: prompt draft/1, " in by_name["A draft was made"].text
    judged = by_name["The edited draft was judged"].text
    assert re.search(r"gpt-6\.1-terra judged: prompt judge/1, \d+ \+ \d+ tokens, under 0\.01 USD, \d\.\d s", judged)
    assert re.search(r"Look 1 at draft 5: score \d\d\nClarity \d\d · Accuracy \d\d · Completeness", judged)
    costs = [float(shown.text.split("Cost so far ")[1].split(" USD")[0].removeprefix("under ")) for shown in cards]
    assert costs == sorted(costs)
    assert costs[0] == 0 < costs[-1]


async def test_there_and_back(home: House) -> None:
    """◀ goes back, [First] and [Last] to the ends, all on one message; a brief's button begins a new one."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    await home.bob.says(f"/brief_{number}")
    details = await home.bob.sees("Price 120.00 USD")
    await home.bob.taps("Replay", details)
    first = await home.bob.sees("Replay, 1 of ")
    assert first.id != details.id
    assert first.labels == ["Next ▶", "Last"]
    await home.bob.taps("Last", first)
    last = await home.bob.sees(re.compile(r"Replay, (\d+) of \1\n"), after=first)
    assert last.labels == ["◀ Back", "First"]
    await home.bob.taps("◀ Back", last)
    before = await home.bob.sees("Replay, ", after=last)
    assert before.labels == ["◀ Back", "Next ▶", "First", "Last"]
    await home.bob.taps("First", before)
    assert (await home.bob.sees("Replay, 1 of ", after=before)).id == first.id


async def test_who_may_replay(home: House) -> None:
    """A client has no replay, not even of their own brief; a number that is none, or not there, is said kindly."""
    await home.staff()
    number = await home.brief()
    await home.alice.says(f"/replay {number}")
    await home.alice.sees("may see every brief and invoice")
    await home.bob.says("/replay")
    await home.bob.sees("Which brief? Write its number, for example: /replay 1042.")
    await home.bob.says("/replay 99999")
    await home.bob.sees("There is no brief 99999.")


async def test_blind(stand_ins: Providers, database_url: str) -> None:
    """While a draft is to be decided on blind, nothing tells its scores: no replay, no quick reasons, no changes."""
    async with house(stand_ins, database_url, audit_percent=100) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        number = await home.brief(OPEN_BRIEF)
        card = await more(home.bob, await home.bob.sees("Scores hidden"))
        assert "Changes" not in card.labels
        assert "score" not in card.text
        toast = await home.bob.taps("Replay", card)
        assert toast.text == f"The replay of brief {number} opens after the decision: until then its scores are hidden."
        await home.bob.taps("Send back", card)
        assert (await home.bob.sees("What should change?")).labels == ["Never mind"]
        await home.bob.taps("Reject", card)
        why = await home.bob.sees("Why?")
        assert why.labels == ["Never mind", "Brief unclear", "Facts missing", "Too much asked"]
        await home.bob.taps("Facts missing", why)
        await home.bob.sees(f"Brief {number} · Rejected by Bob")
        await home.bob.says(f"/replay {number}")
        await home.bob.sees("Replay, 1 of ")


async def test_every_event_has_words(home: House) -> None:
    """Each event that a brief's life writes is told in words of its own."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    await home.bob.says(f"/replay_{number}")
    cards = await told(home.bob, await home.bob.sees("Replay, 1 of "))
    assert set(headlines(cards)) <= {*WORDS.values(), "The judge looked", "A model was asked"}
