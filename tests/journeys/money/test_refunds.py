"""/refund: guided, approved by others, with a fuse that is stopped once and burns down once."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from handlers.dispatch import Dispatcher
from handlers.routing.update import read
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from tests.dashboard import dashboard, dealt_with, invoiced, ledger, settled
from tests.house import QUICK, House, Providers, house
from tests.refunds import ERIN

FAST = replace(QUICK, minute=1.0)


@pytest.fixture
async def home(stand_ins: Providers, database_url: str) -> AsyncIterator[House]:
    async with house(stand_ins, database_url, timing=FAST, refund_fuse_minutes=4) as running:
        await running.carol.says("/start")
        await running.carol.sees("Welcome")
        yield running


async def paid(home: House) -> str:
    """The number of an invoice of Alice's over 120.00 that is paid and settled."""
    number, ours = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    await settled(home)
    return str(ours["number"])


async def asks(home: House, number: str, amount: str, who: Person | None = None) -> Seen:
    """Somebody, by default Bob, asks for a refund; returns what it was shown as before."""
    person = who or home.bob
    mark = person.mark()
    await person.says(f"/refund {number}")
    await person.sees("Left to refund", after=mark)
    await person.says(amount)
    await person.sees("Why?", after=mark)
    await person.says("It was delivered too late")
    preview = await person.sees("Not asked for yet", after=mark)
    await person.taps("Ask for approval", preview)
    return preview


@pytest.mark.both_databases
async def test_one_key(home: House) -> None:
    """Up to the limit an operator asks, an admin approves, Stripe sends, the ledger follows, and all hear of it."""
    number = await paid(home)
    before = await ledger(home)
    preview = await asks(home, number, "20")
    assert "20.00 USD of 120.00 USD to Alice (card ending 4242)" in preview.text
    assert "Left of the payment after this: 100.00 USD" in preview.text
    assert "Stripe keeps its fee of 3.78 USD" in preview.text
    assert "One other person has to approve it" in preview.text
    card = await home.carol.sees("Needs approval")
    assert "It was delivered too late" in card.text
    assert "Asked for by Bob" in card.text
    assert card.labels == ["Approve", "Refuse"]
    assert (await home.bob.sees("more approval is needed")).labels == ["Withdraw"]
    await home.carol.taps("Approve", card)
    await home.alice.sees("Refund of 20.00 USD · Sent")
    await home.bob.sees("· Sent back")
    assert "Approved by Carol" in (await home.carol.sees(re.compile(r"Refund \d+ · Approved"))).text
    await dealt_with(home)
    after = await ledger(home)
    assert after["refunds", "USD"] == 2_000
    assert after["stripe balance", "USD"] == before["stripe balance", "USD"] - 2_000
    assert len(home.stripe.refunds) == 1
    assert not any("A refund at Stripe" in seen.text for seen in home.carol.messages())


@pytest.mark.both_databases
async def test_two_keys(home: House) -> None:
    """Above the limit two admins approve; the fuse is stopped once, asked for anew it burns down, and it is sent."""
    number = await paid(home)
    erin = home.telegram.person("Erin", id=ERIN)
    await home.invite(erin, "admin", billed=False)
    preview = await asks(home, number, "110")
    assert "2 different people other than you have to approve it" in preview.text
    first = await home.carol.sees("Needs approval")
    second = await erin.sees("Needs approval")
    await home.carol.taps("Approve", first)
    await home.carol.sees("1 more approval is needed")
    await erin.taps("Approve", second)
    fuse = await home.carol.sees(re.compile(r"Approved, done in \d minute"))
    assert fuse.labels == ["Stop"]
    assert "Approved by Carol and Erin" in fuse.text
    await home.carol.taps("Stop", fuse)
    await home.bob.sees("Nothing was done. You can ask for it anew")
    assert "Stopped by Carol" in (await erin.sees(re.compile("Refund .* · Stopped"))).text
    assert home.stripe.refunds == {}

    marks = home.carol.mark(), erin.mark(), home.bob.mark()
    await asks(home, number, "110")
    for person, mark in ((home.carol, marks[0]), (erin, marks[1])):
        await person.taps("Approve", await person.sees("Needs approval", after=mark))
    await home.bob.sees("done in 4 minutes", after=marks[2])
    await home.bob.sees(re.compile("done in [123] minute"), after=marks[2])
    await home.bob.sees("· Sent back", after=marks[2])
    await home.alice.sees("Refund of 110.00 USD · Sent")
    assert [one["amount"] for one in home.stripe.refunds.values()] == [11_000]


