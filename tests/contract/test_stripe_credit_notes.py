"""Credit notes and customer balances at the Stripe stand-in."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import stripe
from stripe import ListObject

from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account
from tests.contract.stripe_types import problems

pytestmark = SDK_WARNS


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


async def note(account: Account, invoice: str, amount: int, **more: Any) -> stripe.CreditNote:
    given: Any = {"invoice": invoice, "amount": amount, **more}
    return await account.client.v1.credit_notes.create_async(given)


async def paid(account: Account, amount: int = 12_000) -> stripe.Invoice:
    invoice = await account.open(amount)
    await account.stand_in.pay(invoice.id)
    return await account.client.v1.invoices.retrieve_async(invoice.id)


async def kinds(account: Account) -> list[str]:
    """The types of the events so far, oldest first."""
    return [str(event.type) for event in (await account.client.v1.events.list_async({"limit": 100})).data][::-1]


async def test_before_payment(account: Account) -> None:
    """One for an open invoice lowers what is left to pay; voided, it is asked for again."""
    invoice = await account.open(12_000)
    made = await note(account, invoice.id, 2_000)
    assert (made.type, made.pre_payment_amount, made.post_payment_amount) == ("pre_payment", 2_000, 0)
    after = await account.client.v1.invoices.retrieve_async(invoice.id)
    assert (after.amount_due, after.amount_remaining, after.total) == (10_000, 10_000, 12_000)
    assert after.pre_payment_credit_notes_amount == 2_000
    voided = await account.client.v1.credit_notes.void_credit_note_async(made.id)
    after = await account.client.v1.invoices.retrieve_async(invoice.id)
    assert (voided.status, after.amount_remaining, after.pre_payment_credit_notes_amount) == ("void", 12_000, 0)
    assert [kind for kind in await kinds(account) if kind.startswith("credit_note")] == [
        "credit_note.created",
        "credit_note.voided",
    ]


async def test_all_of_an_open_invoice(account: Account) -> None:
    """An invoice of which nothing is left is paid, without a payment."""
    invoice = await account.open(12_000)
    await note(account, invoice.id, 12_000)
    after = await account.client.v1.invoices.retrieve_async(invoice.id)
    assert (after.status, after.amount_paid, after.amount_due) == ("paid", 0, 0)
    assert account.stand_in.charges == {}


async def test_after_payment(account: Account) -> None:
    """What was paid goes back in the ways that are named: a refund, a credit on the customer's balance, elsewhere."""
    invoice = await paid(account)
    made = await note(account, invoice.id, 6_000, refund_amount=1_000, credit_amount=2_000, out_of_band_amount=3_000)
    assert (made.type, made.post_payment_amount, made.out_of_band_amount) == ("post_payment", 6_000, 3_000)
    (linked,) = made.refunds
    refund = await account.client.v1.refunds.retrieve_async(str(linked.refund))
    assert (linked.amount_refunded, refund.amount, refund.status) == (1_000, 1_000, "succeeded")
    assert isinstance(invoice.customer, str)
    (entry,) = (await account.client.v1.customers.balance_transactions.list_async(invoice.customer)).data
    assert (entry.id, entry.amount, entry.ending_balance) == (made.customer_balance_transaction, -2_000, -2_000)
    assert (entry.type, entry.credit_note, entry.invoice) == ("credit_note", made.id, invoice.id)
    after = await account.client.v1.invoices.retrieve_async(invoice.id)
    assert (after.status, after.amount_paid, after.post_payment_credit_notes_amount) == ("paid", 12_000, 6_000)


async def test_part_before_and_part_after(account: Account) -> None:
    """Of an invoice that is paid in part, what is left to pay is credited first."""
    invoice = await account.open(12_000)
    await account.stand_in.pay(invoice.id, amount=5_000)
    made = await note(account, invoice.id, 8_000, credit_amount=1_000)
    assert (made.type, made.pre_payment_amount, made.post_payment_amount) == ("mixed", 7_000, 1_000)
    assert (await account.client.v1.invoices.retrieve_async(invoice.id)).status == "paid"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"amount": 6_000}, "must equal"),
        ({"amount": 6_000, "refund_amount": 5_000}, "must equal"),
        ({"amount": 6_000, "credit_amount": 5_000, "out_of_band_amount": 2_000}, "must equal"),
        ({"amount": 12_001, "credit_amount": 12_001}, "greater than"),
        ({"amount": 0}, "positive integer"),
        ({"refund_amount": 100}, "One of the following"),
        ({"amount": 100, "credit_amount": 100, "reason": "because"}, "reason"),
        ({"amount": 100, "credit_amount": 100, "memo": "x" * 5_001}, "at most 5000"),
    ],
)
async def test_refused(account: Account, given: dict[str, Any], words: str) -> None:
    """What does not add up, is too much, or is none of Stripe's words is refused, and changes nothing."""
    invoice = await paid(account)
    with pytest.raises(stripe.InvalidRequestError, match=words) as caught:
        await account.client.v1.credit_notes.create_async({"invoice": invoice.id, **given})  # type: ignore[typeddict-item]
    assert caught.value.http_status == 400
    assert account.stand_in.refunds == {}
    after = await account.client.v1.invoices.retrieve_async(invoice.id)
    assert after.post_payment_credit_notes_amount == 0


