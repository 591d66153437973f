"""What the Stripe stand-in sends is what the SDK's classes say."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import stripe
from stripe import ListObject, SearchResultObject

from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account
from tests.contract.stripe_types import problems

pytestmark = SDK_WARNS


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


def sent(thing: Any) -> Any:
    """The decoded body of the answer that an SDK object was made of."""
    return thing.last_response.data


async def test_every_single_object_fits_its_class(account: Account) -> None:
    """Customers, invoices in each state, items, intents, charges, refunds, disputes, payouts and events fit."""
    v1 = account.client.v1
    charge = await account.charge()
    await account.stand_in.pay((await account.open()).id, "4000000000000077")
    refund = await v1.refunds.create_async({"charge": charge.id, "amount": 1_000})
    payout = account.stand_in.pay_out()
    dispute = account.stand_in.dispute((await account.charge()).id)
    assert isinstance(charge.payment_intent, str)
    assert isinstance(refund.balance_transaction, str)
    payments = await v1.invoice_payments.list_async()
    items = await v1.invoice_items.list_async()
    events = await v1.events.list_async()
    answers: list[tuple[Any, type]] = [
        (await account.customer(tier="gold"), stripe.Customer),
        (await account.draft(), stripe.Invoice),
        (await account.open(), stripe.Invoice),
        (await v1.invoices.retrieve_async((await account.draft()).id, {"expand": ["customer"]}), stripe.Invoice),
        (await v1.invoice_items.retrieve_async(items.data[0].id), stripe.InvoiceItem),
        (await v1.invoice_payments.retrieve_async(payments.data[0].id), stripe.InvoicePayment),
        (await v1.payment_intents.retrieve_async(charge.payment_intent), stripe.PaymentIntent),
        (await v1.charges.retrieve_async(charge.id, {"expand": ["refunds", "balance_transaction"]}), stripe.Charge),
        (refund, stripe.Refund),
        (await v1.balance_transactions.retrieve_async(refund.balance_transaction), stripe.BalanceTransaction),
        (await v1.balance.retrieve_async(), stripe.Balance),
        (await v1.payouts.retrieve_async(payout["id"]), stripe.Payout),
        (await v1.disputes.retrieve_async(dispute["id"]), stripe.Dispute),
        (await v1.events.retrieve_async(events.data[0].id), stripe.Event),
        (await v1.accounts.retrieve_current_async(), stripe.Account),
    ]
    assert [line for answer, kind in answers for line in problems(sent(answer), kind, kind.__name__)] == []


async def test_a_failed_payment_leaves_objects_that_fit(account: Account) -> None:
    """After a declined card the charge and the intent with its last error still fit their classes."""
    invoice = await account.open()
    with pytest.raises(stripe.CardError):
        await account.client.v1.invoices.pay_async(invoice.id, {"payment_method": "pm_card_visa_chargeDeclined"})
    charges = await account.client.v1.charges.list_async()
    intents = await account.client.v1.payment_intents.list_async()
    assert problems(sent(charges)["data"], list[stripe.Charge], "charge") == []
    assert problems(sent(intents)["data"], list[stripe.PaymentIntent], "intent") == []


async def test_every_list_fits_its_class(account: Account) -> None:
    """The list endpoints answer list objects whose members fit."""
    v1 = account.client.v1
    charge = await account.charge()
    await v1.refunds.create_async({"charge": charge.id})
    account.stand_in.dispute((await account.charge()).id)
    account.stand_in.make_available()
    await account.charge()
    account.stand_in.pay_out()
    lists: list[tuple[Callable[[], Awaitable[ListObject[Any]]], type]] = [
        (v1.customers.list_async, stripe.Customer),
        (v1.invoices.list_async, stripe.Invoice),
        (v1.invoice_items.list_async, stripe.InvoiceItem),
        (v1.invoice_payments.list_async, stripe.InvoicePayment),
        (v1.payment_intents.list_async, stripe.PaymentIntent),
        (v1.charges.list_async, stripe.Charge),
        (v1.refunds.list_async, stripe.Refund),
        (v1.balance_transactions.list_async, stripe.BalanceTransaction),
        (v1.payouts.list_async, stripe.Payout),
        (v1.disputes.list_async, stripe.Dispute),
        (v1.events.list_async, stripe.Event),
    ]
    for fetch, kind in lists:
        answer = sent(await fetch())
        assert answer["data"], kind
        assert problems(answer, ListObject[kind], kind.__name__) == []  # type: ignore[valid-type]


async def test_search_results_and_lines_fit(account: Account) -> None:
    """A search answers a search result, and an invoice's lines are line items."""
    invoice = await account.open(brief="7")
    result = await account.client.v1.invoices.search_async({"query": "metadata['brief']:'7'"})
    lines = await account.client.v1.invoices.line_items.list_async(invoice.id)
    assert isinstance(result, SearchResultObject)
    assert problems(sent(result)["data"], list[stripe.Invoice], "invoice") == []
    assert problems(sent(lines), ListObject[stripe.InvoiceLineItem], "line") == []
    assert [line.amount for line in lines.data] == [12_000]


def test_the_check_itself_sees_what_does_not_fit() -> None:
    """A missing, an unknown and a mistyped member are each reported."""
    refund = {"id": "re_1", "object": "refund", "amount": "10", "currency": "usd", "surprise": 1}
    assert problems(refund, stripe.Refund) == [
        ".surprise: unknown to Refund",
        ".amount: '10' is no int",
        ".created: missing",
    ]
