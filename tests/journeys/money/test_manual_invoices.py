"""/invoice: an invoice by hand, from its lines to the receipt; taken back, changed, voided, written off."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from tests.dashboard import dealt_with, ledger, settled
from tests.eventually import eventually
from tests.house import House, Providers, house

AT_ONCE: dict[str, Any] = {"invoice_grace_minutes": 0}


@pytest.fixture
async def home(stand_ins: Providers, database_url: str) -> AsyncIterator[House]:
    """As everywhere, but that invoices by hand go out at once."""
    async with house(stand_ins, database_url, **AT_ONCE) as running:
        await running.carol.says("/start")
        await running.carol.sees("Welcome")
        yield running


async def refused(who: Person, label: str, card: Seen) -> str:
    """What stands below the invoice that was to be sent, and was not."""
    toast = await who.taps(label, card)
    assert toast.text == "Not sent"
    return (await who.sees("Not sent yet", after=card)).text


async def preview(who: Person, lines: str = "Advice, 3, 50.00\nTravel, 1, 12.50", client: str = "Alice") -> Seen:
    """What is shown before the yes."""
    mark = who.mark()
    await who.says(f"/invoice {client}")
    await who.sees(f"New invoice for {client}", after=mark)
    await who.says(lines)
    return await who.sees("Not sent yet", after=mark)


def target(card: Seen, label: str) -> str:
    """What a button of a card carried, also once the card shows something else."""
    return next(button.target for row in card.buttons for button in row if button.label == label)


def theirs(home: House) -> dict[str, Any]:
    return list(home.stripe.invoices.values())[-1]


@pytest.mark.both_databases
async def test_from_its_lines_to_the_receipt(home: House) -> None:
    """An operator names the client, writes lines, sees all before the yes; the client pays, and both read of it."""
    await home.staff()
    await home.bob.says("/invoice")
    await home.bob.sees("Who is it for?")
    await home.bob.says("Alice")
    ask = await home.bob.sees("New invoice for Alice · What for?")
    assert "Advice on the launch, 3, 50.00" in ask.text
    await home.bob.says("Advice, 3, 50.00")
    card = await home.bob.sees("Not sent yet")
    assert "Advice: 3 × 50.00 = 150.00 USD" in card.text
    assert home.stripe.invoices == {}
    mark = home.bob.mark()
    await home.bob.says("Travel; 1; 12,50")
    card = await home.bob.sees("In all: 162.50 USD", after=mark)
    assert "Due 14 days after it is sent" in card.text
    await home.bob.taps("Send invoice, 162.50 USD", card)
    bill = await home.alice.sees("To pay")
    assert "162.50 USD: Advice, Travel" in bill.text
    assert "Due by" in bill.text
    made = await home.bob.sees(re.compile(r"Invoice \S+ · To pay"))
    assert "162.50 USD for Alice" in made.text
    assert [(line["description"], line["quantity"], line["amount"]) for line in theirs(home)["lines"]["data"]] == [
        ("Advice", 3, 15_000),
        ("Travel", 1, 1_250),
    ]
    await home.stripe.pay(theirs(home)["id"])
    receipt = await home.alice.sees("Received 162.50 USD · thank you")
    assert receipt.labels == ["Invoice as PDF"]
    await home.bob.sees(re.compile(r"Invoice \S+ · Paid"))
    assert (await settled(home))["revenue", "USD"] == -16_250


async def test_in_other_words(home: House) -> None:
    """Another due day and currency, tapped or written, a line taken off; what has no rate is refused and kept."""
    await home.staff()
    first = await preview(home.bob)
    await home.bob.taps("Due day", first)
    ask = await home.bob.sees("When is it due?")
    await home.bob.taps("30 days", ask)
    card = await home.bob.sees("Due 30 days after it is sent")
    mark = home.bob.mark()
    await home.bob.taps("Currency", card)
    await home.bob.sees("In which currency?")
    await home.bob.says("eur")
    card = await home.bob.sees("In all: 162.50 EUR", after=mark)
    await home.bob.taps("Remove last line", card)
    card = await home.bob.sees("In all: 150.00 EUR")
    said = await refused(home.bob, "Send invoice, 150.00 EUR", card)
    assert "There is no exchange rate for EUR" in said
    mark = home.bob.mark()
    await home.bob.says("/invoice")
    kept = await home.bob.sees("In all: 150.00 EUR", after=mark)
    await home.bob.taps("Discard", kept)
    await home.bob.sees("Stopped")


async def test_a_price_names_the_currency(stand_ins: Providers, database_url: str) -> None:
    """Where the first price names a currency the invoice is in that one, and what is odd about that is said."""
    rates = {"exchange_rates": "EUR 1.08 2026-11-01"} | AT_ONCE
    async with house(stand_ins, database_url, **rates) as home:
        await home.carol.says("/start")
        await home.staff()
        card = await preview(home.bob)
        await home.bob.taps("Send invoice, 162.50 USD", card)
        await home.alice.sees("To pay")
        card = await preview(home.bob, "Beratung; 2; 100,00 EUR")
        assert "In all: 200.00 EUR" in card.text
        assert "Their invoices so far are in USD. Stripe takes this one in EUR" in card.text
        await home.bob.taps("Send invoice, 200.00 EUR", card)
        await home.alice.sees("200.00 EUR: Beratung")
        assert theirs(home)["currency"] == "eur"


async def test_what_cannot_be_read(home: House) -> None:
    """A line that cannot be read is named, with an example, and what was written before is kept."""
    await home.staff()
    await preview(home.bob)
    mark = home.bob.mark()
    await home.bob.says("Hotel, two nights at 80")
    said = await home.bob.sees("I do not see what it is for, how many, and what one costs", after=mark)
    assert "Advice on the launch, 3, 50.00" in said.text
    mark = home.bob.mark()
    await home.bob.says("/invoice")
    await home.bob.sees("In all: 162.50 USD", after=mark)
    mark = home.bob.mark()
    await home.bob.says("/invoice Nobody")
    await home.bob.sees("There is no client “Nobody”", after=mark)


async def test_from_the_client_s_card(home: House) -> None:
    """/clients leads to a client's card, and its button to their invoice."""
    await home.staff()
    await home.bob.says("/clients")
    line = next(one for one in (await home.bob.sees("Clients")).text.splitlines() if "Alice" in one)
    await home.bob.says(line.split()[0])
    await home.bob.taps("Invoice", await home.bob.sees("Alice · client"))
    await home.bob.sees("New invoice for Alice")


