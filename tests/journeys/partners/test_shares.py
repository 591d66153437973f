"""A partner's revenue share: set in the chat, earned by payments, taken back by refunds, read in its statement."""

import re

import pytest

from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from tests.dashboard import dashboard, dealt_with, ledger, settled
from tests.house import House
from tests.journeys.growth.test_referrals import link_of, paid
from tests.journeys.partners.test_partner import key_of_alice, ordered

OWED, COST = ("partner share", "USD"), ("commissions", "USD")


async def tapped(person: Person, button: str, card: Seen, words: str) -> Seen:
    """The card with these words that a tap leads to."""
    mark = person.mark()
    await person.taps(button, card)
    return await person.sees(words, after=mark)


async def partner_card(home: House) -> Seen:
    """Alice's card as a partner, as Carol sees it now."""
    mark = home.carol.mark()
    await home.carol.says("/partners")
    listed = await home.carol.sees("Standard, 100 briefs a month", after=mark)
    return await tapped(home.carol, "Alice", listed, "Partner Alice · On")


async def shared(home: House, share: str = "12.5") -> str:
    """Alice is a partner who gets that percentage; returns her key."""
    await home.staff()
    key = await key_of_alice(home)
    asked = await tapped(home.carol, "Revenue share", await partner_card(home), "Share of Alice: 0 %")
    await home.carol.says(share)
    await home.carol.sees(f"Revenue share: {share} %", after=asked)
    return key


async def brought(home: House) -> None:
    """Eve comes in by Alice's link, and says where her invoices go."""
    await home.eve.says(f"/start {await link_of(home.alice)}")
    await home.eve.sees("You are here as a client")
    await home.billed(home.eve)


async def statement(home: House) -> Seen:
    """Alice's statement of this month."""
    return await tapped(home.carol, "Statement", await partner_card(home), "Statement Alice")


async def send_back(home: House, amount: int | None = None) -> None:
    """Send money of the first invoice back by Stripe's own pages."""
    ours = next(iter(home.stripe.invoices.values()))
    async with dashboard(home) as client:
        payments = await client.v1.invoice_payments.list_async({"invoice": ours["id"]})
        intent = str(payments.data[0].payment.payment_intent)
        if amount is None:
            await client.v1.refunds.create_async({"payment_intent": intent})
        else:
            await client.v1.refunds.create_async({"payment_intent": intent, "amount": amount})
    await dealt_with(home)


@pytest.mark.both_databases
async def test_share_of_a_client_who_came_by_the_partner(home: House) -> None:
    """Eve came by Alice's link: Alice gets an eighth of each payment and no credit; refunds take it back."""
    await shared(home)
    mark = home.alice.mark()
    await home.alice.says("/referrals")
    assert "you get 12.5 % of each of their payments" in (await home.alice.sees("Your referral link", after=mark)).text
    await brought(home)
    await paid(home, home.eve)
    books = await settled(home)
    assert (books[OWED], books[COST]) == (-1_500, 1_500)
    assert ("referral credit", "USD") not in books
    text = (await statement(home)).text
    assert "Owed 15.00 USD: earned 15.00" in text
    assert "Eve" in text
    await send_back(home, 6_000)
    assert (await ledger(home))[OWED] == -750
    assert "Owed 7.50 USD: earned 15.00, taken back 7.50" in (await statement(home)).text
    await send_back(home)
    books = await ledger(home)
    assert OWED not in books
    assert COST not in books
    await paid(home, home.eve)
    assert (await settled(home))[OWED] == -1_500


@pytest.mark.both_databases
async def test_share_of_an_order_and_its_payment(home: House) -> None:
    """What Alice's program ordered and paid is shared too; Carol notes that it was paid out, once, and has the file."""
    key = await shared(home, "10")
    await home.billed(home.alice)
    number = await ordered(home, key)
    await home.stripe_has("open")
    await home.pay(number)
    await home.alice.sees("thank you")
    assert (await settled(home))[OWED] == -1_200
    card = await statement(home)
    assert "Owed 12.00 USD: earned 12.00" in card.text
    mark = home.carol.mark()
    await home.carol.taps("CSV", card)
    file = (await home.carol.sees("Statement Alice", after=mark)).document
    assert file is not None
    assert b"earned" in file.data
    assert b"owed after,,,12.00,USD" in file.data
    asked = await tapped(home.carol, "Paid out 12.00 USD", card, "Was Alice paid 12.00 USD?")
    done = await tapped(home.carol, "Yes, it was paid", asked, "Statement Alice")
    assert "Owed 0.00 USD: earned 12.00, paid out 12.00" in done.text
    books = await ledger(home)
    assert OWED not in books
    assert books["bank", "USD"] == -1_200
    assert "Paid out" not in str(done.buttons)


async def test_a_share_that_is_none(home: House) -> None:
    """Words that are no share are said to be none, and the question stays; statements are for admins."""
    await shared(home)
    asked = await tapped(home.carol, "Revenue share", await partner_card(home), "Share of Alice: 12.5 %")
    for words in ("much", "51", "-1", "1.234"):
        mark = home.carol.mark()
        await home.carol.says(words)
        await home.carol.sees("A share goes from 0 to 50 %", after=mark)
    await home.carol.says("0")
    card = await home.carol.sees("Partner Alice · On", after=asked)
    assert "Revenue share" not in card.text
    assert re.search("Gets no share of new payments", (await statement(home)).text)
