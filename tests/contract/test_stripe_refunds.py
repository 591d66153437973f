"""Refunds, disputes, payouts and the balance at the Stripe stand-in."""

from collections.abc import AsyncIterator

import pytest
import stripe

from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


async def holdings(account: Account) -> tuple[int, int]:
    """What is available and what is pending, in US cents."""
    balance = await account.client.v1.balance.retrieve_async()
    available = sum(one.amount for one in balance.available if one.currency == "usd")
    return available, sum(one.amount for one in balance.pending if one.currency == "usd")


async def test_partial_refunds_add_up(account: Account) -> None:
    """Two partial refunds and the rest empty the charge, which then counts as refunded; the invoice stays as it was."""
    charge = await account.charge(12_000)
    (invoice,) = [dict(one) for one in account.stand_in.invoices.values()]
    create = account.client.v1.refunds.create_async
    for amount in (5_000, 4_000):
        refund = await create({"charge": charge.id, "amount": amount, "reason": "requested_by_customer"})
        assert (refund.status, refund.amount) == ("succeeded", amount)
    assert isinstance(charge.payment_intent, str)
    rest = await create({"payment_intent": charge.payment_intent})
    after = await account.client.v1.charges.retrieve_async(charge.id)
    listed = await account.client.v1.refunds.list_async({"charge": charge.id})
    assert (rest.amount, after.amount_refunded, after.refunded) == (3_000, 12_000, True)
    assert [one.amount for one in listed.data] == [3_000, 4_000, 5_000]
    assert list(account.stand_in.invoices.values()) == [invoice]


