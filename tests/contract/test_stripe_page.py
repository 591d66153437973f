"""The hosted invoice page, used as a browser would without scripts."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox.stripe.server import StripeStandIn
from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(follow_redirects=True) as browser:
        yield browser


async def test_page_shows_amount_lines_and_cards(account: Account, browser: httpx.AsyncClient) -> None:
    """The page shows the amount, what it is for and the test cards, and loads nothing from elsewhere."""
    invoice = await account.open(123_456)
    page = (await browser.get(str(invoice.hosted_invoice_url))).text
    assert "$1,234.56" in page
    assert "A brief" in page
    assert re.findall(r'value="(\d+)"', page)[:3] == ["4242424242424242", "4000000000000002", "4000000000009995"]
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!/stripe/)', page) == []


async def test_paying_shows_the_receipt(account: Account, browser: httpx.AsyncClient) -> None:
    """Paying with the good card leads back to the page, which is now a receipt; paying again changes nothing."""
    invoice = await account.open()
    url = str(invoice.hosted_invoice_url)
    receipt = await browser.post(url, data={"card": "4242424242424242"})
    assert (receipt.status_code, receipt.request.method) == (200, "GET")
    assert "Paid on" in receipt.text
    assert "<form" not in receipt.text
    await browser.post(url, data={"card": "4242424242424242"})
    assert [charge["paid"] for charge in account.stand_in.charges.values()] == [True]


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ("4000000000000002", "Your card was declined."),
        ("4000000000009995", "Your card has insufficient funds."),
    ],
)
async def test_declined_card_can_be_tried_again(
    account: Account, browser: httpx.AsyncClient, card: str, message: str
) -> None:
    """A declined card shows why, keeps the form, and another card pays."""
    invoice = await account.open()
    url = str(invoice.hosted_invoice_url)
    declined = await browser.post(url, data={"card": card})
    assert declined.status_code == 402
    assert message in declined.text
    assert "<form" in declined.text
    assert "Paid on" in (await browser.post(url, data={"card": "4242424242424242"})).text


ASKED = "4000002760003184"


async def test_bank_asks_before_it_pays(account: Account, browser: httpx.AsyncClient) -> None:
    """A card with 3-D Secure leads to its bank's page, and nothing is charged before the answer."""
    invoice = await account.open()
    asked = await browser.post(str(invoice.hosted_invoice_url), data={"card": ASKED})
    assert asked.url.path.endswith("/bank")
    assert "Complete authentication" in asked.text
    assert account.stand_in.charges == {}
    assert "payment_intent.requires_action" in _kinds(account)
    assert "invoice.payment_action_required" in _kinds(account)
    intent = (await account.client.v1.payment_intents.list_async()).data[0]
    assert (intent.status, intent.next_action.type if intent.next_action else "") == (
        "requires_action",
        "use_stripe_sdk",
    )


async def test_completed_challenge_pays_once(account: Account, browser: httpx.AsyncClient) -> None:
    """The completed question leads to the receipt; asked again, the bank's page does no more."""
    url = str((await account.open()).hosted_invoice_url)
    asked = await browser.post(url, data={"card": ASKED})
    receipt = await browser.post(str(asked.url), data={"answer": "complete"})
    assert "Paid on" in receipt.text
    assert str((await browser.post(str(asked.url), data={"answer": "complete"})).url) == url
    (charge,) = account.stand_in.charges.values()
    assert charge["payment_method_details"]["card"]["three_d_secure"]["result"] == "authenticated"


async def test_failed_challenge_leaves_the_invoice_open(account: Account, browser: httpx.AsyncClient) -> None:
    """The failed question is told on the page, as Stripe's codes have it, and another card pays."""
    url = str((await account.open()).hosted_invoice_url)
    asked = await browser.post(url, data={"card": ASKED})
    failed = await browser.post(str(asked.url), data={"answer": "fail"})
    assert failed.status_code == 402
    assert "unable to authenticate" in failed.text
    assert account.stand_in.charges == {}
    intent = (await account.client.v1.payment_intents.list_async()).data[0]
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert _kinds(account)[-2:] == ["payment_intent.payment_failed", "invoice.payment_failed"]
    assert "Paid on" in (await browser.post(url, data={"card": "4242424242424242"})).text


async def test_bank_of_a_voided_invoice_asks_no_more(account: Account, browser: httpx.AsyncClient) -> None:
    """An invoice that is voided while its bank waits is not paid by the answer."""
    invoice = await account.open()
    asked = await browser.post(str(invoice.hosted_invoice_url), data={"card": ASKED})
    await account.client.v1.invoices.void_invoice_async(invoice.id)
    answered = await browser.post(str(asked.url), data={"answer": "complete"})
    assert "voided" in answered.text
    assert account.stand_in.charges == {}


def _kinds(account: Account) -> list[str]:
    return [event["type"] for event in account.stand_in.events.values()]


async def test_void_invoice_cannot_be_paid(account: Account, browser: httpx.AsyncClient) -> None:
    """A voided invoice's page says so and takes no card."""
    invoice = await account.open()
    await account.client.v1.invoices.void_invoice_async(invoice.id)
    page = await browser.post(str(invoice.hosted_invoice_url), data={"card": "4242424242424242"})
    assert "voided" in page.text
    assert account.stand_in.charges == {}


async def test_text_from_clients_is_escaped(account: Account, browser: httpx.AsyncClient) -> None:
    """A description with markup is shown as text."""
    draft = await account.draft()
    assert isinstance(draft.customer, str)
    await account.client.v1.invoice_items.create_async(
        {"customer": draft.customer, "invoice": draft.id, "amount": 100, "description": "<b>bold</b> & $1"}
    )
    invoice = await account.client.v1.invoices.finalize_invoice_async(draft.id)
    page = (await browser.get(str(invoice.hosted_invoice_url))).text
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; $1" in page


async def test_pdf_is_a_pdf(account: Account, browser: httpx.AsyncClient) -> None:
    """The PDF's cross-reference table points at its objects, and its text holds number and amount."""
    invoice = await account.open()
    response = await browser.get(str(invoice.invoice_pdf))
    body = response.content
    assert (response.headers["Content-Type"], body[:5], body[-6:]) == ("application/pdf", b"%PDF-", b"%%EOF\n")
    start = int(body.rsplit(b"startxref\n", 1)[1].split()[0])
    offsets = [int(line[:10]) for line in body[start:].splitlines()[3:8]]
    assert [body[offset:].split(b" ", 1)[0] for offset in offsets] == [b"1", b"2", b"3", b"4", b"5"]
    assert str(invoice.number).encode() in body
    assert b"$120.00" in body


async def test_public_url_is_learned_or_given(account: Account, browser: httpx.AsyncClient) -> None:
    """Links begin with the address of the API's own caller, or with the public URL if one is given."""
    assert str((await account.open()).hosted_invoice_url).startswith(f"{account.url}/i/acct_")
    async with stripe_account(StripeStandIn(public_url="https://pay.example.com/stripe/")) as other:
        invoice = await other.open()
        assert str(invoice.invoice_pdf).startswith("https://pay.example.com/stripe/i/acct_")
        assert (await browser.get(f"{other.url}/i/acct_1/test_nothing")).status_code == 404
