"""What a payment comes to at the Stripe stand-in: late capture, several payments, currencies, balances, links."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx
import pytest
import stripe

from sandbox.stripe.server import StripeStandIn
from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS
DAY = 86_400


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


async def kinds(account: Account) -> list[str]:
    """The types of the events so far, oldest first."""
    return [str(event.type) for event in (await account.client.v1.events.list_async({"limit": 100})).data][::-1]


async def test_capture_comes_later(account: Account) -> None:
    """A charge has no balance transaction when it succeeded, nor when read at once; charge.updated brings it."""
    account.stand_in.capture_after(None)
    charge = await account.charge(12_000)
    assert charge.balance_transaction is None
    assert (await account.client.v1.balance_transactions.list_async()).data == []
    (invoice,) = account.stand_in.invoices.values()
    assert (invoice["status"], (await kinds(account)).count("invoice.paid")) == ("paid", 1)
    account.stand_in.settle_charges()
    after = await account.client.v1.charges.retrieve_async(charge.id, {"expand": ["balance_transaction"]})
    assert isinstance(after.balance_transaction, stripe.BalanceTransaction)
    assert after.balance_transaction.fee == 378
    (told,) = (await account.client.v1.events.list_async({"type": "charge.updated"})).data
    assert told.to_dict()["data"]["previous_attributes"] == {"balance_transaction": None}
    assert told.data.object["balance_transaction"] == after.balance_transaction.id


async def test_capture_comes_by_itself(account: Account) -> None:
    """After its time the balance transaction is there without anybody doing anything."""
    account.stand_in.capture_after(0.01)
    charge = await account.charge()
    async with asyncio.timeout(10):
        while account.stand_in.charges[charge.id]["balance_transaction"] is None:
            await account.client.v1.charges.retrieve_async(charge.id)
    assert (await kinds(account))[-1] == "charge.updated"


async def test_several_payments_cover_an_invoice(account: Account) -> None:
    """Partial payments leave the rest open, each is an invoice payment, and the last one pays; then nothing is void."""
    invoice = await account.open(12_000)
    await account.stand_in.pay(invoice.id, amount=5_000)
    partly = await account.client.v1.invoices.retrieve_async(invoice.id)
    assert (partly.status, partly.amount_paid, partly.amount_remaining) == ("open", 5_000, 7_000)
    with pytest.raises(stripe.InvalidRequestError, match="payments"):
        await account.client.v1.invoices.void_invoice_async(invoice.id)
    await account.stand_in.pay(invoice.id)
    paid = await account.client.v1.invoices.retrieve_async(invoice.id, {"expand": ["payments"]})
    assert (paid.status, paid.amount_paid, paid.amount_remaining, paid.amount_overpaid) == ("paid", 12_000, 0, 0)
    assert paid.payments is not None
    assert sorted((one.status, one.amount_paid, one.is_default) for one in paid.payments.data) == [
        ("paid", 5_000, False),
        ("paid", 7_000, True),
    ]
    told = await kinds(account)
    assert (told.count("invoice_payment.paid"), told.count("invoice.paid")) == (2, 1)


async def test_overpaid_invoice_leaves_a_credit(account: Account) -> None:
    """What is paid on top becomes the customer's credit, and an event tells."""
    invoice = await account.open(12_000)
    await account.stand_in.pay(invoice.id, amount=15_000)
    paid = await account.client.v1.invoices.retrieve_async(invoice.id)
    assert (paid.status, paid.amount_due, paid.amount_paid, paid.amount_overpaid) == ("paid", 12_000, 15_000, 3_000)
    assert isinstance(invoice.customer, str)
    assert account.stand_in.customers[invoice.customer]["balance"] == -3_000
    assert "invoice.overpaid" in await kinds(account)


async def next_invoice(account: Account, customer: str, amount: int, currency: str) -> stripe.Invoice:
    """A finalised invoice for a customer that there is."""
    v1 = account.client.v1
    draft = await v1.invoices.create_async({"customer": customer, "currency": currency})
    await v1.invoice_items.create_async(
        {"customer": customer, "invoice": draft.id, "amount": amount, "currency": currency}
    )
    return await v1.invoices.finalize_invoice_async(draft.id)


