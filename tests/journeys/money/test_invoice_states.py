"""What may become of an invoice at Stripe: its state, its postings, and who reads of it here."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.clock import Hands
from tests.dashboard import dashboard, dealt_with, invoiced, ledger, settled, sweeps
from tests.eventually import eventually
from tests.house import BRIEF, House, Providers, house


async def listed(home: House) -> Any:
    """What Alice's list of invoices shows now."""
    mark = home.alice.mark()
    await home.alice.says("/invoices")
    return await home.alice.sees("Your invoices", after=mark)


async def pays_at(home: House) -> str:
    """Where the list sends Alice to pay."""
    (button,) = [one for row in (await listed(home)).buttons for one in row if one.label.startswith("Pay ")]
    return str(button.target)


async def test_voided_in_the_dashboard(home: House) -> None:
    """A void invoice is no longer to be paid, nothing is owed on it, and a tap makes another that is paid."""
    number, ours = await invoiced(home)
    async with dashboard(home) as client:
        await client.v1.invoices.void_invoice_async(ours["id"])
    await home.alice.sees(re.compile("Invoice .* · Void"))
    card = await home.bob.sees(re.compile("Invoice .* · Void"))
    seen = await listed(home)
    assert "To pay" not in seen.text
    assert not [label for label in seen.labels if label.startswith("Pay ")]
    assert await ledger(home) == {}
    await home.carol.says("/report")
    assert "120.00" not in (await home.carol.sees(re.compile("[Rr]evenue"))).text
    mark = home.alice.mark()
    await home.bob.taps("Make a new invoice", card)
    await home.alice.sees(re.compile("Invoice .* · To pay"), after=mark)
    newest = list(home.stripe.invoices.values())[-1]
    await home.stripe.pay(newest["id"])
    await home.alice.sees(f"Brief {number} · Paid")
    found = await ledger(home)
    assert found["revenue", "USD"] == -12_000
    assert ("receivable", "USD") not in found


async def test_written_off_and_paid_after_all(home: House) -> None:
    """An uncollectible invoice is lost in the ledger, can still be paid, is waited for, and its payment is booked."""
    number, ours = await invoiced(home)
    async with dashboard(home) as client:
        await client.v1.invoices.mark_uncollectible_async(ours["id"])
    await home.bob.sees("written off at Stripe")
    assert "Pay 120.00 USD, brief" in str((await listed(home)).labels)
    assert await ledger(home) == {("revenue", "USD"): -12_000, ("bad debts", "USD"): 12_000}
    await home.pay(number)
    await home.alice.sees("thank you")
    assert not {("receivable", "USD"), ("bad debts", "USD")} & (await ledger(home)).keys()


async def test_paid_outside_stripe(home: House) -> None:
    """What was marked as paid by bank transfer is at the bank, not at Stripe."""
    _, ours = await invoiced(home)
    async with dashboard(home) as client:
        await client.v1.invoices.pay_async(ours["id"], {"paid_out_of_band": True})
    await home.alice.sees("Received 120.00 USD · thank you")
    assert await ledger(home) == {("revenue", "USD"): -12_000, ("bank", "USD"): 12_000}


async def test_customer_with_a_credit(home: House) -> None:
    """A credit pays its part: the rest is asked for and booked, and nothing is taken for currency exchange."""
    first, _ = await invoiced(home)
    await home.pay(first)
    await home.alice.sees("thank you")
    before = await settled(home)
    next(iter(home.stripe.customers.values()))["balance"] = -5_000
    mark = home.alice.mark()
    second = await home.brief(f"{BRIEF} Say it once more.")
    card = await home.alice.sees(re.compile(f"To pay.*brief {second}", re.DOTALL), after=mark)
    assert "Stripe asks for 70.00 USD: 50.00 USD of your credit used" in card.text
    assert card.labels == ["Pay 70.00 USD", "Write to the team"]
    await home.pay(second)
    await home.alice.sees(re.compile(f"Received 70.00 USD.*brief {second}", re.DOTALL), after=mark)
    after = await settled(home)
    assert after["customer balance", "USD"] == 5_000
    assert (
        after["stripe balance", "USD"] + after["stripe fees", "USD"] - before["stripe balance", "USD"]
        == 7_000 + (before["stripe fees", "USD"])
    )
    assert ("currency exchange", "USD") not in after
    assert ("receivable", "USD") not in after


async def test_below_the_smallest_charge(home: House) -> None:
    """Where too little is left to charge, the invoice is paid at once, and what is owed goes onto the next one."""
    first, _ = await invoiced(home)
    await home.pay(first)
    await home.alice.sees("thank you")
    customer = next(iter(home.stripe.customers.values()))
    customer["balance"] = -11_980
    mark = home.alice.mark()
    second = await home.brief(f"{BRIEF} Say it once more.")
    await home.alice.sees("Nothing to pay · thank you", after=mark)
    await home.alice.sees(f"Brief {second} · Paid")
    third = await home.brief(f"{BRIEF} Say it a third time.")
    card = await home.alice.sees(re.compile(f"To pay.*brief {third}", re.DOTALL), after=mark)
    assert "Stripe asks for 120.20 USD: 0.20 USD from before added" in card.text
    await home.pay(third)
    await home.alice.sees("Received 120.20 USD", after=mark)
    found = await ledger(home)
    assert found["customer balance", "USD"] == 11_980
    assert found["revenue", "USD"] == -36_000
    assert not {("currency exchange", "USD"), ("receivable", "USD")} & found.keys()


