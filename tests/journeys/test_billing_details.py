"""Where invoices go: asked once, before the first yes, kept, changed, and told to Stripe."""

from typing import Any

from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from tests.house import BRIEF, House

QUESTION = "Where should the invoice go?"


async def quoted(home: House, person: Person, text: str = BRIEF) -> Seen:
    """The person hands a brief in and sees its price."""
    mark = person.mark()
    await person.says(text)
    return await person.sees("Nothing is spent until you say yes", after=mark)


async def asked(home: House) -> Seen:
    """Alice, who was never asked, says yes, and is asked where the invoice goes."""
    await home.invite(home.alice, "client")
    mark = home.alice.mark()
    await home.alice.taps("Yes, start", await quoted(home, home.alice))
    return await home.alice.sees(QUESTION, after=mark)


def customer(home: House) -> dict[str, Any]:
    """Alice as Stripe knows her."""
    (only,) = home.stripe.customers.values()
    return dict(only)


def invoice(home: House, number: int) -> dict[str, Any]:
    """The brief's invoice at Stripe."""
    invoices = home.stripe.invoices.values()
    (only,) = [i for i in invoices if i["metadata"].get("echopilot_brief") == str(number)]
    return dict(only)


async def test_first_yes_asks(home: House) -> None:
    """Three short answers, and the brief starts by itself; Stripe's customer and invoice say what was answered."""
    question = await asked(home)
    assert question.labels == ["Skip: pay on Stripe's page", "Cancel"]
    await home.alice.says("accounts@example.org")
    await home.alice.sees("Which name goes on the invoice?")
    await home.alice.says("Nordwind GmbH")
    country = await home.alice.sees("Which country?")
    await home.alice.taps("Germany", country)
    await home.alice.sees("Brief 1001 is started\nInvoices go to Nordwind GmbH, accounts@example.org, Germany.")
    card = await home.alice.sees("To pay")
    assert "Due by" in card.text
    made = customer(home)
    assert (made["name"], made["email"], made["address"]["country"]) == ("Nordwind GmbH", "accounts@example.org", "DE")
    sent = invoice(home, 1001)
    assert (sent["collection_method"], sent["customer_email"]) == ("send_invoice", "accounts@example.org")