@pytest.mark.both_databases
async def test_failing_afterwards(home: House) -> None:
    """A refund that failed days later is booked back, and admins, who asked, and the client hear of it."""
    number = await paid(home)
    before = await ledger(home)
    await asks(home, number, "20")
    await home.carol.taps("Approve", await home.carol.sees("Needs approval"))
    await home.bob.sees("· Sent back")
    await dealt_with(home)
    (refund,) = home.stripe.refunds
    home.stripe.settle_refund(refund, fails=True)
    await home.carol.sees(re.compile(r"Refund \d+ · Failed"))
    await home.bob.sees(re.compile(r"Refund \d+ · Failed"))
    await home.alice.sees("Did not arrive")
    await dealt_with(home)
    assert await ledger(home) == before


async def test_the_way_back(home: House) -> None:
    """A wrong amount is said so, all can be tapped, the amount be changed, and the whole be discarded."""
    number = await paid(home)
    await home.bob.says("/refund")
    card = await home.bob.sees("Refund · Which invoice?")
    await home.bob.taps(number, card)
    left = await home.bob.sees("Left to refund: 120.00 USD")
    for wrong, words in (
        ("121", "more than the 120.00 USD"),
        ("much", "I cannot read “much” as an amount in USD"),
        ("5 EUR", "is in USD"),
    ):
        await home.bob.says(wrong)
        await home.bob.sees(words)
    await home.bob.taps("All 120.00 USD", left)
    await home.bob.sees("Why?")
    await home.bob.says("Too late")
    preview = await home.bob.sees("Not asked for yet")
    await home.bob.taps("Change amount", preview)
    mark = home.bob.mark()
    await home.bob.says("7.50")
    preview = await home.bob.sees("7.50 USD of 120.00 USD", after=mark)
    assert "Why: Too late" in preview.text
    await home.bob.taps("Discard", preview)
    await home.bob.sees("The refund was discarded")
    await home.bob.says("/approvals")
    await home.bob.sees("Nothing waits for approval")


async def test_a_reason_in_sentences(home: House) -> None:
    """Why is whatever is written, also several sentences: never a brief. Where it is too long, that is said."""
    number = await paid(home)
    await home.bob.says(f"/refund {number}")
    await home.bob.taps("All 120.00 USD", await home.bob.sees("Left to refund"))
    await home.bob.sees("Why?")
    mark = home.bob.mark()
    await home.bob.says("Write a landing page for a bakery. " * 10)
    await home.bob.sees("A reason has at most 300 characters", after=mark)
    await home.bob.says("Alice was charged twice for it by mistake. We agreed with her on all of it today.")
    preview = await home.bob.sees("Not asked for yet", after=mark)
    assert "Why: Alice was charged twice for it by mistake. We agreed" in preview.text
    assert not any("Nothing is spent until you say yes" in seen.text for seen in home.bob.messages())


async def test_the_dashboards_refund_is_shown(home: House) -> None:
    """One that was made in Stripe's dashboard is among the invoice's, the client hears of it, and less is left."""
    number = await paid(home)
    (charge,) = home.stripe.charges.values()
    async with dashboard(home) as client:
        await client.v1.refunds.create_async({"charge": charge["id"], "amount": 5_000})
    await home.alice.sees("Refund of 50.00 USD · Sent")
    await home.carol.sees("A refund at Stripe")
    await home.bob.says(f"/refund {number}")
    card = await home.bob.sees("Left to refund: 70.00 USD")
    assert "50.00 USD, sent back, made in Stripe's dashboard" in card.text


