"""An invoice's life at the Stripe stand-in, from draft to its end."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import stripe

from sandbox.stripe.errors import StripeError
from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


async def seen(account: Account) -> list[str]:
    """The types of the events so far, oldest first."""
    return [str(event.type) for event in (await account.client.v1.events.list_async({"limit": 100})).data][::-1]


async def test_items_add_up_on_the_draft(account: Account) -> None:
    """Amounts, and unit amounts times quantity, become lines and the draft's total; deleting an item takes it off."""
    draft = await account.draft(12_000)
    assert isinstance(draft.customer, str)
    item = await account.client.v1.invoice_items.create_async(
        {"customer": draft.customer, "invoice": draft.id, "quantity": 3, "unit_amount_decimal": Decimal("150.5")}
    )
    assert item.amount == 452
    before = await account.client.v1.invoices.retrieve_async(draft.id)
    await account.client.v1.invoice_items.delete_async(item.id)
    after = await account.client.v1.invoices.retrieve_async(draft.id)
    assert [(before.total, len(before.lines.data)), (after.total, len(after.lines.data))] == [(12_452, 2), (12_000, 1)]


async def test_first_lines_of_an_invoice(account: Account) -> None:
    """An invoice comes with its first ten lines, wherever it is read; all of them are in its list of lines."""
    v1, draft = account.client.v1, await account.draft(12_000)
    for number in range(11):
        item: Any = {"customer": draft.customer, "invoice": draft.id, "amount": number + 1, "currency": "usd"}
        await v1.invoice_items.create_async(item)
    read = await v1.invoices.retrieve_async(draft.id)
    (listed,) = (await v1.invoices.list_async({"customer": str(draft.customer)})).data
    lines = await v1.invoices.line_items.list_async(draft.id, {"limit": 100})
    assert [(len(one.lines.data), one.lines.has_more) for one in (read, listed)] == [(10, True)] * 2
    assert [line.amount for line in lines.data] == [12_000, *range(1, 12)]


async def test_pending_items_are_included_on_request_only(account: Account) -> None:
    """Items without an invoice wait until an invoice includes them; by default it does not."""
    customer = await account.customer()
    create = account.client.v1.invoices.create_async
    await account.client.v1.invoice_items.create_async({"customer": customer.id, "amount": 500, "currency": "usd"})
    without = await create({"customer": customer.id})
    including = await create({"customer": customer.id, "pending_invoice_items_behavior": "include"})
    pending = await account.client.v1.invoice_items.list_async({"pending": True})
    assert (without.total, including.total, len(pending.data)) == (0, 500, 0)


async def test_finalising_opens_the_invoice(account: Account) -> None:
    """A finalised invoice is open, numbered, due, has a page, a PDF and an open payment, and cannot change."""
    invoice = await account.open(12_000)
    payments = await account.client.v1.invoice_payments.list_async({"invoice": invoice.id})
    assert (invoice.status, invoice.amount_due, invoice.amount_remaining) == ("open", 12_000, 12_000)
    assert invoice.number is not None
    assert invoice.number.endswith("-0001")
    assert invoice.due_date == invoice.created + 14 * 86_400
    assert str(invoice.hosted_invoice_url).startswith(account.url)
    assert [(one.status, one.amount_requested) for one in payments.data] == [("open", 12_000)]
    assert isinstance(invoice.customer, str)
    v1, item = account.client.v1, {"customer": invoice.customer, "invoice": invoice.id, "amount": 100}
    for code, param, refused in (
        (None, None, v1.invoices.finalize_invoice_async(invoice.id)),
        (None, "description", v1.invoices.update_async(invoice.id, {"description": "late"})),
        ("invoice_not_editable", None, v1.invoices.delete_async(invoice.id)),
        ("invoice_not_editable", None, v1.invoice_items.create_async(item)),  # type: ignore[arg-type]
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await refused
        assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)
    changed = await v1.invoices.update_async(invoice.id, {"metadata": {"brief": "7"}})
    assert account.stand_in.invoices[changed.id]["metadata"] == {"brief": "7"}


async def test_paying_leads_from_invoice_to_charge(account: Account) -> None:
    """From a paid invoice its payment, intent, charge and fee are reached by expanding, as no shortcut is left."""
    invoice = await account.open(12_000)
    paid = await account.client.v1.invoices.pay_async(invoice.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.amount_paid, paid.amount_remaining) == ("paid", 12_000, 0)
    whole = await account.client.v1.invoices.retrieve_async(
        invoice.id, {"expand": ["payments.data.payment.payment_intent"]}
    )
    assert whole.payments is not None
    intent = whole.payments.data[0].payment.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert (intent.status, intent.amount_received) == ("succeeded", 12_000)
    assert isinstance(intent.latest_charge, str)
    charge = await account.client.v1.charges.retrieve_async(intent.latest_charge, {"expand": ["balance_transaction"]})
    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (378, 11_622)
    assert "payments" not in paid
    assert not hasattr(paid, "payment_intent")