async def test_client_without_billing_details(home: House) -> None:
    """Who gave no e-mail gets an invoice all the same, without a due day, and whoever makes it is told so before."""
    await home.invite(home.alice, "client", billed=False)
    await home.invite(home.bob, "operator", billed=False)
    card = await preview(home.bob)
    assert "No due day: Alice gave no e-mail" in card.text
    await home.bob.taps("Send invoice, 162.50 USD", card)
    assert "Due by" not in (await home.alice.sees("To pay")).text


async def test_who_may_not(home: House) -> None:
    """A client and an analyst are refused, in the menu and by the command, and see no more than they did."""
    await home.staff()
    for person in (home.alice, home.dan):
        mark = person.mark()
        await person.says("/invoice Alice")
        await person.sees("Only operators and admins may make, void and write off invoices", after=mark)
        mark = person.mark()
        await person.says("/help")
        assert "/invoice " not in (await person.sees("/status", after=mark)).text


@pytest.mark.both_databases
async def test_taken_back_and_changed(stand_ins: Providers, database_url: str) -> None:
    """Until its grace is over nobody but the team knows of it: it is changed, and cancelled, and Stripe never hears."""
    async with house(stand_ins, database_url, limit_day_usd=200) as home:
        await home.carol.says("/start")
        await home.staff()
        await home.bob.taps("Send invoice, 162.50 USD", await preview(home.bob))
        made = await home.bob.sees(re.compile(r"Invoice \d+ · Goes out at"))
        number = int(made.text.split()[1])
        await home.alice.says("/invoices")
        await home.alice.sees("No invoices yet")
        mark = home.alice.mark()
        await home.alice.says(f"/invoice_{number}")
        await home.alice.sees(f"There is no invoice {number}", after=mark)
        await home.bob.taps("Change", made)
        again = await home.bob.sees("Not sent yet", after=made)
        await home.bob.sees(f"Invoice {number} · Cancelled")
        await home.bob.taps("Remove last line", again)
        card = await home.bob.sees("In all: 150.00 USD")
        await home.bob.taps("Send invoice, 150.00 USD", card)
        second = await home.bob.sees(re.compile(rf"Invoice (?!{number})\d+ · Goes out at"))
        await home.carol.says(f"/invoice_{second.text.split()[1]}")
        await home.carol.taps("Cancel", await home.carol.sees("Being made"))
        await home.bob.sees(re.compile(rf"Invoice (?!{number})\d+ · Cancelled"))
        assert home.stripe.invoices == {}
        assert await ledger(home) == {}
        await home.alice.says("/invoices")
        assert not any("150.00" in seen.text for seen in home.alice.messages())