async def test_credit_counts_in_its_own_currency(account: Account) -> None:
    """A customer's balance lowers what is due in its currency only; in another one what is left is carried apart."""
    first = await account.open(12_000, "usd")
    assert isinstance(first.customer, str)
    account.stand_in.customers[first.customer]["balance"] = -5_000
    euros = [await next_invoice(account, first.customer, amount, "eur") for amount in (30, 7_000)]
    dollars = await next_invoice(account, first.customer, 7_000, "usd")
    assert [(one.status, one.starting_balance, one.amount_due) for one in euros] == [
        ("paid", 0, 0),
        ("open", 30, 7_030),
    ]
    assert (dollars.starting_balance, dollars.amount_due) == (-5_000, 2_000)


@pytest.mark.parametrize(
    ("currency", "amount", "due", "left"), [("isk", 10_050, 10_100, -50), ("ugx", 10_049, 10_000, 49)]
)
async def test_whole_units(account: Account, currency: str, amount: int, due: int, left: int) -> None:
    """An invoice in krónur or shillings asks for whole ones; the rest is on the customer's balance."""
    invoice = await account.open(amount, currency)
    assert (invoice.status, invoice.amount_due, invoice.ending_balance) == ("open", due, left)


@pytest.mark.parametrize("currency", ["bhd", "jod", "kwd", "omr", "tnd"])
async def test_third_decimal_is_zero(account: Account, currency: str) -> None:
    """An amount of a three-decimal currency ends in 0."""
    with pytest.raises(stripe.InvalidRequestError, match="must be 0") as caught:
        await account.open(12_345, currency)
    assert (caught.value.http_status, caught.value.param) == (400, "amount")
    assert (await account.open(12_340, currency)).amount_due == 12_340


@pytest.mark.parametrize(("currency", "digits"), [("usd", 8), ("inr", 9), ("cop", 10), ("idr", 12)])
async def test_largest_amount_by_currency(account: Account, currency: str, digits: int) -> None:
    """So many digits are invoiced, and one more is not."""
    assert (await account.open(10**digits - 1, currency)).status == "open"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await account.open(10**digits, currency)
    assert caught.value.code == "amount_too_large"


async def test_settlement_currency(account: Account) -> None:
    """Amount, fee and smallest charge are those of the currency that the account settles in, after conversion."""
    account.stand_in.settle_in("aed", {"pkr": Decimal("0.0131")})
    small = await account.open(10_000, "pkr")
    charge = await account.charge(1_000_000, "pkr")
    assert (small.status, small.amount_due, small.ending_balance) == ("paid", 0, 10_000)
    assert isinstance(charge.balance_transaction, str)
    entry = await account.client.v1.balance_transactions.retrieve_async(charge.balance_transaction)
    assert (entry.currency, entry.amount, entry.fee, entry.net) == ("aed", 13_100, 380, 12_720)
    assert entry.exchange_rate == pytest.approx(0.0131)
    refund = await account.client.v1.refunds.create_async({"charge": charge.id})
    assert (refund.currency, refund.amount) == ("pkr", 1_000_000)
    assert [
        one.amount for one in (await account.client.v1.balance.retrieve_async()).available if one.currency == "aed"
    ] == [-13_100]


async def test_links_end() -> None:
    """A link ends 30 days after the due date; reading the invoice shows one that is good for ten days again."""
    now = [1_800_000_000.0]
    async with stripe_account(StripeStandIn(clock=lambda: now[0])) as account, httpx.AsyncClient() as http:
        invoice = await account.open()
        retrieve = account.client.v1.invoices.retrieve_async
        assert (await retrieve(invoice.id)).hosted_invoice_url == invoice.hosted_invoice_url
        now[0] += 44 * DAY
        assert (await http.get(str(invoice.hosted_invoice_url))).status_code == 200
        now[0] += 2
        assert (await http.get(str(invoice.hosted_invoice_url))).status_code == 410
        assert (await http.get(str(invoice.invoice_pdf))).status_code == 410
        fresh = await retrieve(invoice.id)
        now[0] += 10 * DAY
        assert (await http.get(str(fresh.hosted_invoice_url))).status_code == 200
        account.stand_in.expire_links()
        assert (await http.get(str(fresh.invoice_pdf))).status_code == 410
        (listed,) = (await account.client.v1.invoices.list_async()).data
        assert (await http.get(str(listed.invoice_pdf))).status_code == 200


