"""Which invoice at Stripe is ours, and what becomes of events that are about others, or never come to rest."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from sandbox.faults import Fault
from storage.tables.billing import invoices
from storage.tables.core import inbox
from tests.clock import Hands
from tests.dashboard import dashboard, invoiced, ledger
from tests.eventually import eventually, nothing
from tests.house import WEBHOOK_SECRET, House, Providers, house


async def send(home: House, event: dict[str, Any]) -> None:
    """Let Stripe send an event that was made up."""
    payload = json.dumps(event).encode()
    assert home.running.server is not None
    headers = {"Stripe-Signature": home.stripe.sign(payload, WEBHOOK_SECRET)}
    url = f"{home.running.server.url}/webhooks/stripe"
    async with aiohttp.ClientSession() as session, session.post(url, data=payload, headers=headers) as answer:
        assert answer.status == 200


async def ended(home: House, event_id: str) -> str:
    """How an event ended here, once it did."""
    query = select(inbox).where(inbox.c.external_id == event_id, inbox.c.processed_at.is_not(None))
    database = home.running.app.services.database
    async with asyncio.timeout(30):
        while True:
            async with database.reading() as connection:
                row = (await connection.execute(query)).first()
            if row is not None:
                return str(row.error)
            await database.signals.wait("none", 0.05)


async def nothing_waits(home: House) -> None:
    """Wait until no task is left."""
    services = home.running.app.services
    await eventually(services.queue.waiting, nothing, within=30)


async def until_unknown(home: House) -> None:
    """Wait until it is written down that Stripe's answer did not come."""
    database = home.running.app.services.database
    async with asyncio.timeout(30):
        while True:
            async with database.reading() as connection:
                if (await connection.execute(select(invoices.c.state))).scalar_one_or_none() == "unknown":
                    return
            await database.signals.wait("none", 0.05)


async def copied(home: House, metadata: dict[str, str], minor: int) -> str:
    """Somebody's own invoice with this metadata, finalised; returns its id."""
    async with dashboard(home) as client:
        customer = await client.v1.customers.create_async({"name": "Somebody else", "email": "else@example.org"})
        other = await client.v1.invoices.create_async(
            {
                "customer": customer.id,
                "currency": "usd",
                "collection_method": "send_invoice",
                "days_until_due": 3,
                "metadata": metadata,
            }
        )
        await client.v1.invoice_items.create_async(
            {"customer": customer.id, "invoice": other.id, "amount": minor, "currency": "usd"}
        )
        await client.v1.invoices.finalize_invoice_async(other.id)
    return other.id


async def test_another_invoice_with_our_metadata(home: House) -> None:
    """A copy of our invoice that is paid settles nothing of ours; admins hear of it once."""
    _, ours = await invoiced(home)
    other = await copied(home, dict(ours["metadata"]), 100)
    await home.stripe.pay(other)
    told = await home.carol.sees("Another invoice has our number")
    assert "it is about 1.00 USD, not 120.00 USD" in told.text
    await home.stripe.delivered()
    await nothing_waits(home)
    mark = home.alice.mark()
    await home.alice.says("/invoices")
    assert "To pay" in (await home.alice.sees("Your invoices", after=mark)).text
    assert "thank you" not in home.alice.transcript()
    assert home.carol.transcript().count("Another invoice has our number") == 1
    assert await ledger(home) == {("receivable", "USD"): 12_000, ("revenue", "USD"): -12_000}


async def test_copy_of_the_same_amount(home: House) -> None:
    """Nor does a copy of the very same amount: its id is not the one that we keep."""
    _, ours = await invoiced(home)
    other = await copied(home, dict(ours["metadata"]), 12_000)
    await home.stripe.pay(other)
    await home.carol.sees("Another invoice has our number")
    assert "thank you" not in home.alice.transcript()


async def test_invoice_of_another_installation(home: House) -> None:
    """An invoice of another installation with our number is none of our business, and nobody is troubled."""
    _, ours = await invoiced(home)
    other = await copied(home, ours["metadata"] | {"echopilot_installation": "0123456789ab"}, 12_000)
    await home.stripe.pay(other)
    paid = next(event for event in home.stripe.events.values() if event["type"] == "invoice.paid")
    assert await ended(home, paid["id"]) == "not an invoice of ours"
    await nothing_waits(home)
    assert "has our number" not in home.carol.transcript()


async def test_amount_that_does_not_fit(home: House) -> None:
    """Where Stripe's invoice is about another amount than ours, nothing is settled, and admins are asked."""
    number, ours = await invoiced(home)
    ours |= {"subtotal": 11_000, "total": 11_000}
    await home.pay(number)
    told = await home.carol.sees("An invoice at Stripe is not as we made it")
    assert "it is about 110.00 USD, not 120.00 USD" in told.text
    await nothing_waits(home)
    assert "thank you" not in home.alice.transcript()
    await home.carol.says("/status")
    await home.carol.sees("From Stripe, not booked: 1")


async def test_event_of_a_connected_account(home: House) -> None:
    """An event about an invoice that our key cannot read is marked as not ours, and no task is left."""
    await invoiced(home)
    thing = {"id": "in_of_another", "object": "invoice", "metadata": {}}
    event = home.stripe.event("invoice.paid", thing) | {"account": "acct_other"}
    await send(home, event)
    assert await ended(home, event["id"]) == "not an invoice of ours"
    bare = home.stripe.event("invoice.paid", {"id": "in_gone", "object": "invoice"})
    await send(home, bare)
    assert "our key does not know it" in await ended(home, bare["id"])
    await nothing_waits(home)


@pytest.mark.both_databases
async def test_event_that_is_given_up(stand_ins: Providers, database_url: str) -> None:
    """An event that cannot be dealt with for a day is given up, and admins hear of it."""
    hands = Hands()
    async with house(stand_ins, database_url, clock=hands) as home:
        await home.carol.says("/start")
        number, ours = await invoiced(home)
        fault = Fault("GET .*/v1/invoices/", "status", times=None, status=500)
        home.stripe.faults.add(fault)
        await home.pay(number)
        await home.stripe.delivered()
        hands.ahead += timedelta(hours=25)
        await home.carol.sees("An event from Stripe was given up", timeout=30)
        paid = next(event for event in home.stripe.events.values() if event["type"] == "invoice.paid")
        assert (await ended(home, paid["id"])).startswith("given up: Stripe:")
        home.stripe.faults.clear()
        assert ours["status"] == "paid"


async def test_event_whose_invoice_is_never_made(stand_ins: Providers, sqlite_url: str) -> None:
    """An invoice of ours that is paid while we never get to know of it: the wait for it has an end.

    Procrastinate goes by the database's clock, which nobody sets: the next try of making it would be a day away.
    """
    hands = Hands()
    async with house(stand_ins, sqlite_url, clock=hands) as home:
        await home.carol.says("/start")
        await home.staff()
        home.stripe.faults.add(Fault("POST .*/finalize", "lose_reply", times=None))
        home.stripe.faults.add(Fault("GET .*/v1/invoices$", "status", times=None))  # nor is it found by looking for it
        number = await home.brief()
        await home.stripe_has("open")
        await home.pay(number)
        paid = next(event for event in home.stripe.events.values() if event["type"] == "invoice.paid")
        await home.stripe.delivered()
        await until_unknown(home)
        hands.ahead += timedelta(hours=25)
        assert "given up" in await ended(home, paid["id"])
        await home.carol.sees("An event from Stripe was given up")
        home.stripe.faults.clear()
        hands.ahead += timedelta(minutes=15)
        await home.alice.sees("thank you", timeout=40)
