"""What Stripe refuses before an invoice goes out: no address, no due date, and no card that it could ask."""

from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest
import stripe

from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


async def test_invoice_to_be_sent_needs_an_email(account: Account) -> None:
    """An invoice for a customer without an address is refused where it is to be sent, and made where it is not."""
    customer = await account.client.v1.customers.create_async({"name": "Alice"})
    create = account.client.v1.invoices.create_async
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await create({"customer": customer.id, "collection_method": "send_invoice", "days_until_due": 14})
    assert str(caught.value.user_message).startswith(
        "Missing email. In order to create invoices that are sent to the customer, "
        "the customer must have a valid email."
    )
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, None, None)
    assert account.stand_in.invoices == {}
    made = await create({"customer": customer.id})
    with pytest.raises(stripe.InvalidRequestError, match="Missing email"):
        await account.client.v1.invoices.update_async(
            made.id, {"collection_method": "send_invoice", "days_until_due": 14}
        )
    await account.client.v1.customers.update_async(customer.id, {"email": "alice@example.com"})
    sent = await create({"customer": customer.id, "collection_method": "send_invoice", "days_until_due": 14})
    assert sent.customer_email == "alice@example.com"
    today = await create({"customer": customer.id, "collection_method": "send_invoice", "days_until_due": 0})
    assert today.due_date == today.created


async def test_draft_shows_its_customer_as_it_is_now(account: Account) -> None:
    """A draft's address follows the customer until the invoice is finalised; without one it does not go out."""
    draft = await account.draft()
    assert isinstance(draft.customer, str)
    update, retrieve = account.client.v1.customers.update_async, account.client.v1.invoices.retrieve_async
    account.stand_in.customers[draft.customer]["email"] = None  # as its owner can by hand
    await update(draft.customer, {"phone": "+1 555 0100"})
    with pytest.raises(stripe.InvalidRequestError, match="Missing email"):
        await account.client.v1.invoices.finalize_invoice_async(draft.id)
    await update(draft.customer, {"email": "second@example.com", "name": "Alice B"})
    followed = await retrieve(draft.id)
    assert (followed.customer_email, followed.customer_name) == ("second@example.com", "Alice B")
    await account.client.v1.invoices.finalize_invoice_async(draft.id)
    await update(draft.customer, {"email": "third@example.com"})
    assert (await retrieve(draft.id)).customer_email == "second@example.com"


async def test_automatic_invoice_is_paid_on_its_page(account: Account) -> None:
    """Charged automatically and not advanced, an invoice of a customer without address is open and paid on its page."""
    v1 = account.client.v1
    customer = await v1.customers.create_async({"name": "Alice"})
    draft = await v1.invoices.create_async(
        {"customer": customer.id, "collection_method": "charge_automatically", "auto_advance": False}
    )
    await v1.invoice_items.create_async(
        {"customer": customer.id, "invoice": draft.id, "amount": 12_000, "currency": "usd"}
    )
    invoice = await v1.invoices.finalize_invoice_async(draft.id, {"auto_advance": False})
    assert (invoice.status, invoice.due_date, invoice.attempted) == ("open", None, False)
    async with httpx.AsyncClient(follow_redirects=True) as http:
        page = await http.post(str(invoice.hosted_invoice_url), data={"card": "4242424242424242"})
    assert "Paid on" in page.text
    assert (await v1.invoices.retrieve_async(invoice.id)).status == "paid"


@pytest.mark.parametrize(
    "given",
    [
        {"collection_method": "send_invoice"},
        {"days_until_due": 3},
        {"collection_method": "charge_automatically", "due_date": 4_000_000_000},
    ],
)
async def test_due_date_goes_with_sending(account: Account, given: stripe.params.InvoiceCreateParams) -> None:
    """An invoice to be sent must say when it is due, one charged automatically must not: refused without a code."""
    customer = await account.customer()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await account.client.v1.invoices.create_async({"customer": customer.id, **given})
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, None, None)