async def test_refunds_wait_for_a_reason(account: Account) -> None:
    """A refund may wait, and says why; only one that asks the customer for something is cancelled."""
    charge = await account.charge(12_000)
    v1 = account.client.v1
    account.stand_in.keep_refunds_pending("insufficient_funds")
    pending = await v1.refunds.create_async({"charge": charge.id, "amount": 1_000})
    account.stand_in.keep_refunds_pending("requires_action")
    asking = await v1.refunds.create_async({"charge": charge.id, "amount": 2_000})
    assert (pending.status, pending.pending_reason) == ("pending", "insufficient_funds")
    assert asking.status == "requires_action"
    with pytest.raises(stripe.InvalidRequestError, match="status pending"):
        await v1.refunds.cancel_async(pending.id)
    assert (await v1.refunds.cancel_async(asking.id)).status == "canceled"
    assert account.stand_in.charges[charge.id]["amount_refunded"] == 1_000
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await v1.refunds.create_async({"charge": "ch_nothing"})
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (404, "resource_missing", "charge")


async def test_inquiry_moves_no_money(account: Account) -> None:
    """An inquiry waits for an answer, takes nothing, and its charge can still be refunded."""
    charge = await account.charge()
    before = await account.client.v1.balance.retrieve_async()
    inquiry = account.stand_in.dispute(charge.id, inquiry=True)
    assert (inquiry["status"], inquiry["balance_transactions"]) == ("warning_needs_response", [])
    assert (await account.client.v1.balance.retrieve_async()).available == before.available
    assert (await account.client.v1.refunds.create_async({"charge": charge.id, "amount": 100})).status == "succeeded"
    assert account.stand_in.decide_dispute(inquiry["id"], won=True)["status"] == "warning_closed"


async def test_dispute_fails_a_pending_refund(account: Account) -> None:
    """What waits to go back fails once the bank takes the payment, and nothing more of it can be sent."""
    charge = await account.charge(12_000)
    account.stand_in.keep_refunds_pending("insufficient_funds")
    refund = await account.client.v1.refunds.create_async({"charge": charge.id, "amount": 5_000})
    account.stand_in.dispute(charge.id)
    failed = await account.client.v1.refunds.retrieve_async(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "charge_for_pending_refund_disputed")
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        await account.client.v1.refunds.create_async({"charge": charge.id})


async def test_evidence_has_an_end(account: Account) -> None:
    """Evidence is due at the end of a day (UTC), is of limited length, and comes to nothing once it is decided."""
    dispute = account.stand_in.dispute((await account.charge()).id)
    update = account.client.v1.disputes.update_async
    assert (dispute["evidence_details"]["due_by"] + 1) % DAY == 0
    names = [name for name in dispute["evidence"] if name != "enhanced_evidence"][:8]
    too_long: list[Any] = [{"uncategorized_text": "x" * 20_001}, dict.fromkeys(names, "x" * 20_000)]
    for evidence in too_long:
        with pytest.raises(stripe.InvalidRequestError):
            await update(dispute["id"], {"evidence": evidence, "submit": False})
    staged = await update(dispute["id"], {"evidence": {"uncategorized_text": "delivered"}, "submit": False})
    assert staged.status == "needs_response"
    account.stand_in.decide_dispute(dispute["id"], won=False)
    for late in (
        update(dispute["id"], {"metadata": {"a": "b"}}),
        account.client.v1.disputes.close_async(dispute["id"]),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await late
        assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, None, None)


async def test_fee_of_its_own(account: Account) -> None:
    """What Stripe takes for Invoicing is an entry without a source, of the category fee."""
    account.stand_in.take_fee(48)
    (entry,) = (await account.client.v1.balance_transactions.list_async({"type": "stripe_fee"})).data
    assert (entry.amount, entry.fee, entry.reporting_category, entry.source) == (-48, 0, "fee", None)
