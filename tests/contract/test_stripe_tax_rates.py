"""Tax rates of the Stripe stand-in: what they refuse, and the tax of an invoice by them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import stripe

from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account
from tests.contract.stripe_types import problems

pytestmark = SDK_WARNS
VAT: Any = {"display_name": "VAT", "inclusive": False, "percentage": 19}


def body(thing: Any) -> Any:
    """The decoded answer that an SDK object was made of."""
    return thing.last_response.data


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"display_name": None}, "display_name"),
        ({"inclusive": None}, "inclusive"),
        ({"percentage": None}, "percentage"),
        ({"percentage": 100.5}, "percentage"),
        ({"percentage": -1}, "percentage"),
        ({"percentage": 7.00001}, "percentage"),
        ({"display_name": "x" * 101}, "display_name"),
        ({"rate": 5}, "rate"),
    ],
)
async def test_what_is_no_rate(account: Account, changes: dict[str, Any], param: str) -> None:
    """A rate without a name, a percentage, or the word whether prices include it is refused, and so is an odd one."""
    given: Any = {name: value for name, value in (VAT | changes).items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await account.client.v1.tax_rates.create_async(given)
    assert caught.value.param == param


async def test_percentage_stays(account: Account) -> None:
    """A rate's percentage never changes, and a rate is archived, not deleted; archived it is taken for no invoice."""
    v1 = account.client.v1
    rate = await v1.tax_rates.create_async(VAT)
    change: Any = {"percentage": 7}
    with pytest.raises(stripe.InvalidRequestError, match="percentage"):
        await v1.tax_rates.update_async(rate.id, change)
    await v1.tax_rates.update_async(rate.id, {"active": False})
    customer = await account.customer()
    for named, said in ((rate.id, "inactive"), ("txr_none", "No such tax_rate")):
        with pytest.raises(stripe.InvalidRequestError, match=said) as caught:
            await v1.invoices.create_async({"customer": customer.id, "default_tax_rates": [named]})
        assert caught.value.param == "default_tax_rates[0]"
    with pytest.raises(stripe.InvalidRequestError, match="No such tax_rate") as missing:
        await v1.tax_rates.retrieve_async("txr_none")
    assert missing.value.code == "resource_missing"


@pytest.mark.parametrize(
    ("inclusive", "sums"), [(False, (12_000, 2_280, 14_280, 12_000)), (True, (12_000, 1_916, 12_000, 10_084))]
)
async def test_tax_of_an_invoice(account: Account, inclusive: bool, sums: tuple[int, ...]) -> None:
    """A rate is added to the lines, or part of them; the client is asked for the total; all fits the SDK's types."""
    v1 = account.client.v1
    rate = await v1.tax_rates.create_async(VAT | {"inclusive": inclusive})
    customer = await account.customer()
    draft = await v1.invoices.create_async({"customer": customer.id, "default_tax_rates": [rate.id]})
    await v1.invoice_items.create_async(
        {"customer": customer.id, "invoice": draft.id, "amount": 12_000, "currency": "usd"}
    )
    invoice = await v1.invoices.finalize_invoice_async(draft.id)
    assert invoice.total_taxes is not None
    (tax,) = invoice.total_taxes
    assert (invoice.subtotal, tax.amount, invoice.total, invoice.total_excluding_tax) == sums
    assert invoice.amount_due == invoice.total
    for thing, kind in ((rate, stripe.TaxRate), (invoice, stripe.Invoice)):
        assert problems(body(thing), kind, kind.__name__) == []
    listed = await v1.tax_rates.list_async()
    assert [one.id for one in listed.data] == [rate.id]
