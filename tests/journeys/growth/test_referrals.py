"""/referrals, from the link to the credit on an invoice, and back again."""

import re

import pytest

from bot.access.model import Role
from sandbox.telegram.people import Person
from tests.dashboard import dashboard, dealt_with, ledger, settled
from tests.house import BRIEF, House, Providers, house, number_in

OWED, TAKEN = ("referral credit", "USD"), ("discounts", "USD")


async def link_of(person: Person) -> str:
    """The code in the person's referral link."""
    mark = person.mark()
    await person.says("/referrals")
    card = await person.sees("Your referral link", after=mark)
    return card.text.partition("?start=")[2].split()[0]


async def referred(home: House) -> None:
    """Eve comes in by Alice's link, and says where her invoices go."""
    await home.staff()
    await home.eve.says(f"/start {await link_of(home.alice)}")
    await home.eve.sees("You are here as a client")
    await home.billed(home.eve)


async def delivered(home: House, person: Person) -> int:
    """The person's brief, delivered and invoiced."""
    mark = person.mark()
    await person.says(BRIEF)
    quote = await person.sees(re.compile("Nothing is spent until you say yes|You sent this already"), after=mark)
    if "You sent this already" in quote.text:
        await person.taps("It is new", quote)
        quote = await person.sees("Nothing is spent until you say yes", after=quote)
    number = number_in(await person.taps("Yes, start", quote))
    await person.sees(re.compile("Invoice .* · To pay"), after=mark)
    return number


async def paid(home: House, person: Person) -> None:
    """The person's brief, delivered and paid."""
    mark = person.mark()
    await home.pay(await delivered(home, person))
    await person.sees("thank you", after=mark)


@pytest.mark.both_databases
async def test_from_link_to_credit(home: House) -> None:
    """Eve comes by Alice's link and pays; Alice is told once of her credit, and her next invoice is lower by it."""
    await referred(home)
    assert "Alice's referral link" in (await home.carol.sees("Eve is a new client")).text
    await paid(home, home.eve)
    told = await home.alice.sees("12.00 USD credit for you")
    assert "Eve came by your link" in told.text
    await settled(home)
    assert (await ledger(home))[OWED] == -1_200
    mark = home.alice.mark()
    await home.alice.says("/referrals")
    card = await home.alice.sees("Your credit: 12.00 USD", after=mark)
    assert "1 person came by it, 1 of them paid" in card.text
    await delivered(home, home.alice)
    invoice = await home.alice.sees("12.00 USD of referral credit is taken off")
    assert "108.00 USD" in invoice.text
    ours = next(one for one in home.stripe.invoices.values() if one["total"] == 10_800)
    assert [line["amount"] for line in ours["lines"]["data"]] == [12_000, -1_200]
    await home.stripe.pay(ours["id"])
    await home.alice.sees("Received 108.00 USD")
    books = await settled(home)
    assert OWED not in books
    assert TAKEN not in books
    assert books["revenue", "USD"] == -22_800
    mark = home.alice.mark()
    await paid(home, home.eve)
    await dealt_with(home)
    assert not [seen for seen in home.alice.messages() if "credit for you" in seen.text and seen.seq > mark]
    await home.carol.says("/referrals")
    listed = (await home.carol.sees("credit 12.00 USD, 12.00 used")).text
    assert "Alice → Eve" in listed
    assert "1 came in the last 365 days, 1 of them paid, 100 %" in listed
    assert "Credits 12.00 USD: 12.00 used, 0.00 taken back, 0.00 left" in listed


async def test_refund_takes_it_back(home: House) -> None:
    """Money that goes back to Eve takes the same share of Alice's unused credit with it; she is told."""
    await referred(home)
    await paid(home, home.eve)
    await home.alice.sees("12.00 USD credit for you")
    await settled(home)
    ours = next(iter(home.stripe.invoices.values()))
    async with dashboard(home) as client:
        payments = await client.v1.invoice_payments.list_async({"invoice": ours["id"]})
        intent = str(payments.data[0].payment.payment_intent)
        await client.v1.refunds.create_async({"payment_intent": intent, "amount": 6_000})
        await home.alice.sees("6.00 USD of your referral credit is taken back")
        assert (await settled(home))[OWED] == -600
        await client.v1.refunds.create_async({"payment_intent": intent})
    await dealt_with(home)
    assert OWED not in await ledger(home)
    await home.alice.says("/referrals")
    assert "Your credit" not in (await home.alice.sees("1 of them paid")).text


