"""The adapter to Stripe, against the stand-in: what its HTTP client makes of replies that break off."""

from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.adapters.stripe.payments import StripePayments
from bot.invoices.model import InvoiceLine
from bot.invoices.ports import Attempt, InvoiceOrder
from bot.kernel.errors import ProviderError
from bot.kernel.money import Money
from sandbox.faults import Fault
from sandbox.server import Sandbox
from sandbox.stripe.server import StripeStandIn

FIRST = Attempt(1, datetime.now(UTC), look_first=False, installation="5eed5eed5eed")
LINE = InvoiceLine("x", 1, Money(12_000, "USD"))
SECOND = replace(FIRST, number=2, look_first=True)


@pytest.fixture
def stand_in() -> StripeStandIn:
    return StripeStandIn()


@pytest.fixture
async def payments(stand_in: StripeStandIn) -> AsyncIterator[StripePayments]:
    async with Sandbox(stand_in) as sandbox:
        opened = StripePayments("sk_test_sandbox", f"{sandbox.url}/stripe", ())
        yield opened
        await opened.close()


async def test_reply_broken_off(payments: StripePayments, stand_in: StripeStandIn) -> None:
    """Where a reply breaks off in its middle, Stripe is asked again at once under the same key, and did it once."""
    stand_in.faults.add(Fault("POST .*/customers", "cut_reply"))
    assert [await payments.customer(1, FIRST)] == list(stand_in.customers)


async def test_replies_always_broken_off(payments: StripePayments, stand_in: StripeStandIn) -> None:
    """Where every reply breaks off, the outcome is told to be unknown, and asking later makes nothing twice."""
    stand_in.faults.add(Fault("POST .*/customers", "cut_reply", times=3))
    with pytest.raises(ProviderError) as refused:
        await payments.customer(1, FIRST)
    assert refused.value.unknown
    assert [await payments.customer(1, FIRST)] == list(stand_in.customers)


async def test_no_way_of_paying(payments: StripePayments, stand_in: StripeStandIn) -> None:
    """An account without any way of paying refuses for good, with the reason; later the same draft is gone on with."""
    customer = await payments.customer(1, FIRST)
    order = InvoiceOrder(1, "brief:1", customer, (LINE,), None, FIRST, alone=lambda: True)
    stand_in.fail_finalizing()
    with pytest.raises(ProviderError, match="no payment method types") as refused:
        await payments.invoice(order)
    assert refused.value.permanent
    stand_in.fail_finalizing(False)
    made = await payments.invoice(replace(order, attempt=SECOND))
    assert (made.status, list(stand_in.invoices)) == ("open", [made.id])


@pytest.mark.parametrize("code", ["rate_limit", "lock_timeout"])
async def test_too_many_requests(payments: StripePayments, stand_in: StripeStandIn, code: str) -> None:
    """Above the rate, or where the object is locked, it is asked again in two seconds: no end, and nothing was done."""
    if code == "rate_limit":
        stand_in.limit_rate(0)
    else:
        stand_in.lock("POST .*/customers")
    with pytest.raises(ProviderError) as refused:
        await payments.customer(1, FIRST)
    assert (refused.value.retry_after, refused.value.permanent, refused.value.unknown) == (2.0, False, False)
    assert stand_in.customers == {}


async def test_through_the_proxy(stand_in: StripeStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe is reached through the proxy that the environment names, unless it is excepted."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    for excepted, reached in (("", False), ("127.0.0.1", True)):
        monkeypatch.setenv("no_proxy", excepted)
        async with Sandbox(stand_in) as sandbox:
            opened = StripePayments("sk_test_sandbox", f"{sandbox.url}/stripe", ())
            with nullcontext() if reached else pytest.raises(ProviderError, match="no answer"):
                await opened.customer(1, FIRST)
            await opened.close()
        assert bool(stand_in.customers) is reached
