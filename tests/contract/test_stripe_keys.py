"""Whom Stripe lets in, and to what: modes, accounts, expired and restricted keys, versions, rates."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
import stripe
from stripe import StripeClient

from sandbox.stripe.server import StripeStandIn
from tests.contract.stripe_account import KEY, SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS
LIVE = "sk_live_echopilot_contract"
RESTRICTED = "rk_test_echopilot_contract"


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


@asynccontextmanager
async def keyed(account: Account, key: str) -> AsyncIterator[Account]:
    """The same stand-in, asked with another key."""
    http = stripe.HTTPXClient(timeout=15)
    client = StripeClient(key, base_addresses={"api": account.url}, http_client=http, max_network_retries=0)
    try:
        yield Account(client, account.stand_in, account.url)
    finally:
        await http.close_async()  # type: ignore[no-untyped-call]


async def refused(asked: Awaitable[object]) -> stripe.StripeError:
    with pytest.raises(stripe.StripeError) as caught:
        await asked
    return caught.value


def why(error: stripe.StripeError) -> tuple[int | None, str | None]:
    """The status and the code; of a 401, 403 or 429 the SDK's own `code` is empty."""
    assert error.error is not None
    return error.http_status, error.error.code


async def test_each_mode_has_objects_of_its_own(account: Account) -> None:
    """What a test key made is missing for a live key, and the other way round; the answer says where it is."""
    customer = await account.customer()
    async with keyed(account, LIVE) as live:
        retrieved = await refused(live.client.v1.customers.retrieve_async(customer.id))
        invoiced = await refused(live.client.v1.invoices.create_async({"customer": customer.id}))
        charge = await live.charge()
        assert (await live.client.v1.customers.list_async()).data[0].livemode
    assert str(retrieved.user_message) == (
        f"No such customer: '{customer.id}'; a similar object exists in test mode, but a live mode key was used to "
        "make this request."
    )
    assert why(retrieved) == (404, "resource_missing")
    assert why(invoiced) == (400, "resource_missing")
    back = await refused(account.client.v1.charges.retrieve_async(charge.id))
    assert "exists in live mode, but a test mode key" in str(back.user_message)
    assert "similar" not in str((await refused(account.client.v1.customers.retrieve_async("cus_no"))).user_message)


async def test_everything_live_says_so(account: Account) -> None:
    """With a live key the invoice, its lines, intent, charge, payment, balance and every event carry livemode."""
    async with keyed(account, LIVE) as live:
        v1 = live.client.v1
        charge = await live.charge()
        (invoice,), (line,) = (await v1.invoices.list_async()).data, (await v1.invoice_items.list_async()).data
        intents, payments = await v1.payment_intents.list_async(), await v1.invoice_payments.list_async()
        events = (await v1.events.list_async({"limit": 100})).data
        balance = await v1.balance.retrieve_async()
        assert charge.livemode
        assert invoice.livemode
        assert line.livemode
        assert balance.livemode
        assert (intents.data[0].livemode, payments.data[0].livemode, invoice.lines.data[0].livemode) == (True,) * 3
        assert {event.livemode for event in events} == {True}
        assert {event.data.object.to_dict().get("livemode", True) for event in events} == {True}
    assert "/live_" in str(invoice.hosted_invoice_url)
    assert (account.stand_in.invoices, list(account.stand_in.live.invoices)) == ({}, [invoice.id])


async def test_accounts_by_key(account: Account) -> None:
    """A key with an account of its own sees nothing of the first account's, and its id is another; modes share one."""
    customer = await account.customer()
    opened = account.stand_in.open_account("sk_test_second", "sk_live_second")
    here = (await account.client.v1.accounts.retrieve_current_async()).id
    async with keyed(account, "sk_test_second") as second, keyed(account, LIVE) as live:
        assert (await second.client.v1.accounts.retrieve_current_async()).id == opened.id
        assert (await live.client.v1.accounts.retrieve_current_async()).id == here
        missing = await refused(second.client.v1.customers.retrieve_async(customer.id))
        assert str(missing.user_message) == f"No such customer: '{customer.id}'"
        await second.client.v1.customers.create_async({"name": "Bob"}, {"idempotency_key": "k"})
        await account.client.v1.customers.create_async({"name": "Alice"}, {"idempotency_key": "k"})
    assert account.stand_in.account_of("sk_test_second") is opened
    assert opened.id != here
    assert [one["name"] for one in opened.customers.values()] == ["Bob"]


