"""The Stripe stand-in's webhooks: signed, repeated until taken, in no promised order."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import stripe
from aiohttp import web
from stripe import Webhook

from sandbox.stripe.server import StripeStandIn
from sandbox.stripe.webhooks import BackOff
from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS
SECRET = "whsec_contract"


@dataclass
class Receiver:
    """An endpoint that verifies what it takes with the SDK, and refuses as many deliveries as `refusals` says."""

    url: str = ""
    refusals: int = 0
    refused: int = 0
    events: list[stripe.Event] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        event = Webhook.construct_event(body, request.headers["Stripe-Signature"], SECRET)
        if self.refused < self.refusals:
            self.refused += 1
            return web.Response(status=500)
        self.events.append(event)
        return web.Response()

    @property
    def kinds(self) -> list[str]:
        return [event.type for event in self.events]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def account(receiver: Receiver) -> AsyncIterator[Account]:
    async with stripe_account(StripeStandIn(back_off=BackOff(first=0.01, longest=0.05))) as account:
        account.stand_in.webhook(receiver.url, SECRET)
        yield account


async def test_events_arrive_signed_and_whole(account: Account, receiver: Receiver) -> None:
    """Every event is delivered once, verifies with the SDK, and is the same that the events endpoint shows."""
    async with asyncio.timeout(10):
        charge = await account.charge()
        await account.client.v1.refunds.create_async({"charge": charge.id}, {"idempotency_key": "refund-1"})
        await account.stand_in.delivered()
    listed = (await account.client.v1.events.list_async({"limit": 100})).data
    assert sorted(event.id for event in receiver.events) == sorted(event.id for event in listed)
    refunded = next(event for event in receiver.events if event.type == "charge.refunded")
    assert refunded.data.object["amount_refunded"] == 12_000
    assert refunded.request is not None
    assert (refunded.request.idempotency_key, refunded.api_version) == ("refund-1", "2026-10-28.endive")


async def test_event_shows_the_object_as_it_was(account: Account, receiver: Receiver) -> None:
    """An event keeps the state of its moment: invoice.finalized is open although the invoice is paid by now."""
    account.stand_in.webhooks.paused = True
    await account.charge()
    account.stand_in.webhooks.resume()
    async with asyncio.timeout(10):
        await account.stand_in.delivered()
    states = {event.type: event.data.object["status"] for event in receiver.events if event.type[:8] == "invoice."}
    assert (states["invoice.created"], states["invoice.finalized"], states["invoice.paid"]) == ("draft", "open", "paid")


async def test_refused_delivery_is_repeated_until_taken(account: Account, receiver: Receiver) -> None:
    """An endpoint that fails gets the event again, and meanwhile the event counts as not delivered."""
    receiver.refusals = 3
    account.stand_in.webhooks.paused = True
    await account.customer()
    waiting = await account.client.v1.events.list_async({"delivery_success": False})
    assert (await account.client.v1.events.list_async({"delivery_success": True})).data == []
    account.stand_in.webhooks.resume()
    async with asyncio.timeout(10):
        await account.stand_in.delivered()
    taken = await account.client.v1.events.list_async({"delivery_success": True})
    assert ([event.type for event in waiting.data], receiver.refused) == (["customer.created"], 3)
    assert receiver.kinds == [event.type for event in taken.data] == ["customer.created"]


async def test_endpoint_that_is_down_gets_its_events_later(account: Account) -> None:
    """Events for an endpoint that cannot be reached wait until it can."""
    async with receiving() as gone:
        url = gone.url
    account.stand_in.webhooks.endpoints.clear()
    endpoint = account.stand_in.webhook(url, SECRET, ["customer.created"])
    await account.customer()
    async with asyncio.timeout(10), receiving() as back:
        endpoint.url = back.url
        await account.stand_in.delivered()
        assert back.kinds == ["customer.created"]


async def test_deliver_twice(account: Account, receiver: Receiver) -> None:
    """With `deliver_twice` every event arrives two times under the same id."""
    account.stand_in.webhooks.deliver_twice = True
    async with asyncio.timeout(10):
        await account.open()
        await account.stand_in.delivered()
    ids = [event.id for event in receiver.events]
    assert {ids.count(one) for one in ids} == {2}


async def test_shuffle(account: Account, receiver: Receiver) -> None:
    """With `shuffle` waiting events arrive in another order than they happened, and all of them do."""
    account.stand_in.webhooks.shuffle = True
    account.stand_in.webhooks.paused = True
    await account.charge()
    happened = [event.type for event in (await account.client.v1.events.list_async({"limit": 100})).data][::-1]
    account.stand_in.webhooks.resume()
    async with asyncio.timeout(10):
        await account.stand_in.delivered()
    assert receiver.kinds != happened
    assert sorted(receiver.kinds) == sorted(happened)


async def test_only_wanted_kinds_are_sent(account: Account, receiver: Receiver) -> None:
    """An endpoint that names event types gets no others."""
    account.stand_in.webhooks.endpoints.clear()
    account.stand_in.webhook(receiver.url, SECRET, ["invoice.paid"])
    async with asyncio.timeout(10):
        await account.charge()
        await account.stand_in.delivered()
    assert receiver.kinds == ["invoice.paid"]


async def test_payouts_disputes_and_refunds_are_told(account: Account, receiver: Receiver) -> None:
    """What the controls do is told as at Stripe: payouts, disputes, and refunds that fail."""
    charge = await account.charge()
    refund = await account.client.v1.refunds.create_async({"charge": charge.id, "amount": 100})
    account.stand_in.settle_refund(refund.id, fails=True)
    account.stand_in.fail_payout(account.stand_in.pay_out()["id"])
    account.stand_in.decide_dispute(account.stand_in.dispute(charge.id)["id"], won=True)
    async with asyncio.timeout(10):
        await account.stand_in.delivered()
    assert {
        "refund.created",
        "refund.failed",
        "refund.updated",
        "charge.refund.updated",
        "payout.created",
        "payout.paid",
        "payout.failed",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    } <= set(receiver.kinds)


async def test_made_up_event_is_signed_for_a_time(account: Account) -> None:
    """A made-up event verifies with its secret at its time, and not with another secret or too late."""
    body = json.dumps(account.stand_in.event("invoice.paid", {"id": "in_1", "object": "invoice"}))
    event = Webhook.construct_event(body, account.stand_in.sign(body, SECRET), SECRET)
    assert (event.type, event.data.object["id"]) == ("invoice.paid", "in_1")
    for header in (account.stand_in.sign(body, "whsec_other"), account.stand_in.sign(body, SECRET, 1_000)):
        with pytest.raises(stripe.SignatureVerificationError):
            Webhook.construct_event(body, header, SECRET)
    assert (await account.client.v1.events.list_async()).data == []


async def test_events_are_listed_by_type(account: Account) -> None:
    """Events are filtered by one type, by a pattern, or by several types."""
    await account.charge()
    fetch = account.client.v1.events.list_async
    assert [one.type for one in (await fetch({"type": "invoice.paid"})).data] == ["invoice.paid"]
    assert {one.type for one in (await fetch({"type": "charge.*"})).data} == {"charge.succeeded"}
    both = await fetch({"types": ["customer.created", "invoice.paid"]})
    assert [one.type for one in both.data] == ["invoice.paid", "customer.created"]


async def test_events_are_listed_with_up_to_twenty_types(account: Account) -> None:
    """More than twenty types, or types beside a type, are refused; events older than 30 days are not listed."""
    await account.customer()
    fetch = account.client.v1.events.list_async
    for wrong in ({"types": ["invoice.paid"] * 21}, {"types": ["invoice.paid"], "type": "invoice.paid"}):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await fetch(wrong)  # type: ignore[arg-type]
        assert caught.value.http_status == 400
    assert len((await fetch({"types": ["customer.created"] * 20})).data) == 1
    for event in account.stand_in.events.values():
        event["created"] -= 30 * 86_400 + 60
    assert (await fetch()).data == []


async def test_repeating_ends(account: Account, receiver: Receiver) -> None:
    """After its last retry an event is never sent again: it stays among those that were not delivered."""
    receiver.refusals = 4
    account.stand_in.webhooks.back_off = BackOff(first=0.01, retries=3)
    await account.customer()
    async with asyncio.timeout(10):
        await account.stand_in.delivered()
    missed = await account.client.v1.events.list_async({"delivery_success": False})
    assert (receiver.refused, receiver.kinds, [one.type for one in missed.data]) == (4, [], ["customer.created"])


async def test_endpoint_of_one_mode(account: Account, receiver: Receiver) -> None:
    """An endpoint of the live mode gets nothing of the test mode."""
    account.stand_in.webhooks.endpoints.clear()
    account.stand_in.webhook(receiver.url, SECRET, key="sk_live_echopilot_contract")
    async with asyncio.timeout(10):
        await account.customer()
        await account.stand_in.delivered()
    assert receiver.kinds == []
    assert account.stand_in.account_of("sk_live_echopilot_contract").livemode
