"""Where invoices go: asked once, before the first yes, kept, changed, and told to Stripe."""

import re
from typing import Any

import pytest

from sandbox.faults import Fault
from sandbox.telegram.people import Person
from sandbox.telegram.seen import NotSeen, Seen
from tests.house import BRIEF, House, Providers, house

QUESTION = "Where should the invoice go?"
TITLE = "“Write a landing page text for Nordwind, a bicycle courier…”"


async def quoted(home: House, person: Person, text: str = BRIEF) -> Seen:
    """The person hands a brief in and sees its price."""
    mark = person.mark()
    await person.says(text)
    return await person.sees("Nothing is spent until you say yes", after=mark)


async def asked(home: House) -> Seen:
    """Alice, who was never asked, says yes, and is asked where the invoice goes."""
    await home.invite(home.alice, "client", billed=False)
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


async def test_all_in_one_message(home: House) -> None:
    """Name, e-mail and country in one message answer all three questions; the next yes asks nothing."""
    await asked(home)
    await home.alice.says("Nordwind GmbH\naccounts@example.org\nDeutschland")
    await home.alice.sees("Invoices go to Nordwind GmbH, accounts@example.org, Germany.")
    toast = await home.alice.taps("Yes, start", await quoted(home, home.alice, f"{BRIEF} Once more."))
    assert toast.text == "Brief 1002 is started"


async def test_skip(home: House) -> None:
    """Who skips is asked no more, and pays on Stripe's page an invoice that has no due date and needs no e-mail."""
    await home.alice.taps("Skip: pay on Stripe's page", await asked(home))
    await home.alice.sees("Brief 1001 is started\nYou pay each invoice on Stripe's page")
    card = await home.alice.sees("To pay")
    assert "Due" not in card.text
    made = invoice(home, 1001)
    assert (made["collection_method"], made["due_date"], made["auto_advance"]) == ("charge_automatically", None, False)
    await home.pay(1001)
    await home.alice.sees("Brief 1001 · Paid")
    toast = await home.alice.taps("Yes, start", await quoted(home, home.alice, f"{BRIEF} Once more."))
    assert toast.text == "Brief 1002 is started"
    await home.alice.says("/billing")
    shown = await home.alice.sees("Billing details · none")
    assert shown.labels == ["Add details"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("anna", "I see no e-mail address in “anna”. Write it like anna@example.org.\nOr skip it"),
        ("anna@localhost", "Mail cannot reach “anna@localhost”"),
        ("a@example.org or b@example.org", "several e-mail addresses"),
    ],
)
async def test_bad_email(home: House, words: str, answer: str) -> None:
    """What is no address is refused with an example, and the question goes on waiting."""
    await asked(home)
    await home.alice.says(words)
    await home.alice.sees(answer)
    await home.alice.says("anna@example.org")
    await home.alice.sees("Which name goes on the invoice?")
    assert home.stripe.customers == {}


async def test_misspelt_country(home: House) -> None:
    """A country that there is not is refused with the one that was probably meant."""
    await asked(home)
    await home.alice.says("anna@example.org, Anna")
    await home.alice.sees("Which country?")
    await home.alice.says("Germny")
    await home.alice.sees("Did you mean Germany?")
    await home.alice.says("germany")
    await home.alice.sees("Brief 1001 is started")


async def test_cancel(home: House) -> None:
    """Cancelled, nothing starts and nothing is kept; the quote still takes a yes, which asks again."""
    question = await asked(home)
    await home.alice.taps("Cancel", question)
    await home.alice.sees(f"Stopped. Nothing was changed. Not started, and waiting for your yes: {TITLE}.")
    await home.alice.taps("Yes, start", await home.alice.sees("Nothing is spent until you say yes"))
    await home.alice.sees(QUESTION)
    with pytest.raises(NotSeen):
        await home.alice.sees("is started", timeout=0)


async def test_late_skip(home: House) -> None:
    """A Skip that is tapped after Cancel starts nothing, and says what does."""
    question = await asked(home)
    await home.alice.taps("Cancel", question)
    data = next(b.target for row in question.buttons for b in row if b.label.startswith("Skip"))
    toast = await home.alice.taps_raw(data, question)
    assert toast.text.startswith("That question is over.")


async def test_buttons_of_an_older_question(home: House) -> None:
    """Cancel and Skip under a question that is over leave a later one alone, which still takes its answer."""
    question = await asked(home)
    await home.alice.taps("Cancel", question)
    await home.alice.taps("Yes, start", await home.alice.sees("Nothing is spent until you say yes"))
    await home.alice.sees(QUESTION)
    for button in (button for row in question.buttons for button in row):
        toast = await home.alice.taps_raw(button.target, question)
        assert toast.text.startswith("That question is over."), button.label
    await home.alice.says("anna@example.org, Anna, Germany")
    await home.alice.sees("Brief 1001 is started")