async def test_tapped_twice(home: House) -> None:
    """The same yes twice is one invoice."""
    await home.staff()
    card = await preview(home.bob)
    await home.bob.taps("Send invoice, 162.50 USD", card)
    await home.alice.sees("To pay")
    toast = await home.bob.taps_raw(target(card, "Send invoice, 162.50 USD"), card)
    assert "That invoice has changed since, or is sent" in toast.text
    await dealt_with(home)
    assert len(home.stripe.invoices) == 1


async def test_one_message_for_its_maker(home: House) -> None:
    """What becomes of an invoice that goes out at once stands in the message that was tapped, and in no other."""
    await home.staff()
    for number in range(1, 6):
        card = await preview(home.bob, f"Advice, {number}, 50.00")
        await home.bob.taps(f"Send invoice, {number * 50}.00 USD", card)
        made = await home.bob.sees(re.compile(rf"· To pay\n{number * 50}\.00 USD for Alice"))
        assert made.id == card.id
    await dealt_with(home)
    assert not any("Being made" in seen.text for seen in home.bob.messages())


async def test_over_a_limit(home: House) -> None:
    """What is over the limit is refused with the figures and who lifts it, and what was written is kept."""
    await home.staff()
    card = await preview(home.bob, "Advice, 1, 5000.01")
    said = await refused(home.bob, "Send invoice, 5,000.01 USD", card)
    assert "over the limit of 5,000.00 USD for one transaction" in said
    assert "LIMIT_TRANSACTION_USD" in said
    mark = home.bob.mark()
    await home.bob.says("/invoice")
    card = await home.bob.sees("In all: 5,000.01 USD", after=mark)
    await home.bob.taps("Remove last line", card)
    await home.bob.says("Advice, 1, 5000")
    await home.bob.taps("Send invoice, 5,000.00 USD", await home.bob.sees("In all: 5,000.00 USD"))
    await home.alice.sees("To pay")


async def test_switched_off(home: House) -> None:
    """While payments are switched off nothing is made, all is kept, and whoever asked hears when they are on again."""
    await home.staff()
    await home.carol.says("/flags payments off Stripe is down")
    await home.carol.sees("off")
    card = await preview(home.bob)
    assert "No invoices are made at Stripe right now" in await refused(home.bob, "Send invoice, 162.50 USD", card)
    await home.carol.says("/flags payments on it is back")
    await home.bob.sees("Invoices are made again")
    await home.bob.taps("Send invoice, 162.50 USD", card)
    await home.alice.sees("To pay")


@pytest.mark.both_databases
async def test_voided_by_an_operator(home: House) -> None:
    """[Void] asks once; then nobody can pay, the client is told that nothing is owed, and the ledger has nothing."""
    await home.staff()
    await home.bob.taps("Send invoice, 162.50 USD", await preview(home.bob))
    await home.alice.sees("To pay")
    made = await home.bob.sees(re.compile(r"Invoice \S+ · To pay"))
    link = next(word for word in made.text.split() if word.startswith("/invoice_"))
    await home.bob.says(link)
    card = await home.bob.sees("Travel: 12.50 USD", after=made)
    await home.bob.taps("Void", card)
    ask = await home.bob.sees("Void it?")
    await home.bob.taps("Yes, void it", ask)
    await home.alice.sees(re.compile(r"· Void\n.*\nYou owe nothing on it. Please do not pay it any more", re.DOTALL))
    await eventually(lambda: theirs(home)["status"], lambda status: status == "void")
    await dealt_with(home)
    assert await ledger(home) == {}
    assert "has changed" in (await home.bob.taps_raw(target(ask, "Yes, void it"), ask)).text
    assert theirs(home)["status"] == "void"


@pytest.mark.both_databases
async def test_written_off_by_an_operator(home: House) -> None:
    """[Write off] asks once; it is a loss in the books, the client reads nothing unkind and can still pay."""
    await home.staff()
    await home.bob.taps("Send invoice, 162.50 USD", await preview(home.bob))
    await home.alice.sees("To pay")
    made = await home.bob.sees(re.compile(r"Invoice \S+ · To pay"))
    await home.bob.says(next(word for word in made.text.split() if word.startswith("/invoice_")))
    card = await home.bob.sees("Travel: 12.50 USD", after=made)
    mark = home.alice.mark()
    await home.bob.taps("Write off", card)
    await home.bob.taps("Yes, write it off", await home.bob.sees("Write it off?"))
    await home.carol.sees("written off at Stripe")
    await dealt_with(home)
    assert await ledger(home) == {("revenue", "USD"): -16_250, ("bad debts", "USD"): 16_250}
    assert not [seen for seen in home.alice.messages() if seen.seq > mark and "written" in seen.text]
    await home.stripe.pay(theirs(home)["id"])
    await home.alice.sees("Received 162.50 USD")
    assert ("bad debts", "USD") not in await settled(home)