@pytest.mark.both_databases
async def test_paid_in_parts(home: House) -> None:
    """A part is booked when it comes, the invoice is open until it is covered, and more than was asked is a credit."""
    number, ours = await invoiced(home)
    await home.stripe.pay(ours["id"], amount=6_000)
    card = await home.alice.sees("60.00 of 120.00 USD paid")
    assert card.labels == ["Pay 60.00 USD", "Write to the team"]
    assert (await ledger(home))["receivable", "USD"] == 6_000
    await home.stripe.pay(ours["id"], amount=7_000)
    receipt = await home.alice.sees("Received 130.00 USD · thank you")
    assert "10.00 USD more than was asked for" in receipt.text
    await home.alice.sees(f"Brief {number} · Paid")
    found = await settled(home)
    assert found["customer balance", "USD"] == -1_000
    assert found["stripe balance", "USD"] + found["stripe fees", "USD"] == 13_000
    assert ("receivable", "USD") not in found


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.both_databases
async def test_fee_that_comes_late(home: House, told: bool) -> None:
    """A fee that Stripe does not know at payment is booked when it does: by its event, or by the next sweep."""
    number, _ = await invoiced(home)
    home.stripe.capture_after(None)
    await home.pay(number)
    await home.alice.sees("thank you")
    assert (await ledger(home))["stripe pending", "USD"] == 12_000
    await dealt_with(home)
    if not told:
        home.stripe.webhooks.endpoints.clear()
    home.stripe.settle_charges()
    if not told:
        assert "looked at 1 invoices" in await sweeps(home)
    found = await eventually(lambda: ledger(home), lambda books: ("stripe pending", "USD") not in books)
    assert ("stripe pending", "USD") not in found
    assert found["stripe fees", "USD"] > 0
    assert found["stripe balance", "USD"] + found["stripe fees", "USD"] == 12_000


async def test_settled_before_it_is_known_as_paid(home: House) -> None:
    """The event that brings the fee tells of a payment, too, that no other event has told of."""
    number, _ = await invoiced(home)
    home.stripe.webhooks.endpoints[0].kinds = frozenset({"charge.updated"})
    await home.pay(number)
    await home.alice.sees("thank you")
    found = await ledger(home)
    assert found["stripe balance", "USD"] + found["stripe fees", "USD"] == 12_000
    assert ("stripe pending", "USD") not in found


@pytest.mark.parametrize("becomes", ["paid", "void", "uncollectible"])
async def test_the_sweep_sees_what_no_webhook_told(home: House, becomes: str) -> None:
    """What became of an invoice while no webhook came is known after the next sweep."""
    number, ours = await invoiced(home)
    home.stripe.webhooks.endpoints.clear()
    async with dashboard(home) as client:
        if becomes == "paid":
            await home.pay(number)
        elif becomes == "void":
            await client.v1.invoices.void_invoice_async(ours["id"])
        else:
            await client.v1.invoices.mark_uncollectible_async(ours["id"])
    assert "looked at 1 invoices, 1 changed, 0 without an answer" in await sweeps(home)
    words = {"paid": "thank you", "void": "· Void", "uncollectible": "can still be paid"}[becomes]
    await home.alice.sees(words)


@pytest.mark.both_databases
async def test_refund_and_dispute(home: House) -> None:
    """Money that goes back at Stripe is told to admins with its amount, once, and waits in /failed until noted."""
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    (charge,) = home.stripe.charges.values()
    async with dashboard(home) as client:
        await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
    refund = await home.carol.sees("A refund at Stripe")
    assert "20.00 USD: sent back." in refund.text
    home.stripe.dispute(charge["id"])
    dispute = await home.carol.sees("A dispute at Stripe")
    assert "the client's bank took the money back; you can answer. Reason: fraud. Answer by" in dispute.text
    await home.stripe.delivered()
    await home.bob.says("/failed")
    card = await home.bob.sees("A refund at Stripe")
    for label in [label for label in card.labels if label.startswith("Noted")]:
        await home.bob.taps(label, card)
    mark = home.bob.mark()
    await home.bob.says("/failed")
    await home.bob.sees("No failures to handle", after=mark)
    told = [seen.text.splitlines()[0] for seen in home.carol.messages() if "at Stripe" in seen.text]
    assert told.count("A refund at Stripe") == 1


async def test_dispute_that_no_webhook_told_of(home: House) -> None:
    """A dispute of while the webhook did not work is told to admins by the next sweep, once."""
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    home.stripe.webhooks.endpoints.clear()
    (charge,) = home.stripe.charges.values()
    home.stripe.dispute(charge["id"])
    assert "2 events that no webhook brought" in await sweeps(home)
    await home.carol.sees("A dispute at Stripe")
    assert "0 events that no webhook brought" in await sweeps(home)


async def test_links_are_fetched_anew(stand_ins: Providers, database_url: str) -> None:
    """Links that are older than ten days are read again when the list is shown, and the card shows the new one too."""
    hands = Hands()
    async with house(stand_ins, database_url, clock=hands) as home:
        await home.carol.says("/start")
        _, ours = await invoiced(home)
        first = await pays_at(home)
        hands.ahead += timedelta(days=9)
        assert await pays_at(home) == first
        hands.ahead += timedelta(days=2)
        home.stripe.expire_links()
        assert await pays_at(home) == ours["hosted_invoice_url"] != first
        assert [seen.labels for seen in home.alice.messages() if seen.text.startswith("Invoice")] == [
            ["Pay 120.00 USD", "Write to the team"]
        ]
