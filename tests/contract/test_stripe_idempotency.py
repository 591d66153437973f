"""One effect per idempotency key, whatever happens to requests and replies."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import stripe

from sandbox.faults import Fault
from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


async def test_same_key_and_body_replay_the_first_answer(account: Account) -> None:
    """The second call creates nothing, answers the same bytes and says so in a header."""
    create = account.client.v1.customers.create_async
    first = await create({"name": "Alice"}, {"idempotency_key": "brief-7"})
    second = await create({"name": "Alice"}, {"idempotency_key": "brief-7"})
    assert first.last_response is not None
    assert second.last_response is not None
    assert second.last_response.body == first.last_response.body
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert len(account.stand_in.customers) == 1


async def test_same_key_with_another_body_is_refused(account: Account) -> None:
    """Another body, or another endpoint, under a used key is an idempotency error and has no effect."""
    await account.client.v1.customers.create_async({"name": "Alice"}, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        await account.client.v1.customers.create_async({"name": "Bob"}, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        await account.client.v1.refunds.create_async({"charge": "ch_1"}, {"idempotency_key": "k"})
    assert [one["name"] for one in account.stand_in.customers.values()] == ["Alice"]


async def test_lost_reply_is_answered_on_retry(account: Account) -> None:
    """When the reply is lost after the effect, the SDK's own retry gets the first answer: one refund, not two."""
    charge = await account.charge(12_000)
    account.stand_in.faults.add(Fault(where="POST .*/refunds", kind="lose_reply"))
    refund = await account.client.v1.refunds.create_async({"charge": charge.id, "amount": 7_000})
    assert list(account.stand_in.refunds) == [refund.id]
    assert account.stand_in.charges[charge.id]["amount_refunded"] == 7_000


async def test_lost_request_has_no_effect_until_retried(account: Account) -> None:
    """When the request is lost before anything is done, the retry does it."""
    account.stand_in.faults.add(Fault(where="POST .*/customers", kind="lose_request"))
    customer = await account.customer()
    assert list(account.stand_in.customers) == [customer.id]


async def test_key_in_use_is_409(account: Account) -> None:
    """While the first of two equal requests is still executing the second is a conflict; afterwards it is replayed."""
    create = account.client.v1.customers.create_async
    account.stand_in.hold_requests()
    async with asyncio.timeout(10):
        both = [
            asyncio.create_task(create({"name": "Alice"}, {"idempotency_key": "k", "max_network_retries": 0}))
            for _ in range(2)
        ]
        (second,), (first,) = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        account.stand_in.release_requests()
        customer = await first
    error = second.exception()
    assert isinstance(error, stripe.APIError)
    assert (error.http_status, error.error and error.error.code) == (409, "idempotency_key_in_use")
    assert (await create({"name": "Alice"}, {"idempotency_key": "k"})).id == customer.id


async def test_refusal_after_execution_began_is_replayed(account: Account) -> None:
    """A declined card is stored under its key; a new key tries again."""
    invoice = await account.open()
    pay = account.client.v1.invoices.pay_async
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            await pay(invoice.id, {"payment_method": "pm_card_visa_chargeDeclined"}, {"idempotency_key": "k"})
    assert account.stand_in.invoices[invoice.id]["attempt_count"] == 1
    paid = await pay(invoice.id, {"payment_method": "pm_card_visa"}, {"idempotency_key": "k2"})
    assert paid.status == "paid"


@pytest.mark.parametrize("path", ["invoices", "invoiceitems", "invoices/{id}/finalize"])
async def test_restricted_account(account: Account, path: str) -> None:
    """What an account may not do at present begins and is refused: so the refusal outlives its reason under its key."""
    draft = await account.draft()
    assert isinstance(draft.customer, str)
    v1, customer = account.client.v1, draft.customer

    async def ask(key: str) -> object:
        if path == "invoices":
            return await v1.invoices.create_async({"customer": customer}, {"idempotency_key": key})
        if path == "invoiceitems":
            item: Any = {"customer": customer, "invoice": draft.id, "amount": 100}
            return await v1.invoice_items.create_async(item, {"idempotency_key": key})
        return await v1.invoices.finalize_invoice_async(draft.id, {}, {"idempotency_key": key})

    account.stand_in.restrict(path)
    here = await v1.accounts.retrieve_current_async()
    assert (here.charges_enabled, here.requirements and here.requirements.disabled_reason) == (
        False,
        "requirements.past_due",
    )
    with pytest.raises(stripe.InvalidRequestError, match="cannot currently make live charges"):
        await ask("k")
    account.stand_in.restrict()
    assert (await v1.accounts.retrieve_current_async()).charges_enabled
    with pytest.raises(stripe.InvalidRequestError, match="cannot currently make live charges"):
        await ask("k")
    await ask("k2")


async def test_keys_are_forgotten(account: Account) -> None:
    """A key that is forgotten is a new one: what was done under it is done again."""
    create = account.client.v1.customers.create_async
    first = await create({"name": "Alice"}, {"idempotency_key": "k"})
    account.stand_in.forget_keys()
    assert (await create({"name": "Alice"}, {"idempotency_key": "k"})).id != first.id


async def test_failed_validation_is_not_stored(account: Account) -> None:
    """A request that never began executing leaves its key free for the corrected one."""
    create = account.client.v1.customers.create_async
    with pytest.raises(stripe.InvalidRequestError):
        await create({"nmae": "Alice"}, {"idempotency_key": "k"})  # type: ignore[arg-type]
    assert (await create({"name": "Alice"}, {"idempotency_key": "k"})).name == "Alice"
