"""/status, /report day and /clients over the wire, while a client orders, pays and rates."""

import pytest

from storage.briefs import briefs
from tests.house import OPEN_BRIEF, House
from tests.reviewing import decides

LAMPS = "Write a product page of 200 words for our solar lamp L2, for campers. It runs 12 hours per charge."


async def test_status_until_all_is_paid(home: House) -> None:
    """A client finds in /status the quote to answer, then the invoice to pay with its button, and then nothing."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay\n")
    mark = home.alice.mark()
    await home.alice.says(LAMPS)
    quote = await home.alice.sees("Nothing is spent until you say yes", after=mark)
    await home.alice.says("/status")
    card = await home.alice.sees("2 things wait for you", after=mark)
    assert "Quote to answer: “Write a product page of 200 words for…”, 120.00 USD, asked " in card.text
    assert "To pay: 120.00 USD, invoice " in card.text
    assert card.labels == ["Write a product page of 200 words for o…", f"Pay 120.00 USD, brief {number}", "Refresh"]
    await home.alice.taps("Discard", quote)
    await home.pay(number)
    await home.alice.sees("Received 120.00 USD")
    await home.alice.taps("Refresh", card)
    done = await home.alice.sees("Nothing waits for you", after=card, message=card)
    assert done.labels == ["Refresh"]


async def test_an_operator_begins_in_status(home: House) -> None:
    """An operator reads what is to be decided, and one tap leads to the queue; an analyst has no such button."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    await home.bob.sees(f"Brief {number} · Needs your decision")
    await home.bob.says("/status")
    card = await home.bob.sees("1 draft to decide")
    assert f"To decide: 1, /brief_{number} waits" in card.text
    await home.bob.taps("Open the queue", card)
    await home.bob.sees("1 to decide", after=card)
    await home.dan.says("/status")
    assert (await home.dan.sees("1 draft to decide")).labels == ["Refresh"]


async def test_the_day_adds_up(home: House) -> None:
    """Of three briefs one is delivered, one rejected, and one waits; the report counts each of them once."""
    await home.staff()
    done = await home.brief()
    await home.alice.sees("To pay\n")
    await home.alice.sees(f"Brief {done} · How is it?")
    rejected = await home.brief(OPEN_BRIEF)
    await decides(home.bob, "Reject", await home.bob.sees(f"Brief {rejected} · Needs your decision"))
    await home.bob.taps("Facts missing", await home.bob.sees("Why?"))
    await home.alice.sees(f"Brief {rejected} · Rejected")
    waiting = await home.brief(f"{OPEN_BRIEF} It is for June.")
    await home.bob.sees(f"Brief {waiting} · Needs your decision")
    await home.dan.says("/report day")
    card = await home.dan.sees("3 briefs handed in: 1 delivered, 1 waiting, 1 rejected")
    assert "To decide: 1, the oldest waits" in card.text
    assert "1 of 1 passed without a person" in card.text
    assert "Revenue 120.00 USD, nothing paid; models cost " in card.text


async def test_a_client_is_looked_up(home: House) -> None:
    """Who sees every brief finds what a client has open, owes and thinks; an admin sets their minimum score there."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay\n")
    rate = await home.alice.sees(f"Brief {number} · How is it?")
    await home.alice.taps("★★★★ Good", rate)
    await home.alice.sees("4 of 5 stars", after=rate)
    await home.carol.says("/clients")
    listed = await home.carol.sees("Clients\n")
    (line,) = listed.text.splitlines()[1:]
    assert "Alice · 0 open · owes 120.00 USD · last order " in line
    assert line.endswith(" · stars 4.0 of 5 (1)")
    await home.carol.says(line.split()[0])
    card = await home.carol.sees("Alice · client\n")
    assert card.labels == ["Write", "Target", "Invoices", "Invoice", "Role", "Back"]
    await home.carol.taps("Target", card)
    await home.carol.taps("95", await home.carol.sees("Minimum score for Alice's briefs", after=card))
    done = await home.carol.sees("Minimum score: 95", after=card)
    assert done.id == card.id
    await home.carol.taps("Invoices", done)
    assert f"/brief_{number}" in (await home.carol.sees("Invoices of Alice", after=done)).text
    mark = home.alice.mark()
    await home.alice.says(LAMPS)
    quote = await home.alice.sees("Nothing is spent until you say yes", after=mark)
    async with home.running.app.services.database.reading() as connection:
        assert (await briefs.load(connection, home.named_by(quote))).qa_target == 95
    await home.dan.says(line.split()[0])
    assert (await home.dan.sees("Alice · client\n")).labels == ["Invoices", "Back"]
    await home.alice.says("/clients")
    await home.alice.sees("may see every brief and invoice")


@pytest.mark.both_databases
async def test_the_team_writes_first(home: House) -> None:
    """[Write] on a client's card sends them words and a file by which they can answer, once however often it comes; the
    answer waits for the team as every message does, and is what [Write] then shows.
    """
    await home.staff()
    await home.bob.says("/clients")
    await home.bob.says((await home.bob.sees("Clients\n")).text.split("\n")[1].split()[0])
    card = await home.bob.sees("Alice · client\n")
    await home.bob.taps("Write", card)
    await home.bob.sees("A message to Alice")
    await home.bob.says("We are closed on Friday.")
    await home.bob.sees("Sent to Alice")
    told = await home.alice.sees("We are closed on Friday.")
    assert (told.text.split("\n")[0], told.labels) == ("From the team", ["Answer"])
    await home.alice.taps("Answer", told)
    await home.alice.sees("your next message goes to them")
    await home.alice.says("Thank you for telling me.")
    waits = await home.carol.sees("Waits for an answer")
    assert "Bob: We are closed on Friday." in waits.text
    mark = home.bob.mark()
    await home.bob.taps("Write", card)
    shown = await home.bob.sees("Waits for an answer", after=mark)
    assert shown.labels == ["Answer", "Take it", "Make it an order", "No answer needed"]


async def test_they_write_meanwhile(home: House) -> None:
    """What the team wrote before it read what the client writes just then is not sent; they are told where to look."""
    await home.staff()
    await home.bob.says("/clients")
    await home.bob.says((await home.bob.sees("Clients\n")).text.split("\n")[1].split()[0])
    await home.bob.taps("Write", await home.bob.sees("Alice · client\n"))
    await home.bob.sees("A message to Alice")
    await home.alice.says("/support Are you open on Friday?")
    await home.carol.sees("Waits for an answer")
    await home.bob.says("We are closed on Friday.")
    await home.bob.sees("Alice wrote meanwhile, so yours was not sent")
    assert "We are closed" not in home.alice.transcript()