@pytest.mark.parametrize(
    ("param", "given"),
    [
        ("description", {"description": "x" * 1_501}),
        ("footer", {"footer": "x" * 5_001}),
        ("number", {"number": "x" * 27}),
        ("statement_descriptor", {"statement_descriptor": "x" * 23}),
        ("custom_fields", {"custom_fields": [{"name": "PO", "value": "1"}] * 5}),
        ("custom_fields[0][name]", {"custom_fields": [{"name": "x" * 41, "value": "1"}]}),
        ("custom_fields[0][value]", {"custom_fields": [{"name": "PO", "value": "x" * 141}]}),
        ("due_date", {"collection_method": "send_invoice", "due_date": 1_000_000_000}),
    ],
)
async def test_what_an_invoice_may_say(account: Account, param: str, given: stripe.params.InvoiceCreateParams) -> None:
    """Texts have a length, custom fields a number, and a due date lies ahead."""
    customer = await account.customer()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await account.client.v1.invoices.create_async({"customer": customer.id, **given})
    assert (caught.value.http_status, caught.value.param) == (400, param)
    assert account.stand_in.invoices == {}


@pytest.mark.parametrize(
    ("param", "given"),
    [
        ("email", {"email": "nobody"}),
        ("email", {"email": f"a@{'x' * 505}.example"}),
        ("name", {"name": "x" * 257}),
        ("business_name", {"business_name": "x" * 151}),
        ("description", {"description": "x" * 5_001}),
    ],
)
async def test_what_a_customer_may_be(account: Account, param: str, given: stripe.params.CustomerCreateParams) -> None:
    """An address has a shape, and texts have a length."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await account.client.v1.customers.create_async(given)
    assert (caught.value.http_status, caught.value.param) == (400, param)


async def test_items_have_a_length_and_a_number(account: Account) -> None:
    """An item's description has up to 5,000 characters, and an invoice 250 items."""
    draft = await account.draft()
    assert isinstance(draft.customer, str)
    item: stripe.params.InvoiceItemCreateParams = {"customer": draft.customer, "invoice": draft.id, "amount": 1}
    create = account.client.v1.invoice_items.create_async
    with pytest.raises(stripe.InvalidRequestError, match="at most 5000 characters"):
        await create({**item, "description": "x" * 5_001})
    lines = account.stand_in.invoices[draft.id]["lines"]["data"]
    lines.extend(lines * 248)
    await create({**item, "description": "x" * 5_000})
    with pytest.raises(stripe.InvalidRequestError, match="up to 250"):
        await create(item)


async def test_items_are_of_no_negative_quantity(account: Account) -> None:
    """A quantity is 0 or more, and stands beside a unit amount, never beside an amount."""
    draft = await account.draft()
    assert isinstance(draft.customer, str)
    item: stripe.params.InvoiceItemCreateParams = {"customer": draft.customer, "invoice": draft.id}
    create = account.client.v1.invoice_items.create_async
    with pytest.raises(stripe.InvalidRequestError, match="non-negative integer") as caught:
        await create({**item, "quantity": -1, "unit_amount_decimal": Decimal(5_000)})
    assert caught.value.param == "quantity"
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        await create({**item, "quantity": 1, "amount": 5_000})
    assert (await create({**item, "quantity": 3, "unit_amount_decimal": Decimal(5_000)})).amount == 15_000


async def test_invoice_that_advances_says_when(account: Account) -> None:
    """An invoice does not advance by itself unless told to; then it says that it will be finalised in an hour."""
    customer = await account.customer()
    create = account.client.v1.invoices.create_async
    waits, goes_on = (
        await create({"customer": customer.id}),
        await create({"customer": customer.id, "auto_advance": True}),
    )
    assert (waits.auto_advance, waits.automatically_finalizes_at) == (False, None)
    assert goes_on.automatically_finalizes_at == goes_on.created + 3_600


async def test_no_way_of_paying(account: Account) -> None:
    """Where no way of paying is enabled finalising fails, the draft says why and an event tells; later it opens."""
    draft = await account.draft()
    account.stand_in.fail_finalizing()
    finalize, retrieve = account.client.v1.invoices.finalize_invoice_async, account.client.v1.invoices.retrieve_async
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await finalize(draft.id)
    assert (caught.value.http_status, caught.value.code) == (400, "invoice_no_payment_method_types")
    failed = await retrieve(draft.id)
    assert failed.last_finalization_error is not None
    assert (failed.status, failed.last_finalization_error.code) == ("draft", "invoice_no_payment_method_types")
    events = await account.client.v1.events.list_async({"type": "invoice.finalization_failed"})
    assert [event.data.object["id"] for event in events.data] == [draft.id]
    account.stand_in.fail_finalizing(False)
    assert (await finalize(draft.id)).status == "open"