async def test_events_tell_the_payment_in_order(account: Account) -> None:
    """The events of one paid invoice are Stripe's, in the order in which they happened."""
    await account.charge()
    assert await seen(account) == [
        "customer.created",
        "invoice.created",
        "invoiceitem.created",
        "invoice.finalized",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice_payment.paid",
        "invoice.paid",
        "invoice.payment_succeeded",
    ]


@pytest.mark.parametrize(
    ("method", "code", "decline"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ],
)
async def test_declined_card_leaves_the_invoice_open(account: Account, method: str, code: str, decline: str) -> None:
    """A declined card is a CardError with its decline code, and the invoice can still be paid."""
    invoice = await account.open()
    with pytest.raises(stripe.CardError) as caught:
        await account.client.v1.invoices.pay_async(invoice.id, {"payment_method": method})
    assert caught.value.error is not None
    assert (caught.value.code, caught.value.error.decline_code) == (code, decline)
    after = await account.client.v1.invoices.retrieve_async(invoice.id)
    assert (after.status, after.attempted, after.attempt_count) == ("open", True, 1)
    assert (await seen(account))[-3:] == ["charge.failed", "payment_intent.payment_failed", "invoice.payment_failed"]
    await account.stand_in.pay(invoice.id)
    assert account.stand_in.invoices[invoice.id]["status"] == "paid"


async def test_paying_needs_a_card_and_an_unpaid_invoice(account: Account) -> None:
    """Without any payment method, and a second time, paying is refused and charges nothing."""
    invoice = await account.open()
    with pytest.raises(stripe.InvalidRequestError, match="default_payment_method"):
        await account.client.v1.invoices.pay_async(invoice.id)
    await account.stand_in.pay(invoice.id)
    with pytest.raises(stripe.InvalidRequestError, match="Invoice is already paid"):
        await account.client.v1.invoices.pay_async(invoice.id, {"payment_method": "pm_card_visa"})
    assert len(account.stand_in.charges) == 1


async def test_paid_out_of_band_charges_nothing(account: Account) -> None:
    """An invoice paid elsewhere is paid without a charge, and its payment intent is cancelled."""
    invoice = await account.open(12_000)
    paid = await account.client.v1.invoices.pay_async(invoice.id, {"paid_out_of_band": True})
    intents = await account.client.v1.payment_intents.list_async()
    assert (paid.status, paid.amount_paid, paid.amount_paid_off_stripe) == ("paid", 12_000, 12_000)
    assert (paid.attempted, paid.attempt_count, account.stand_in.charges) == (False, 0, {})
    assert [intent.status for intent in intents.data] == ["canceled"]
    told = [kind for kind in await seen(account) if "paid" in kind or "succeeded" in kind]
    assert told == ["invoice.paid"]


async def test_sending_finalises_a_draft(account: Account) -> None:
    """Sending a draft opens it and tells invoice.sent; one that is charged automatically cannot be sent."""
    draft = await account.draft()
    sent = await account.client.v1.invoices.send_invoice_async(draft.id)
    assert sent.status == "open"
    assert (await seen(account))[-3:] == ["invoice.finalized", "payment_intent.created", "invoice.sent"]
    automatic = await account.client.v1.invoices.create_async({"customer": (await account.customer()).id})
    with pytest.raises(stripe.InvalidRequestError, match="send_invoice"):
        await account.client.v1.invoices.send_invoice_async(automatic.id)


async def test_void_and_uncollectible(account: Account) -> None:
    """An open invoice is voided or given up, and one given up is voided or paid; a draft or a paid one is neither."""
    v1 = account.client.v1.invoices
    first, second, third = await account.open(), await account.open(), await account.open()
    assert (await v1.void_invoice_async(first.id)).status == "void"
    for one in (second, third):
        assert (await v1.mark_uncollectible_async(one.id)).status == "uncollectible"
    with pytest.raises(stripe.InvalidRequestError) as twice:
        await v1.mark_uncollectible_async(third.id)
    assert (twice.value.http_status, twice.value.code, twice.value.param) == (400, None, None)
    voided = await v1.void_invoice_async(third.id)
    assert (voided.status, voided.amount_due) == ("void", third.amount_due)
    await account.stand_in.pay(second.id)
    for invoice_id in (first.id, second.id, (await account.draft()).id):
        for end in (v1.void_invoice_async, v1.mark_uncollectible_async):
            with pytest.raises(stripe.InvalidRequestError) as caught:
                await end(invoice_id)
            assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, None, None)
    assert {"invoice.voided", "invoice.marked_uncollectible", "payment_intent.canceled"} <= set(await seen(account))


