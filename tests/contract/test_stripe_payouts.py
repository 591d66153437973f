"""Payouts at the Stripe stand-in, and the categories of what moves on the balance."""

from collections.abc import AsyncIterator

import pytest
import stripe

from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


async def available(account: Account) -> int:
    """What can be paid out, in cents."""
    balance = await account.client.v1.balance.retrieve_async()
    return sum(one.amount for one in balance.available if one.currency == "usd")


async def test_on_its_way(account: Account) -> None:
    """A payout leaves the balance at once, gets to the bank by and by, and may fail after that: the money is back."""
    await account.charge(12_000)
    made = account.stand_in.pay_out(status="pending")
    seen = []
    for step in (None, "in_transit", "paid"):
        if step is not None:
            account.stand_in.advance_payout(made["id"], step)
        payout = await account.client.v1.payouts.retrieve_async(made["id"])
        seen.append((payout.status, payout.reconciliation_status, await available(account)))
    assert seen == [
        ("pending", "in_progress", 0),
        ("in_transit", "in_progress", 0),
        ("paid", "completed", 0),
    ]
    account.stand_in.fail_payout(made["id"])
    failed = await account.client.v1.payouts.retrieve_async(
        made["id"], {"expand": ["balance_transaction", "failure_balance_transaction"]}
    )
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    left, back = failed.balance_transaction, failed.failure_balance_transaction
    assert isinstance(left, stripe.BalanceTransaction)
    assert isinstance(back, stripe.BalanceTransaction)
    assert (left.amount, left.reporting_category) == (-11_622, "payout")
    assert (back.amount, back.reporting_category, await available(account)) == (11_622, "payout_reversal", 11_622)


async def test_canceled(account: Account) -> None:
    """Only a payout that is pending is canceled."""
    await account.charge(12_000)
    made = account.stand_in.pay_out(status="pending")
    canceled = await account.client.v1.payouts.cancel_async(made["id"])
    assert (canceled.status, await available(account)) == ("canceled", 11_622)
    with pytest.raises(stripe.InvalidRequestError, match="status canceled"):
        await account.client.v1.payouts.cancel_async(made["id"])
    listed = (await account.client.v1.payouts.list_async({"status": "canceled"})).data
    assert [one.id for one in listed] == [made["id"]]


async def test_by_hand(account: Account) -> None:
    """One by hand takes what is available and no more; what is in it is not told."""
    await account.charge(12_000)
    account.stand_in.make_available()
    create = account.client.v1.payouts.create_async
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await create({"amount": 11_623, "currency": "usd"})
    assert caught.value.code == "balance_insufficient"
    made = await create({"amount": 11_000, "currency": "usd"})
    assert (made.automatic, made.reconciliation_status, await available(account)) == (False, "not_applicable", 622)
    with pytest.raises(stripe.InvalidRequestError, match="automatic"):
        await account.client.v1.balance_transactions.list_async({"payout": made.id})


async def test_what_is_in_a_payout(account: Account) -> None:
    """What an automatic payout pays out is listed once Stripe has counted it together, itself among it."""
    await account.charge(12_000)
    made = account.stand_in.pay_out(status="in_transit")
    listed = account.client.v1.balance_transactions.list_async
    assert (await listed({"payout": made["id"]})).data == []
    account.stand_in.advance_payout(made["id"])
    entries = (await listed({"payout": made["id"]})).data
    assert sorted((one.reporting_category, one.net) for one in entries) == [("charge", 11_622), ("payout", -11_622)]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await listed({"payout": "po_none"})
    assert (caught.value.code, caught.value.param) == ("resource_missing", "payout")


async def test_every_category(account: Account) -> None:
    """All that moves money says by its category what it is."""
    v1 = account.client.v1
    charge, disputed = await account.charge(), await account.charge()
    refund = await v1.refunds.create_async({"charge": charge.id, "amount": 1_000})
    account.stand_in.settle_refund(refund.id, fails=True)
    account.stand_in.decide_dispute(account.stand_in.dispute(disputed.id)["id"], won=True)
    account.stand_in.take_fee(48)
    account.stand_in.fail_payout(account.stand_in.pay_out()["id"])
    entries = (await v1.balance_transactions.list_async({"limit": 100, "expand": ["data.source"]})).data
    assert {one.reporting_category for one in entries} == {
        "charge",
        "refund",
        "refund_failure",
        "dispute",
        "dispute_reversal",
        "fee",
        "payout",
        "payout_reversal",
    }
    sources = {one.reporting_category: one.source for one in entries}
    assert isinstance(sources["charge"], stripe.Charge)
    assert isinstance(sources["payout"], stripe.Payout)
    assert sources["fee"] is None
