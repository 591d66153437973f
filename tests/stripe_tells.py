"""What Stripe tells and people do there, beside a desk whose loops do not run; and what our ledger says of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import stripe

from bot.access.model import TENANT
from bot.billing.webhooks import SOURCE
from bot.invoices.ports import PaymentEvent
from bot.ledger.model import Entry
from storage.core import inbox
from storage.core.pages import Page
from storage.ledger import postings
from tests.desk import Desk
from tests.house import Providers

Ledger = dict[tuple[str, str], int]
numbers = count(1)


async def ledger(here: Desk) -> Ledger:
    """What stands on each account that is not empty."""
    async with here.app.services.database.reading() as connection:
        return {place: minor for place, minor in (await postings.balances(connection, TENANT)).items() if minor}


async def entries(here: Desk) -> list[Entry]:
    async with here.app.services.database.reading() as connection:
        return await postings.page(connection, TENANT, Page(limit=500, oldest_first=True))


async def tells(here: Desk, kind: str, thing: dict[str, Any]) -> None:
    """Stripe's webhook comes and is dealt with."""
    services, event = here.app.services, PaymentEvent(f"evt_{next(numbers)}", kind, thing)
    await services.database.write(lambda tx: services.billing.invoices.webhooks.receive(tx, [event]))
    async with services.database.reading() as connection:
        waiting = await inbox.waiting(connection, SOURCE, 10)
    for arrival in waiting:
        await services.billing.invoices.webhooks.apply_event(arrival.id)


async def paid(here: Desk, stand_ins: Providers) -> tuple[dict[str, Any], dict[str, Any]]:
    """An invoice of Alice's that is paid and known as such, and its charge."""
    brief = await here.delivered(here.alice)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    (ours,) = stand_ins.stripe.invoices.values()
    await stand_ins.stripe.pay(ours["id"])
    stand_ins.stripe.settle_charges()
    await tells(here, "invoice.paid", ours)
    (charge,) = stand_ins.stripe.charges.values()
    return ours, charge


@asynccontextmanager
async def dashboard(here: Desk) -> AsyncIterator[stripe.StripeClient]:
    """Stripe's own client, on the account that the desk uses."""
    http = stripe.AIOHTTPClient()
    url = here.app.services.settings.stripe_api_url
    try:
        yield stripe.StripeClient("sk_test_x", base_addresses={"api": url}, http_client=http)
    finally:
        await http.close_async()  # type: ignore[no-untyped-call]