async def test_only_finalised(account: Account) -> None:
    """Neither a draft nor a void invoice has a credit note."""
    draft, void = await account.draft(), await account.open()
    await account.client.v1.invoices.void_invoice_async(void.id)
    for invoice in (draft, void):
        with pytest.raises(stripe.InvalidRequestError, match="finalized invoices") as caught:
            await note(account, invoice.id, 100)
        assert (caught.value.http_status, caught.value.param) == (400, "invoice")


async def test_refunds_and_credit_notes_have_one_count(account: Account) -> None:
    """What was refunded cannot be credited as well, unless the credit note speaks of that refund."""
    invoice = await paid(account)
    (charge,) = (await account.client.v1.charges.list_async()).data
    refund = await account.client.v1.refunds.create_async({"charge": charge.id, "amount": 5_000})
    with pytest.raises(stripe.InvalidRequestError, match="greater than"):
        await note(account, invoice.id, 8_000, credit_amount=8_000)
    linked = await note(account, invoice.id, 5_000, refunds=[{"refund": refund.id}])
    assert [one.refund for one in linked.refunds] == [refund.id]
    await note(account, invoice.id, 7_000, credit_amount=7_000)
    with pytest.raises(stripe.InvalidRequestError, match="that much left"):
        await note(account, invoice.id, 100, refunds=[{"refund": refund.id, "amount_refunded": 100}])


async def test_void_only_while_open(account: Account) -> None:
    """A credit note of a paid invoice stays, and one that is void is not voided again."""
    invoice, waiting = await paid(account), await account.open()
    stays = await note(account, invoice.id, 100, credit_amount=100)
    gone = await note(account, waiting.id, 100)
    void = account.client.v1.credit_notes.void_credit_note_async
    await void(gone.id)
    for which in (stays, gone):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await void(which.id)
        assert caught.value.http_status == 400


async def test_credit_is_used_by_the_next_invoice(account: Account) -> None:
    """What a credit note put on the balance lowers what the next invoice asks for, and that is an entry too."""
    invoice = await paid(account)
    await note(account, invoice.id, 2_000, credit_amount=2_000)
    assert isinstance(invoice.customer, str)
    v1 = account.client.v1
    draft = await v1.invoices.create_async({"customer": invoice.customer, "currency": "usd"})
    await v1.invoice_items.create_async(
        {"customer": invoice.customer, "invoice": draft.id, "amount": 12_000, "currency": "usd"}
    )
    second = await v1.invoices.finalize_invoice_async(draft.id)
    assert (second.starting_balance, second.amount_due, second.ending_balance) == (-2_000, 10_000, 0)
    entries = (await v1.customers.balance_transactions.list_async(invoice.customer)).data
    assert [(one.type, one.amount) for one in entries] == [("applied_to_invoice", 2_000), ("credit_note", -2_000)]


async def test_balance_by_hand(account: Account) -> None:
    """An adjustment changes what the customer owes; one of nothing is refused."""
    customer = await account.customer()
    create = account.client.v1.customers.balance_transactions.create_async
    made = await create(customer.id, {"amount": -500, "currency": "usd", "description": "goodwill"})
    assert (made.type, made.ending_balance) == ("adjustment", -500)
    assert account.stand_in.customers[customer.id]["balance"] == -500
    with pytest.raises(stripe.InvalidRequestError):
        await create(customer.id, {"amount": 0, "currency": "usd"})


async def test_they_fit_their_classes(account: Account) -> None:
    """Credit notes and entries of a balance are what the SDK's classes say, alone and in lists."""
    invoice = await paid(account)
    made = await note(account, invoice.id, 3_000, credit_amount=2_000, refund_amount=1_000)
    await note(account, (await account.open()).id, 100)
    v1 = account.client.v1
    notes = await v1.credit_notes.list_async({"invoice": invoice.id})
    entries = await v1.customers.balance_transactions.list_async(str(invoice.customer))
    assert [one.id for one in notes.data] == [made.id]
    answers: list[tuple[Any, Any]] = [
        (await v1.credit_notes.retrieve_async(made.id), stripe.CreditNote),
        (await v1.credit_notes.list_async(), ListObject[stripe.CreditNote]),
        (entries, ListObject[stripe.CustomerBalanceTransaction]),
    ]
    found = [line for answer, kind in answers for line in problems(answer.last_response.data, kind)]
    assert found == []