async def test_expired_key(account: Account) -> None:
    """A key that was rolled is 401 `api_key_expired`, and nothing is done."""
    account.stand_in.expire_key(KEY)
    error = await refused(account.customer())
    assert isinstance(error, stripe.AuthenticationError)
    assert why(error) == (401, "api_key_expired")
    assert KEY not in str(error)
    assert account.stand_in.customers == {}


@pytest.mark.parametrize(
    ("permission", "ask"),
    [
        ("customer_write", lambda v1: v1.customers.create_async({"name": "Alice"})),
        ("invoice_write", lambda v1: v1.invoices.create_async({"customer": "cus_1"})),
        ("invoice_write", lambda v1: v1.invoice_items.create_async({"customer": "cus_1", "amount": 1})),
        ("invoice_read", lambda v1: v1.invoices.retrieve_async("in_1")),
        ("charge_read", lambda v1: v1.charges.retrieve_async("ch_1")),
        ("charge_write", lambda v1: v1.refunds.create_async({"charge": "ch_1"})),
        ("event_read", lambda v1: v1.events.list_async()),
        ("accounts_kyc_basic_read", lambda v1: v1.accounts.retrieve_current_async()),
    ],
)
async def test_restricted_key(
    account: Account, permission: str, ask: Callable[[stripe.V1Services], Awaitable[object]]
) -> None:
    """A restricted key is refused what it has no permission for, by name; a secret key is never restricted."""
    account.stand_in.withhold(permission)
    async with keyed(account, RESTRICTED) as restricted:
        error = await refused(ask(restricted.client.v1))
        await restricted.client.v1.payouts.list_async()
    assert isinstance(error, stripe.PermissionError)
    assert why(error) == (403, "more_permissions_required")
    assert f"('{permission}') permissions on this key would allow this request" in str(error.user_message)
    await account.client.v1.accounts.retrieve_current_async()
    await account.customer()


async def test_account_and_version_headers(account: Account) -> None:
    """A foreign Stripe-Account is 403 `account_invalid`, our own is fine; an unknown Stripe-Version is 400."""
    ours = account.stand_in.test.id
    balance = account.client.v1.balance.retrieve_async
    foreign = await refused(balance({}, {"stripe_account": "acct_another"}))
    assert why(foreign) == (403, "account_invalid")
    await balance({}, {"stripe_account": ours})
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}) as http:
        old = await http.get(f"{account.url}/v1/balance", headers={"Stripe-Version": "1999-12-31"})
    assert (old.status_code, old.json()["error"]["message"]) == (400, "Invalid Stripe API version: 1999-12-31")


async def test_idempotency_keys_have_a_length(account: Account) -> None:
    """A key of 255 characters is taken, a longer one refused and nothing done."""
    create = account.client.v1.customers.create_async
    await create({"name": "Alice"}, {"idempotency_key": "k" * 255})
    assert (await refused(create({"name": "Bob"}, {"idempotency_key": "k" * 256}))).http_status == 400
    assert len(account.stand_in.customers) == 1


async def test_rates_and_locks() -> None:
    """Above its rate an account is refused until the second is over; a locked object refuses too. The SDK gives up."""
    now = [1_000.0]
    async with stripe_account(StripeStandIn(clock=lambda: now[0])) as account:
        account.stand_in.limit_rate(2)
        balance = account.client.v1.balance.retrieve_async
        await balance()
        await balance()
        error = await refused(balance())
        assert why(error) == (429, "rate_limit")
        async with keyed(account, LIVE) as live:
            await live.client.v1.balance.retrieve_async()
        now[0] += 1
        account.stand_in.lock("GET .*/balance")
        locked = await refused(balance())
        assert isinstance(locked, stripe.RateLimitError)
        assert why(locked) == (429, "lock_timeout")
        await balance()
