"""Lists, filters, pages and searches of the Stripe stand-in."""

from collections.abc import AsyncIterator

import pytest
import stripe

from sandbox.stripe.server import StripeStandIn
from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account

pytestmark = SDK_WARNS


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def account(clock: Clock) -> AsyncIterator[Account]:
    async with stripe_account(StripeStandIn(clock=clock)) as account:
        yield account


async def test_pages_go_both_ways(account: Account) -> None:
    """Pages follow `starting_after` and `ending_before`, newest first, and `has_more` tells the last one."""
    ids = [(await account.customer()).id for _ in range(5)][::-1]
    fetch = account.client.v1.customers.list_async
    first = await fetch({"limit": 2})
    second = await fetch({"limit": 2, "starting_after": first.data[-1].id})
    third = await fetch({"limit": 2, "starting_after": second.data[-1].id})
    back = await fetch({"limit": 2, "ending_before": third.data[0].id})
    pages = [([one.id for one in page.data], page.has_more) for page in (first, second, third, back)]
    assert pages == [(ids[:2], True), (ids[2:4], True), (ids[4:], False), (ids[2:4], True)]


async def test_auto_paging_meets_everything_once(account: Account) -> None:
    """The SDK's own paging walks through all objects, also of a filtered list."""
    customer = await account.customer()
    await account.open()
    created = [(await account.client.v1.invoices.create_async({"customer": customer.id})).id for _ in range(7)]
    pages = await account.client.v1.invoices.list_async({"limit": 3, "customer": customer.id})
    assert [invoice.id async for invoice in pages.auto_paging_iter()] == created[::-1]


async def test_limits_and_cursors_are_checked(account: Account) -> None:
    """A limit is silently brought to 1 to 100; an unknown cursor and two cursors at once are refused."""
    fetch = account.client.v1.customers.list_async
    customer = await account.customer()
    for number in range(101):
        account.stand_in.test.store.customers.put(customer.to_dict() | {"id": f"cus_{number}"})
    assert [len((await fetch({"limit": limit})).data) for limit in (0, 101)] == [1, 100]
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        await fetch({"starting_after": "cus_nothing"})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await fetch({"starting_after": customer.id, "ending_before": customer.id})
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, None, None)


async def test_filters(account: Account, clock: Clock) -> None:
    """Lists are filtered by state, customer, e-mail, related object and time."""
    v1 = account.client.v1
    paid = await account.open()
    await account.stand_in.pay(paid.id)
    clock.seconds += 100
    waiting = await account.open()
    await v1.customers.create_async({"email": "bob@example.com"})
    intent = (await v1.charges.list_async()).data[0].payment_intent
    assert isinstance(intent, str)
    assert isinstance(paid.customer, str)
    late: stripe.params.InvoiceListParamsCreated = {"gte": int(clock.seconds)}
    found = {
        "status": [one.id for one in (await v1.invoices.list_async({"status": "open"})).data],
        "customer": [one.id for one in (await v1.invoices.list_async({"customer": paid.customer})).data],
        "created": [one.id for one in (await v1.invoices.list_async({"created": late})).data],
        "exact": [one.id for one in (await v1.invoices.list_async({"created": int(clock.seconds) - 100})).data],
    }
    assert found == {
        "status": [waiting.id],
        "customer": [paid.id],
        "created": [waiting.id],
        "exact": [paid.id],
    }
    assert len((await v1.customers.list_async({"email": "bob@example.com"})).data) == 1
    assert len((await v1.charges.list_async({"payment_intent": intent})).data) == 1
    of_intent = await v1.invoice_payments.list_async({"payment": {"type": "payment_intent", "payment_intent": intent}})
    assert [one.invoice for one in of_intent.data] == [paid.id]


async def test_search_finds_a_lost_effect_by_metadata(account: Account) -> None:
    """An invoice is found by its metadata, by several terms together, or by one of them, or by what it is not."""
    seven, eight = await account.open(brief="7", tenant="a"), await account.draft(brief="8", tenant="a")

    async def ids(query: str) -> list[str]:
        return [one.id for one in (await account.client.v1.invoices.search_async({"query": query})).data]

    assert await ids("metadata['brief']:'7'") == [seven.id]
    assert await ids('metadata["tenant"]:"a" AND status:"draft"') == [eight.id]
    assert await ids("metadata['brief']:'7' OR metadata['brief']:'8'") == [eight.id, seven.id]
    assert await ids("metadata['tenant']:'a' -status:'open'") == [eight.id]
    assert await ids("total>=12000 AND metadata['brief']:null") == []


async def test_search_follows_changes_of_metadata(account: Account) -> None:
    """After an update the old value finds nothing and the new one does."""
    draft = await account.draft(brief="7")
    await account.client.v1.invoices.update_async(draft.id, {"metadata": {"brief": "9"}})
    search = account.client.v1.invoices.search_async
    assert (await search({"query": "metadata['brief']:'7'"})).data == []
    assert [one.id for one in (await search({"query": "metadata['brief']:'9'"})).data] == [draft.id]


async def test_search_pages_and_lags(account: Account, clock: Clock) -> None:
    """Search results go on by `next_page`, and with a lag a new object is found only after it."""
    ids = [(await account.customer(tier="gold")).id for _ in range(3)][::-1]
    search = account.client.v1.customers.search_async
    query = "metadata['tier']:'gold' AND email:'ALICE@example.com'"
    first = await search({"query": query, "limit": 2})
    second = await search({"query": query, "limit": 2, "page": first.next_page})
    assert [one.id for page in (first, second) for one in page.data] == ids
    account.stand_in.set_search_lag(60)
    assert (await search({"query": query})).data == []
    clock.seconds += 60
    assert len((await search({"query": query})).data) == 3


@pytest.mark.parametrize(
    "query", ["", "metadata:'7'", "colour:'red'", "status='open'", "status:'a' AND", "status:'a' AND status:'b' OR x"]
)
async def test_broken_queries_are_refused(account: Account, query: str) -> None:
    """What Stripe's search language does not know is refused, not taken for no result."""
    with pytest.raises(stripe.InvalidRequestError):
        await account.client.v1.invoices.search_async({"query": query})