@pytest.mark.both_databases
async def test_restart_in_the_middle(stand_ins: Providers, database_url: str) -> None:
    """A restart between two answers loses neither the first nor the yes."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await asked(home)
        await home.alice.says("accounts@example.org")
        await home.alice.sees("Which name goes on the invoice?")
    async with house(stand_ins, database_url) as home:
        await home.alice.says("Nordwind GmbH")
        await home.alice.taps("Germany", await home.alice.sees("Which country?"))
        await home.alice.sees("Brief 1001 is started")
        await home.alice.sees("To pay", timeout=30)
        assert customer(home)["email"] == "accounts@example.org"


async def test_two_quotes(home: House) -> None:
    """Two quotes that were both said yes to before the answer both start with it."""
    await asked(home)
    mark = home.alice.mark()
    await home.alice.says("/stop")
    await home.alice.sees("Stopped", after=mark)
    first = await home.alice.sees("Nothing is spent until you say yes")
    second = await quoted(home, home.alice, f"{BRIEF} Once more.")
    for quote in (first, second):
        mark = home.alice.mark()
        await home.alice.taps("Yes, start", quote)
        await home.alice.sees(QUESTION, after=mark)
    await home.alice.says("Alice, alice@example.org, Germany")
    await home.alice.sees("Brief 1001 and 1002 are started")


async def test_quote_that_changed(home: House) -> None:
    """What was said yes to and changed before the answer is not started; the details are kept, and it is said why."""
    await asked(home)
    quote = await home.alice.sees("Nothing is spent until you say yes")
    mark = home.alice.mark()
    await home.alice.taps("Other type", quote)
    await home.alice.taps("Research", await home.alice.sees("What kind of work is it?", after=mark))
    renewed = await home.alice.sees("Nothing is spent until you say yes", after=mark)
    await home.alice.says("Alice, alice@example.org, Germany")
    saved = await home.alice.sees("Billing details saved")
    assert f"The quote {TITLE} changed since." in saved.text
    assert (await home.alice.taps("Yes, start", renewed)).text == "Brief 1001 is started"


async def test_change(home: House) -> None:
    """What is changed by /billing is on the next invoice, and not on the one that is open."""
    await home.staff()
    await home.brief()
    await home.alice.sees("To pay")
    await home.alice.says("/billing")
    await home.alice.taps("Change", await home.alice.sees("alice@example.org\nGermany"))
    await home.alice.says("books@example.org")
    await home.alice.taps("Alice", await home.alice.sees("Which name goes on the invoice?"))
    await home.alice.says("France")
    await home.alice.sees("Invoices go to Alice, books@example.org, France.")
    mark = home.alice.mark()
    await home.brief(f"{BRIEF} Once more.")
    await home.alice.sees("To pay", after=mark)
    assert [invoice(home, number)["customer_email"] for number in (1001, 1002)] == [
        "alice@example.org",
        "books@example.org",
    ]
    assert customer(home)["address"]["country"] == "FR"


async def test_address_and_tax_id(home: House) -> None:
    """Who wants them has an address and a tax id on the invoice, and can leave them off again."""
    await asked(home)
    await home.alice.says("Alice, alice@example.org, Germany")
    await home.alice.taps("Add address or tax ID", await home.alice.sees("is started"))
    await home.alice.sees("Which address goes on the invoice?")
    await home.alice.says("Hafenstrasse 1\n20457 Hamburg")
    await home.alice.sees("Which tax ID goes on the invoice?")
    await home.alice.says("DE123456789")
    overview = await home.alice.sees("Tax ID DE123456789")
    mark = home.alice.mark()
    number = await home.brief(f"{BRIEF} Once more.")
    await home.alice.sees(f"for brief {number}: ", after=mark)
    address = invoice(home, number)["customer_address"]
    assert (address["line1"], address["line2"], address["country"]) == ("Hafenstrasse 1", "20457 Hamburg", "DE")
    assert invoice(home, number)["custom_fields"] == [{"name": "Tax ID", "value": "DE123456789"}]
    mark = home.alice.mark()
    await home.alice.taps("Address, tax ID", overview)
    await home.alice.taps("Keep it", await home.alice.sees("Which address goes on the invoice?", after=mark))
    await home.alice.taps("Leave it off", await home.alice.sees("Which tax ID goes on the invoice?", after=mark))
    left = await home.alice.sees(re.compile("^Billing details\n"), after=mark)
    assert "20457 Hamburg" in left.text
    assert "Tax ID" not in left.text


async def test_removed(home: House) -> None:
    """What was removed is asked for anew, and Stripe forgets it before the next invoice."""
    await home.staff()
    await home.brief()
    await home.alice.sees("To pay")
    await home.alice.says("/billing")
    overview = await home.alice.sees("They will be on your next invoices.")
    await home.alice.taps("Remove", overview)
    await home.alice.taps("Yes, remove", await home.alice.sees("Remove your billing details?"))
    await home.alice.sees("Billing details · removed")
    mark = home.alice.mark()
    await home.alice.taps("Yes, start", await quoted(home, home.alice, f"{BRIEF} Once more."))
    question = await home.alice.sees(QUESTION, after=mark)
    assert question.labels == ["Skip: pay on Stripe's page", "Cancel"]
    await home.alice.taps("Skip: pay on Stripe's page", question)
    await home.alice.sees("for brief 1002: ", after=mark)
    assert (customer(home)["email"], customer(home)["address"]) == (None, None)


async def test_old_removal(home: House) -> None:
    """A Remove on a card whose details changed since removes nothing."""
    await home.staff()
    await home.alice.says("/billing")
    overview = await home.alice.sees("They will be on your next invoices.")
    await home.alice.says("/billing Alice, books@example.org, Germany")
    await home.alice.sees("Invoices go to Alice, books@example.org")
    toast = await home.alice.taps("Remove", overview)
    assert toast.text.startswith("Your billing details have changed.")


async def test_only_their_own(home: House) -> None:
    """An operator sees their own details and never a client's; an analyst and a stranger have none."""
    await home.staff()
    mark = home.bob.mark()
    await home.bob.says("/billing")
    shown = await home.bob.sees("Billing details", after=mark)
    assert "bob@example.org" in shown.text
    assert "alice@example.org" not in shown.text
    await home.dan.says("/billing")
    await home.dan.sees("may submit briefs")
    await home.eve.says("/billing")
    await home.eve.sees("I do not know you yet")


