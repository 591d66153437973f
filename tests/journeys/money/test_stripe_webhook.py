"""Stripe's webhooks: forged, old, junk, unknown, doubled, shuffled, early."""

import io
import json
import time

import aiohttp
import pytest

from sandbox.faults import Fault
from sandbox.stripe.server import StripeStandIn
from tests.house import WEBHOOK_SECRET, House

EVENT = json.dumps({"id": "evt_1", "type": "customer.created", "data": {"object": {"id": "cus_1"}}}).encode()


async def post(home: House, payload: bytes | io.BytesIO, signature: str | None) -> tuple[int, str]:
    assert home.running.server is not None
    headers = {} if signature is None else {"Stripe-Signature": signature}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{home.running.server.url}/webhooks/stripe", data=payload, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


def signed(payload: bytes, *, secret: str = WEBHOOK_SECRET, age: float = 0) -> str:
    return StripeStandIn.sign(payload, secret, int(time.time() - age))


@pytest.mark.parametrize("signature", [None, "", "junk", "t=,v1=", "t=99999999999999999999,v1=0", "t=1,v1=\xe4"])
async def test_no_signature(home: House, signature: str | None) -> None:
    """What carries no signature of Stripe's is answered 400 with a sentence, and not kept."""
    status, words = await post(home, EVENT, signature)
    assert status == 400
    assert words.startswith("The webhook's")


async def test_another_secret(home: House) -> None:
    """A signature by another secret is refused."""
    assert (await post(home, EVENT, signed(EVENT, secret="whsec_other")))[0] == 400


@pytest.mark.parametrize("age", [301, -301])
async def test_another_time(home: House, age: float) -> None:
    """A signature more than five minutes old, or from the future, is refused."""
    assert (await post(home, EVENT, signed(EVENT, age=age)))[0] == 400


@pytest.mark.parametrize(
    "junk", [b"", b"[]", b"null", b"{", b'{"id": 1}', b"\xff\xfe", b'{"id":"e","type":"t","data":[]}']
)
async def test_junk(home: House, junk: bytes) -> None:
    """A body that is no event is answered 400 although its signature is right."""
    status, words = await post(home, junk, signed(junk))
    assert status == 400
    assert words.startswith("The webhook's")


async def test_too_large(home: House) -> None:
    """A body of more than a megabyte is refused unread."""
    assert (await post(home, io.BytesIO(b" " * 2_000_000), "t=1,v1=1"))[0] == 413


async def test_unknown_type(home: House) -> None:
    """An event of a type that nobody acts on is kept and answered 200."""
    payload = json.dumps({"id": "evt_2", "type": "moon.landed", "data": {"object": {"id": "m"}}}).encode()
    assert (await post(home, payload, signed(payload)))[0] == 200


@pytest.mark.both_databases
async def test_doubled_and_shuffled(home: House) -> None:
    """Every event twice and in any order: one receipt, one posting per key, and the brief is paid."""
    home.stripe.webhooks.deliver_twice = True
    home.stripe.webhooks.shuffle = True
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    await home.pay(number)
    await home.alice.sees(f"Brief {number} · Paid")
    await home.alice.sees("thank you")
    await home.stripe.delivered()
    assert len([seen for seen in home.alice.messages() if "thank you" in seen.text]) == 1


@pytest.mark.both_databases
async def test_paid_before_we_know_of_it(home: House) -> None:
    """A payment whose webhook overtakes our own knowledge of the invoice waits for it and is not lost."""
    await home.staff()
    home.stripe.faults.add(Fault("POST .*/finalize", "lose_reply", times=6))
    number = await home.brief()
    await home.stripe_has("open")
    await home.pay(number)
    await home.alice.sees("thank you", timeout=40)
    assert len(home.stripe.invoices) == 1


@pytest.mark.parametrize("kind", ["lose_request", "lose_reply", "status"])
@pytest.mark.both_databases
async def test_stripe_stumbles(home: House, kind: str) -> None:
    """Whatever call to Stripe gets lost, before or after its effect, there is one customer and one invoice."""
    await home.staff()
    for where in ("POST .*/customers", "POST .*/invoices$", "POST .*/invoiceitems", "POST .*/finalize"):
        home.stripe.faults.add(Fault(where, kind, times=1, status=500))  # type: ignore[arg-type]
    await home.brief()
    await home.alice.sees("To pay", timeout=50)
    assert len(home.stripe.customers) == 1
    assert [(i["status"], i["amount_due"]) for i in home.stripe.invoices.values()] == [("open", 12000)]