async def by_hand(home: House, maker: Person) -> str:
    """The number of an invoice over 1,000.00 that somebody made by hand, and Alice paid."""
    marks = maker.mark(), home.alice.mark()
    await maker.says("/invoice Alice")
    await maker.sees("New invoice for Alice", after=marks[0])
    await maker.says("Advice, 1, 1000")
    await maker.taps("Send invoice, 1,000.00 USD", await maker.sees("Not sent yet", after=marks[0]))
    await home.alice.sees("To pay", after=marks[1])
    theirs = list(home.stripe.invoices.values())[-1]
    await home.stripe.pay(theirs["id"])
    await home.alice.sees("thank you", after=marks[1])
    await settled(home)
    return str(theirs["number"])


async def test_over_a_limit(stand_ins: Providers, database_url: str) -> None:
    """Which limit it is, and who can lift it, is read to the end, although a popup holds less; the preview waits on."""
    limits: dict[str, Any] = {
        "limit_person_day_usd": 1_500,
        "refund_solo_limit": "USD 5000",
        "invoice_grace_minutes": 0,
    }
    async with house(stand_ins, database_url, **limits) as home:
        await home.carol.says("/start")
        await home.staff()
        first, second = [await by_hand(home, maker) for maker in (home.bob, home.carol)]
        await asks(home, first, "1000")
        mark = home.bob.mark()
        preview = await asks(home, second, "1000")
        said = await home.bob.sees("over the limit of 1,500.00 USD that one person may move in 24 hours", after=mark)
        assert said.text.endswith("Whoever runs this bot can raise it: LIMIT_PERSON_DAY_USD.")
        await home.bob.taps("Discard", preview)
        await home.bob.sees("The refund was discarded")


async def test_who_may_not(home: House) -> None:
    """Clients, analysts and anonymous admins of groups ask for nothing, and approve nothing."""
    number = await paid(home)
    for person in (home.alice, home.dan):
        mark = person.mark()
        await person.says(f"/refund {number}")
        await person.sees("may ask for refunds", after=mark)
    mark = home.eve.mark()
    await home.eve.says(f"/refund {number}")
    await home.eve.sees("I do not know you yet", after=mark)
    group = home.telegram.group("Studio", [home.carol])
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    chat = {"id": group.id, "type": "supergroup", "title": "Studio"}
    dispatcher = Dispatcher(home.running.app.services, home.running.app.signer)
    for text in (f"/refund {number}", "/approvals"):
        body = {"message_id": 5, "date": 1, "chat": chat, "from": anonymous, "sender_chat": chat, "text": text}
        answer = await dispatcher.answer(read({"message": body}))
        assert answer is not None
        assert answer.card is not None
        assert "I cannot see who writes as the group" in answer.card.text
    assert home.stripe.refunds == {}


async def test_shown_again(home: House) -> None:
    """What was opened from /approvals follows what becomes of it, and loses its buttons once it is decided."""
    number = await paid(home)
    await asks(home, number, "20")
    await home.carol.sees("Needs approval")
    mark = home.carol.mark()
    await home.carol.says("/approvals")
    await home.carol.taps("Show Refund", await home.carol.sees("Approvals\n", after=mark))
    opened = await home.carol.sees(re.compile(r"^Refund \d+ · Needs approval"), after=mark)
    assert opened.labels == ["Approve", "Refuse"]
    await home.carol.taps("Approve", opened)
    decided = await home.carol.sees(re.compile(r"Refund \d+ · Approved"), message=opened)
    assert decided.labels == []


async def test_refused(home: House) -> None:
    """One no ends it, and who asked reads who said it, in their own language."""
    number = await paid(home)
    await home.bob.says("/language es")
    await home.bob.sees("es")
    mark = home.bob.mark()
    await home.bob.says(f"/refund {number}")
    await home.bob.sees("Queda por reembolsar", after=mark)
    await home.bob.says("20")
    await home.bob.sees("¿Por qué?", after=mark)
    await home.bob.says("Llegó tarde")
    await home.bob.taps("Pedir aprobación", await home.bob.sees("Sin pedir todavía", after=mark))
    assert (await home.bob.sees("Falta 1 aprobación más", after=mark)).labels == ["Retirar la solicitud"]
    await home.carol.taps("Refuse", await home.carol.sees("Needs approval"))
    card = await home.bob.sees(re.compile(r"Reembolso \d+ · Se rechazó"))
    assert "Rechazado por Carol" in card.text
    await home.bob.sees("No se hizo nada")
    assert home.stripe.refunds == {}