async def unanswered(home: House) -> None:
    """Alice's brief is delivered, and Stripe's replies about its draft get lost until they are found again."""
    await home.carol.says("/start")
    await home.staff()
    home.stripe.faults.add(Fault("POST .*/v1/invoices$", "lose_reply", times=None))
    await home.brief()
    await home.alice.sees("Delivered")
    await home.stripe_has("draft")


async def opened(stand_ins: Providers, database_url: str, **changes: Any) -> dict[str, Any]:
    """The brief's one invoice, once the next start has opened it."""
    stand_ins.stripe.faults.clear()
    async with house(stand_ins, database_url, **changes) as home:
        await home.alice.sees("To pay", timeout=30)
        made = invoice(home, 1001)
    assert (made["status"], made["total"], len(made["lines"]["data"])) == ("open", 12_000, 1)
    return made


async def test_removed_while_stripe_is_asked(stand_ins: Providers, database_url: str) -> None:
    """A draft for an e-mail that is removed before the reply is known gives way to one that needs none.

    What is asked for now has other values than what was first sent under its key, so it is another attempt.
    """
    async with house(stand_ins, database_url) as home:
        await unanswered(home)
        await home.alice.says("/billing")
        await home.alice.taps("Remove", await home.alice.sees("They will be on your next invoices."))
        await home.alice.taps("Yes, remove", await home.alice.sees("Remove your billing details?"))
        await home.alice.sees("Billing details · removed")
    made = await opened(stand_ins, database_url)
    assert (made["collection_method"], made["customer_email"]) == ("charge_automatically", None)


async def test_changed_while_stripe_is_asked(stand_ins: Providers, database_url: str) -> None:
    """A draft whose reply is not known goes on as it stands, to the e-mail that was given since."""
    async with house(stand_ins, database_url) as home:
        await unanswered(home)
        await home.alice.says("/billing Alice, books@example.org, Germany")
        await home.alice.sees("Invoices go to Alice, books@example.org")
    made = await opened(stand_ins, database_url)
    assert (made["collection_method"], made["customer_email"]) == ("send_invoice", "books@example.org")


async def test_other_due_days_while_stripe_is_asked(stand_ins: Providers, database_url: str) -> None:
    """A draft whose reply is not known is found, and not asked of a person, although INVOICE_DAYS was changed since."""
    async with house(stand_ins, database_url, invoice_days=14) as home:
        await unanswered(home)
    made = await opened(stand_ins, database_url, invoice_days=30)
    assert made["due_date"] - made["created"] == 14 * 86_400


async def test_first_voice_brief(home: House) -> None:
    """Go on a spoken brief asks as the yes on a quote does, and the brief starts with the answer."""
    await home.invite(home.alice, "client", billed=False)
    home.openai.transcript = BRIEF
    await home.alice.sends_voice(b"OggS" + b"\0" * 20_000, duration=42)
    await home.alice.taps("Yes, start", await home.alice.sees("Read it before it starts"))
    await home.alice.taps("Skip: pay on Stripe's page", await home.alice.sees(QUESTION))
    await home.alice.sees("Brief 1001 is started")
    await home.alice.sees("To pay")


async def test_in_a_group(home: House) -> None:
    """A yes in a group is asked about in the private chat, where /billing is answered too; nobody else reads it."""
    await home.invite(home.alice, "client", billed=False)
    group = home.telegram.group("Team", [home.alice, home.bob]).id
    await home.alice.says(f"/brief {BRIEF}", chat_id=group)
    toast = await home.alice.taps(
        "Yes, start", await home.alice.sees("Nothing is spent until you say yes", chat_id=group)
    )
    assert toast.text == "One question first: I asked it in our private chat"
    await home.alice.sees(QUESTION)
    await home.alice.says("Alice, alice@example.org, Germany")
    await home.alice.sees("Brief 1001 is started")
    await home.alice.says("/billing", chat_id=group)
    await home.alice.sees("The answer to /billing is in our private chat", chat_id=group)
    await home.alice.sees("Billing details")
    assert "alice@example.org" not in home.bob.transcript(group)