async def test_over_refund_is_refused(account: Account) -> None:
    """No refund takes more than is left, in Stripe's words; a fully refunded charge says so."""
    charge = await account.charge(12_000)
    create = account.client.v1.refunds.create_async
    with pytest.raises(stripe.InvalidRequestError, match=r"\(\$120\.01\) is greater than charge amount \(\$120\.00\)"):
        await create({"charge": charge.id, "amount": 12_001})
    await create({"charge": charge.id, "amount": 11_000})
    with pytest.raises(stripe.InvalidRequestError, match=r"greater than unrefunded amount on charge \(\$10\.00\)"):
        await create({"charge": charge.id, "amount": 1_001})
    await create({"charge": charge.id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await create({"charge": charge.id, "amount": 1})
    assert caught.value.code == "charge_already_refunded"
    assert sum(one["amount"] for one in account.stand_in.refunds.values()) == 12_000


async def test_refund_names_one_paid_charge(account: Account) -> None:
    """A refund of nothing, of two things, of an unpaid intent or of a negative amount is refused."""
    charge = await account.charge()
    await account.open()
    unpaid = (await account.client.v1.payment_intents.list_async({"limit": 1})).data[0]
    assert isinstance(charge.payment_intent, str)
    wrong: list[stripe.params.RefundCreateParams] = [
        {},
        {"charge": charge.id, "payment_intent": charge.payment_intent},
        {"payment_intent": unpaid.id},
        {"payment_intent": "pi_nothing"},
        {"charge": charge.id, "amount": -1},
        {"charge": charge.id, "amount": 0},
    ]
    for params in wrong:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await account.client.v1.refunds.create_async(params)
    assert caught.value.code == "parameter_invalid_integer"
    assert account.stand_in.refunds == {}


@pytest.mark.parametrize(
    ("currency", "paid", "part", "back"), [("isk", 50_000, 150, 100), ("kwd", 50_000, 1_005, 1_010)]
)
async def test_refund_of_a_part_of_a_unit(account: Account, currency: str, paid: int, part: int, back: int) -> None:
    """No refund is of a part of a króna, or has a last digit other than 0 where amounts have three decimals."""
    charge = await account.charge(paid, currency)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await account.client.v1.refunds.create_async({"charge": charge.id, "amount": part})
    assert caught.value.param == "amount"
    refund = await account.client.v1.refunds.create_async({"charge": charge.id, "amount": back})
    assert (refund.status, refund.amount) == ("succeeded", back)


async def test_pending_refund_is_settled_by_control(account: Account) -> None:
    """A pending refund counts against the charge; it succeeds or fails later, and a failure gives everything back."""
    charge = await account.charge(12_000, card="4000000000000077")
    before = await holdings(account)
    account.stand_in.keep_refunds_pending()
    first, second = [
        await account.client.v1.refunds.create_async({"charge": charge.id, "amount": 6_000}) for _ in range(2)
    ]
    assert (first.status, account.stand_in.charges[charge.id]["amount_refunded"]) == ("pending", 12_000)
    account.stand_in.settle_refund(first.id)
    account.stand_in.settle_refund(second.id, fails=True)
    done, failed = [await account.client.v1.refunds.retrieve_async(one.id) for one in (first, second)]
    after = await account.client.v1.charges.retrieve_async(charge.id)
    assert (done.status, failed.status, failed.failure_reason) == ("succeeded", "failed", "expired_or_canceled_card")
    assert (after.amount_refunded, after.refunded) == (6_000, False)
    back = await account.client.v1.balance_transactions.retrieve_async(str(failed.failure_balance_transaction))
    assert (back.type, back.net, back.source) == ("refund_failure", 6_000, failed.id)
    assert await holdings(account) == (before[0] - 6_000, before[1])


async def test_cards_with_slow_or_failing_refunds(account: Account) -> None:
    """Stripe's test cards for refunds behave as documented: one stays pending, one succeeds and fails later."""
    slow = await account.charge(card="4000000000007726")
    failing = await account.charge(card="4000000000005126")
    create = account.client.v1.refunds.create_async
    refunds = [await create({"charge": charge.id}) for charge in (slow, failing)]
    assert [refund.status for refund in refunds] == ["pending", "succeeded"]
    settled = [account.stand_in.settle_refund(refund.id)["status"] for refund in refunds]
    assert settled == ["succeeded", "failed"]


async def test_fee_is_kept_on_refund(account: Account) -> None:
    """A payment of 120.00 brings 120.00 less 2.9 % and 0.30; its refund takes 120.00 and returns no fee."""
    charge = await account.charge(12_000)
    refund = await account.client.v1.refunds.create_async({"charge": charge.id})
    entries = (await account.client.v1.balance_transactions.list_async()).data
    assert [(one.type, one.source, one.amount, one.fee, one.net) for one in entries] == [
        ("refund", refund.id, -12_000, 0, -12_000),
        ("charge", charge.id, 12_000, 378, 11_622),
    ]
    assert [detail.amount for detail in entries[1].fee_details] == [378]


async def test_payout_takes_all_that_is_available(account: Account) -> None:
    """Pending funds become available, a payout takes them, and its transactions can be listed."""
    await account.charge(12_000)
    assert await holdings(account) == (0, 11_622)
    account.stand_in.make_available()
    assert await holdings(account) == (11_622, 0)
    payout = account.stand_in.pay_out()
    entries = await account.client.v1.balance_transactions.list_async({"payout": payout["id"]})
    listed = await account.client.v1.payouts.list_async({"status": "paid"})
    assert (payout["amount"], [one.id for one in listed.data]) == (11_622, [payout["id"]])
    assert [(one.type, one.net) for one in entries.data] == [("payout", -11_622), ("charge", 11_622)]
    assert await holdings(account) == (0, 0)
    with pytest.raises(ValueError, match="nothing to pay out"):
        account.stand_in.pay_out()


async def test_payout_below_zero(account: Account) -> None:
    """Where more went back than came in since the last payout, the next one takes it from the bank account."""
    charge = await account.charge(12_000)
    account.stand_in.pay_out()
    await account.client.v1.refunds.create_async({"charge": charge.id, "amount": 5_000})
    payout = account.stand_in.pay_out()
    entries = await account.client.v1.balance_transactions.list_async({"payout": payout["id"]})
    assert payout["amount"] == -5_000
    assert [(one.reporting_category, one.net) for one in entries.data] == [("payout", 5_000), ("refund", -5_000)]


async def test_failed_payout_returns_the_money(account: Account) -> None:
    """When the bank sends a payout back, the amount is available again."""
    await account.charge(12_000)
    payout = account.stand_in.pay_out()
    account.stand_in.fail_payout(payout["id"])
    failed = await account.client.v1.payouts.retrieve_async(payout["id"])
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert await holdings(account) == (11_622, 0)


async def test_dispute_takes_amount_and_fee(account: Account) -> None:
    """A dispute withdraws its amount and 15.00, bars refunds, and gives the amount back when it is won."""
    charge = await account.charge(12_000, card="4000000000000077")
    dispute = account.stand_in.dispute(charge.id)
    assert await holdings(account) == (11_622 - 12_000 - 1_500, 0)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await account.client.v1.refunds.create_async({"charge": charge.id})
    assert caught.value.code == "charge_disputed"
    await account.client.v1.disputes.update_async(dispute["id"], {"evidence": {"uncategorized_text": "delivered"}})
    assert account.stand_in.decide_dispute(dispute["id"], won=True)["status"] == "won"
    assert await holdings(account) == (11_622 - 1_500, 0)
    listed = await account.client.v1.disputes.list_async({"charge": charge.id})
    assert [(one.status, len(one.balance_transactions)) for one in listed.data] == [("won", 2)]


async def test_a_disputed_card_disputes_at_once(account: Account) -> None:
    """The test card for disputes pays and is disputed, and closing the dispute loses it."""
    charge = await account.charge(card="4000000000000259")
    (dispute,) = (await account.client.v1.disputes.list_async()).data
    assert (dispute.charge, dispute.status, charge.disputed) == (charge.id, "needs_response", True)
    assert (await account.client.v1.disputes.close_async(dispute.id)).status == "lost"