async def test_what_is_not_open_cannot_be_paid(account: Account) -> None:
    """A void invoice takes no card, nor does a draft on the customer's side; a draft without items is just paid."""
    pay = account.client.v1.invoices.pay_async
    void = await account.client.v1.invoices.void_invoice_async((await account.open()).id)
    with pytest.raises(stripe.InvalidRequestError, match="status void"):
        await pay(void.id, {"payment_method": "pm_card_visa"})
    with pytest.raises(StripeError, match="status draft"):
        await account.stand_in.pay((await account.draft()).id)
    empty = await account.client.v1.invoices.create_async({"customer": (await account.customer()).id})
    assert (await pay(empty.id)).status == "paid"
    assert account.stand_in.charges == {}


async def test_items_of_a_draft_can_change(account: Account) -> None:
    """A new quantity or description of an item changes the draft's line and total."""
    draft = await account.draft(12_000)
    (item,) = (await account.client.v1.invoice_items.list_async({"invoice": draft.id})).data
    await account.client.v1.invoice_items.update_async(item.id, {"quantity": 2, "description": "Two briefs"})
    after = await account.client.v1.invoices.retrieve_async(draft.id)
    assert [(line.description, line.quantity, line.amount) for line in after.lines.data] == [("Two briefs", 2, 24_000)]
    assert after.total == 24_000


async def test_draft_can_be_deleted(account: Account) -> None:
    """A deleted draft and its items are gone."""
    draft = await account.draft()
    assert (await account.client.v1.invoices.delete_async(draft.id)).deleted is True
    with pytest.raises(stripe.InvalidRequestError, match="No such invoice"):
        await account.client.v1.invoices.retrieve_async(draft.id)
    assert (await account.client.v1.invoice_items.list_async()).data == []


async def test_total_below_the_smallest_charge_is_owed_later(account: Account) -> None:
    """An invoice under the smallest charge is paid at once, and its amount is due on the customer's next one."""
    small = await account.open(49)
    assert (small.status, small.amount_due, small.ending_balance) == ("paid", 0, 49)
    assert isinstance(small.customer, str)
    await account.client.v1.invoice_items.create_async({"customer": small.customer, "amount": 100, "currency": "usd"})
    following = await account.client.v1.invoices.create_async(
        {"customer": small.customer, "pending_invoice_items_behavior": "include"}
    )
    finalised = await account.client.v1.invoices.finalize_invoice_async(following.id)
    assert (finalised.starting_balance, finalised.amount_due, finalised.ending_balance) == (49, 149, 0)


@pytest.mark.parametrize("amount", [0, -700])
async def test_nothing_to_pay(account: Account, amount: int) -> None:
    """An empty or negative total is paid at finalising without an attempt that counts, and a credit is kept."""
    draft = await account.draft(amount)
    paid = await account.client.v1.invoices.finalize_invoice_async(draft.id)
    assert (paid.status, paid.attempted, paid.attempt_count, paid.amount_due) == ("paid", True, 0, 0)
    assert isinstance(paid.customer, str)
    assert account.stand_in.customers[paid.customer]["balance"] == amount


async def test_metadata_stays_on_the_invoice(account: Account) -> None:
    """Intent, charge, refund and dispute of an invoice have none of its metadata."""
    invoice, v1 = await account.open(brief="7"), account.client.v1
    await account.stand_in.pay(invoice.id)
    (charge,) = (await v1.charges.list_async()).data
    (intent,) = (await v1.payment_intents.list_async()).data
    refund = await v1.refunds.create_async({"charge": charge.id, "amount": 100})
    account.stand_in.dispute(charge.id)
    (dispute,) = (await v1.disputes.list_async()).data
    assert [one.metadata.to_dict() for one in (intent, charge, refund, dispute) if one.metadata is not None] == [{}] * 4


async def test_zero_decimal_currency(account: Account) -> None:
    """500 yen are an amount of 500, and their fee has no fixed part."""
    charge = await account.charge(500, "jpy")
    entry = (await account.client.v1.balance_transactions.list_async({"source": charge.id})).data[0]
    assert (charge.amount, charge.currency, entry.fee, entry.net) == (500, "jpy", 15, 485)


async def test_expanding_reaches_related_objects_only(account: Account) -> None:
    """A customer is expanded in place, in lists too; a plain member cannot be."""
    invoice = await account.open()
    listed = await account.client.v1.invoices.list_async({"expand": ["data.customer"]})
    assert isinstance(listed.data[0].customer, stripe.Customer)
    assert isinstance(account.stand_in.invoices[invoice.id]["customer"], str)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        await account.client.v1.invoices.retrieve_async(invoice.id, {"expand": ["status"]})


async def test_deleted_customer_is_a_stub(account: Account) -> None:
    """A deleted customer is still retrieved as deleted, is not listed, and cannot be billed."""
    customer = await account.customer()
    await account.client.v1.customers.delete_async(customer.id)
    assert (await account.client.v1.customers.retrieve_async(customer.id)).deleted is True
    assert (await account.client.v1.customers.list_async()).data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        await account.client.v1.invoices.create_async({"customer": customer.id})
