"""What the Stripe stand-in refuses, in Stripe's words, as the SDK raises it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import stripe

from sandbox.faults import Fault
from sandbox.stripe.server import StripeStandIn
from tests.contract.stripe_account import KEY, SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


async def refused(account: Account, path: str, **fields: str) -> dict[str, Any]:
    """The error that a POST of plain form fields is answered with."""
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}) as http:
        response = await http.post(f"{account.url}/v1/{path}", data=fields)
    assert response.status_code == 400, response.text
    error = response.json()["error"]
    return {name: error.get(name) for name in ("type", "code", "param", "message")}


async def test_unknown_parameter_is_refused(account: Account) -> None:
    """A misspelt parameter is `parameter_unknown`, also inside a hash."""
    assert await refused(account, "customers", emial="a@example.com") == {
        "type": "invalid_request_error",
        "code": "parameter_unknown",
        "param": "emial",
        "message": "Received unknown parameter: emial",
    }
    assert (await refused(account, "customers", **{"address[town]": "Pune"}))["param"] == "address[town]"


async def test_missing_parameter_is_refused(account: Account) -> None:
    """A required parameter that is absent is `parameter_missing`, by its type or by Stripe's rule."""
    assert (await refused(account, "invoices"))["code"] == "parameter_missing"
    inner = await refused(account, "invoiceitems", customer="cus_1", **{"period[start]": "1"})
    assert (inner["code"], inner["param"]) == ("parameter_missing", "period[end]")


@pytest.mark.parametrize(
    ("path", "fields", "code", "message"),
    [
        ("refunds", {"amount": "ten"}, "parameter_invalid_integer", "Invalid integer: ten"),
        ("refunds", {"amount": "10.5"}, "parameter_invalid_integer", "Invalid integer: 10.5"),
        ("invoices", {"auto_advance": "yes"}, None, "Invalid boolean: yes"),
        ("invoices", {"description[a]": "x"}, None, "Invalid string: description must not be a hash"),
        ("invoices", {"automatic_tax": "x"}, None, "Invalid hash"),
        ("invoices", {"expand": "customer"}, None, "Invalid array"),
        (
            "refunds",
            {"reason": "because"},
            None,
            "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer",
        ),
        ("invoiceitems", {"unit_amount_decimal": "much"}, None, "Invalid decimal: much"),
    ],
)
async def test_mistyped_parameter_is_refused(
    account: Account, path: str, fields: dict[str, str], code: str | None, message: str
) -> None:
    """A value of the wrong type is refused with Stripe's code, where it has one, and the parameter's name."""
    error = await refused(account, path, **fields)
    assert (error["code"], error["type"]) == (code, "invalid_request_error")
    assert error["message"] == message
    assert next(iter(fields)).startswith(error["param"])


async def test_empty_value_unsets_only_what_can_be_unset(account: Account) -> None:
    """An empty string unsets a metadata key; where nothing can be unset it is `parameter_invalid_empty`."""
    customer = await account.customer(tier="gold", city="Pune")
    changed = await account.client.v1.customers.update_async(customer.id, {"metadata": {"tier": ""}})
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"city": "Pune"}
    assert (await refused(account, "refunds", amount=""))["code"] == "parameter_invalid_empty"


async def test_an_email_is_emptied(account: Account) -> None:
    """A customer's e-mail is unset by an empty string, although the SDK's types do not say so."""
    customer = await account.customer()
    changed = await account.client.v1.customers.update_async(customer.id, {"email": ""})
    assert (customer.email, changed.email) == ("alice@example.com", None)


async def test_every_code_that_is_sent_is_one_of_stripes(account: Account) -> None:
    """The codes raised in these tests occur in the SDK's own list of error codes."""
    listed = str(stripe.Invoice.LastFinalizationError.__annotations__["code"])
    for path, fields in (("customers", {"x": "1"}), ("invoices", {}), ("refunds", {"amount": "x"})):
        assert f"'{(await refused(account, path, **fields))['code']}'" in listed


async def test_metadata_limits_hold(account: Account) -> None:
    """More than 50 keys, a key over 40 or a value over 500 characters, or brackets in a key are refused."""
    for metadata in ({f"k{n}": "v" for n in range(51)}, {"k" * 41: "v"}, {"k": "v" * 501}, {"k[a]": "v"}):
        with pytest.raises(stripe.InvalidRequestError):
            await account.client.v1.customers.create_async({"metadata": metadata})
    assert account.stand_in.customers == {}


async def test_bad_key_is_401() -> None:
    """A publishable key, or another key than the account's, is an authentication error that hides the key's middle."""
    for key, stand_in in (("pk_live_abcdefghijklmnop", StripeStandIn()), (KEY, StripeStandIn(key="sk_test_other"))):
        async with stripe_account(stand_in, key=key) as account:
            with pytest.raises(stripe.AuthenticationError, match="Invalid API Key provided") as caught:
                await account.client.v1.balance.retrieve_async()
        assert key not in str(caught.value)


async def test_unknown_ids_are_resource_missing(account: Account) -> None:
    """An unknown id in the path is 404, in a parameter 400, both `resource_missing`."""
    with pytest.raises(stripe.InvalidRequestError) as path:
        await account.client.v1.invoices.retrieve_async("in_nothing")
    with pytest.raises(stripe.InvalidRequestError) as param:
        await account.client.v1.invoices.create_async({"customer": "cus_nothing"})
    assert (path.value.http_status, path.value.code, path.value.param) == (404, "resource_missing", "id")
    assert (param.value.http_status, param.value.code, param.value.param) == (400, "resource_missing", "customer")


async def test_unknown_address_is_404(account: Account) -> None:
    """An endpoint that is not served answers Stripe's 404, so that a gap in the stand-in is seen."""
    with pytest.raises(stripe.InvalidRequestError, match=r"Unrecognized request URL \(GET: /v1/subscriptions\)"):
        await account.client.v1.subscriptions.list_async()


async def test_currency_and_amount_rules(account: Account) -> None:
    """Upper case and unknown currencies, amounts over eight digits, and a foreign item are refused."""
    customer = await account.customer()
    create = account.client.v1.invoice_items.create_async
    for currency in ("USD", "xyz"):
        with pytest.raises(stripe.InvalidRequestError, match="Invalid currency"):
            await create({"customer": customer.id, "amount": 100, "currency": currency})
    with pytest.raises(stripe.InvalidRequestError, match=r"\$999,999\.99") as caught:
        await create({"customer": customer.id, "amount": 100_000_000, "currency": "usd"})
    assert caught.value.code == "amount_too_large"
    draft = await account.draft(currency="usd")
    assert isinstance(draft.customer, str)
    with pytest.raises(stripe.InvalidRequestError, match="must match the currency of the invoice"):
        await create({"customer": draft.customer, "invoice": draft.id, "amount": 100, "currency": "eur"})


async def test_faults_reach_only_the_api(account: Account) -> None:
    """A planned 429 meets the API's next request, and the hosted page stays up."""
    invoice = await account.open()
    account.stand_in.faults.add(Fault(where="GET /stripe/", kind="status", status=429))
    async with httpx.AsyncClient() as http:
        assert (await http.get(str(invoice.hosted_invoice_url))).status_code == 200
    with pytest.raises(stripe.RateLimitError):
        await account.client.v1.balance.retrieve_async()
    await account.client.v1.balance.retrieve_async()
