"""What a person or another program does in the same Stripe account, and what our ledger says of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import stripe

from storage.ledger import postings
from tests.eventually import eventually, nothing
from tests.house import House

Ledger = dict[tuple[str, str], int]


@asynccontextmanager
async def account(url: str) -> AsyncIterator[stripe.StripeClient]:
    """Stripe's own client, on the account at that address."""
    http = stripe.AIOHTTPClient()
    try:
        yield stripe.StripeClient("sk_test_x", base_addresses={"api": url}, http_client=http)
    finally:
        await http.close_async()  # type: ignore[no-untyped-call]


def dashboard(home: House) -> AbstractAsyncContextManager[stripe.StripeClient]:
    """The same, on the account that the house uses."""
    return account(home.settings.stripe_api_url)


async def ledger(home: House) -> Ledger:
    """What stands on each account that is not empty."""
    async with home.running.app.services.database.reading() as connection:
        return {place: total for place, total in (await postings.balances(connection, "main")).items() if total}


async def settled(home: House) -> Ledger:
    """The ledger once Stripe has settled every payment and each of its events was dealt with here."""
    home.stripe.settle_charges()
    await dealt_with(home)
    return await ledger(home)


async def dealt_with(home: House) -> None:
    """Wait until each of Stripe's events has arrived and was dealt with here."""
    await home.stripe.delivered()
    await eventually(home.running.app.services.queue.waiting, nothing)


async def invoiced(home: House) -> tuple[int, dict[str, Any]]:
    """A delivered brief, and its invoice at Stripe."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    return number, next(iter(home.stripe.invoices.values()))


async def sweeps(home: House) -> str:
    """Carol runs the sweep; returns what it says it did."""
    mark = home.carol.mark()
    await home.carol.says("/job_invoice_sweep")
    card = await home.carol.sees("Job invoice_sweep", after=mark)
    before = card.text.count("looked at")
    await home.carol.taps("Run now", card)
    async with asyncio.timeout(30):
        return await _swept(home, before)


async def _swept(home: House, before: int) -> str:
    database = home.running.app.services.database
    while True:
        mark = home.carol.mark()
        await home.carol.says("/job_invoice_sweep")
        card = await home.carol.sees("Job invoice_sweep", after=mark)
        if card.text.count("looked at") > before:
            return next(line for line in card.text.splitlines() if "looked at" in line)
        await database.signals.wait("none", 0.05)
