"""The whole path, over the wire: from a chat message to a paid invoice."""

import re
from decimal import Decimal

import pytest

from tests.dashboard import settled
from tests.house import OPEN_BRIEF, House
from tests.reviewing import decides


async def test_a_good_draft_passes_alone(home: House) -> None:
    """A good draft needs no person: the client gets text, file, invoice and receipt, and nobody is asked."""
    await home.staff()
    before = home.bob.messages()
    number = await home.brief()
    await home.alice.sees(f"Brief {number} · Delivered")
    file = await home.alice.sees(f"brief-{number}.md")
    assert file.document is not None
    assert "Nordwind" in file.document.data.decode()
    await home.alice.sees("To pay")
    await home.pay(number)
    await home.alice.sees("Received 120.00 USD")
    await home.alice.sees(f"Brief {number} · Paid")
    assert home.bob.messages() == before


async def test_one_message_follows_the_brief(home: House) -> None:
    """The quote becomes the one progress message, edited in place to the end."""
    await home.staff()
    await home.alice.says("Write a product page for a solar lamp that runs 12 hours per charge.")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    await home.alice.taps("Yes, start", quote)
    final = await home.alice.sees("Delivered, invoice open", after=quote)
    assert final.id == quote.id
    assert final.labels == []


async def test_a_doubtful_draft_goes_to_a_person(home: House) -> None:
    """A draft under a floor waits for an operator with its reasons; sent back it returns; approved it goes out."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    assert re.search(r"Held: accuracy \d\d, floor 70", card.text)
    assert [[b.label for b in row] for row in card.buttons] == [["Approve", "Send back", "Read it"], ["More"]]
    mark = home.bob.mark()
    await home.bob.taps("Send back", card)
    await home.bob.sees("What should change?", after=mark)
    await home.bob.says("Leave the delivery time out.")
    again = await home.bob.sees(f"Brief {number} · Needs your decision", after=mark)
    assert "Asked for: Leave the delivery time out." in again.text
    await home.bob.taps("Approve", again)
    decided = await home.bob.sees(f"Brief {number} · Approved by Bob", after=again)
    assert decided.id == again.id
    assert decided.labels == []
    await home.alice.sees(f"brief-{number}.md")


@pytest.mark.both_databases
async def test_the_books_balance(home: House) -> None:
    """Payment posts amount and fee, every account is right, and the mirror has one row per brief and invoice."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    await home.pay(number)
    await home.alice.sees("thank you")
    balances = await settled(home)
    fee = int((Decimal(12000) * Decimal("0.029")).to_integral_value()) + 30
    assert balances == {
        ("revenue", "USD"): -12000,
        ("stripe balance", "USD"): 12000 - fee,
        ("stripe fees", "USD"): fee,
    }
    await home.notion.wait_for("Job Log", lambda rows: [row["State"] for row in rows] == ["paid"])
    finance = await home.notion.wait_for("Finance", lambda rows: [row["State"] for row in rows] == ["paid"])
    assert finance[0]["Amount"] == 120


async def test_rejected(home: House) -> None:
    """A rejected brief ends without charge, and the client reads the operator's reason."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    card = await home.bob.sees("Needs your decision")
    await decides(home.bob, "Reject", card)
    await home.bob.sees("Why?")
    await home.bob.says("We do not write about couriers.")
    seen = await home.alice.sees(f"Brief {number} · Rejected")
    assert "We do not write about couriers." in seen.text
    assert home.stripe.invoices == {}