async def test_void_gives_it_back(home: House) -> None:
    """A void invoice gives its credit back; made anew, it is taken off again."""
    await referred(home)
    await paid(home, home.eve)
    await home.alice.sees("12.00 USD credit for you")
    await delivered(home, home.alice)
    ours = next(one for one in home.stripe.invoices.values() if one["total"] == 10_800)
    await settled(home)
    async with dashboard(home) as client:
        await client.v1.invoices.void_invoice_async(ours["id"])
    card = await home.bob.sees(re.compile("Invoice .* · Void"))
    assert (await settled(home))[OWED] == -1_200
    mark = home.alice.mark()
    await home.bob.taps("Make a new invoice", card)
    await home.alice.sees(re.compile("Invoice .* · To pay"), after=mark)
    assert OWED not in await settled(home)


async def test_who_is_refused(home: House) -> None:
    """One's own link, a link to somebody who was here, a ring, and a link that nobody has are refused in words."""
    await referred(home)
    alices, eves = await link_of(home.alice), await link_of(home.eve)
    for person, code, words in (
        (home.alice, alices, "This is your own link"),
        (home.alice, eves, "Eve came here by your link"),
        (home.bob, alices, "you were here before"),
        (home.carol, alices, "you were here before"),
        (home.dan, "ref_nobody", "This link no longer works"),
    ):
        mark = person.mark()
        await person.says(f"/start {code}")
        await person.sees(words, after=mark)
    mark = home.eve.mark()
    await home.eve.says(f"/start {alices}")
    await home.eve.sees("You are here as a client", after=mark)
    await home.carol.says("/referrals")
    assert (await home.carol.sees("Alice → Eve")).text.count("→") == 1


async def test_a_longer_ring(home: House) -> None:
    """Alice brought Eve, and Eve Frank: his link is nothing for Alice either."""
    await referred(home)
    frank = home.telegram.person("Frank", id=1006)
    await frank.says(f"/start {await link_of(home.eve)}")
    await frank.sees("You are here as a client")
    await home.alice.says(f"/start {await link_of(frank)}")
    await home.alice.sees("Frank came here by your link, or by that of somebody you referred")


async def test_removed_people_bring_nobody(home: House) -> None:
    """The link of somebody who was let out lets nobody in, and they do not come back by another's."""
    await referred(home)
    alices = await link_of(home.alice)
    services = home.running.app.services
    carol = await services.people.joining.identify(home.carol.account.id, "Carol", "en")
    eve = await services.people.joining.identify(home.eve.account.id, "Eve", "en")
    await services.people.roles.change_role(carol, eve.id, eve.role, Role.REMOVED)
    mark = home.eve.mark()
    await home.eve.says(f"/start {alices}")
    await home.eve.sees("Your access here has ended", after=mark)


async def test_switched_off(stand_ins: Providers, database_url: str) -> None:
    """With REFERRAL_PERCENT=0 a link lets nobody in, and says so."""
    async with house(stand_ins, database_url, referral_percent=0) as home:
        await home.carol.says("/start")
        await home.staff()
        await home.alice.says("/referrals")
        await home.alice.sees("Referrals · Switched off")
        services = home.running.app.services
        alice = await services.people.joining.identify(home.alice.account.id, "Alice", "en")
        code = (await services.referrals.own(alice)).code
        await home.eve.says(f"/start {code}")
        await home.eve.sees("takes nobody in by referral links at present")


async def test_by_hand(stand_ins: Providers, database_url: str) -> None:
    """An invoice made by hand has the credit taken off too, as far as something is left that Stripe can charge."""
    async with house(stand_ins, database_url, invoice_grace_minutes=0) as home:
        await home.carol.says("/start")
        await credited_by_hand(home)


async def credited_by_hand(home: House) -> None:
    """Bob makes an invoice over 10.00 for Alice, who has 12.00 as credit."""
    await referred(home)
    await paid(home, home.eve)
    await home.alice.sees("12.00 USD credit for you")
    mark = home.bob.mark()
    await home.bob.says("/invoice Alice")
    await home.bob.sees("What for?", after=mark)
    await home.bob.says("Advice, 1, 10")
    preview = await home.bob.sees("Not sent yet", after=mark)
    await home.bob.taps("Send invoice", preview)
    await home.alice.sees("9.50 USD of referral credit is taken off")
    assert "0.50 USD for Alice" in (await home.bob.sees("Referral credit: -9.50 USD", after=mark)).text
    await home.alice.says("/referrals")
    await home.alice.sees("Your credit: 2.50 USD")
