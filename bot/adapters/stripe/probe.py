"""What a key at Stripe may do, tried by the calls that we need on things that there are not.

And in which currencies its account keeps money. Nothing is changed.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

import stripe

from bot.adapters.stripe import requests
from bot.invoices.ports import AccessRefused, CustomerMissing, KeyRefused, ThingMissing
from bot.invoices.tax import TaxRate

NOBODY = "echopilot_doctor"


async def lacking(client: stripe.StripeClient) -> Mapping[str, str]:
    """The calls that Stripe refuses this key, with its words; none where the key is sound. Raises KeyRefused."""
    v1 = client.v1
    tried: Mapping[str, Callable[[], Awaitable[Any]]] = {
        "write customers": lambda: v1.customers.update_async(f"cus_{NOBODY}", {}),
        "write invoices": lambda: v1.invoices.update_async(f"in_{NOBODY}", {}),
        "send refunds": lambda: v1.refunds.create_async({"charge": f"ch_{NOBODY}"}),
        "read charges": lambda: v1.charges.retrieve_async(f"ch_{NOBODY}"),
        "read credit notes": lambda: v1.credit_notes.retrieve_async(f"cn_{NOBODY}"),
        "read balance transactions": lambda: v1.balance_transactions.retrieve_async(f"txn_{NOBODY}"),
        "read payouts": lambda: v1.payouts.retrieve_async(f"po_{NOBODY}"),
        "read disputes": lambda: v1.disputes.retrieve_async(f"du_{NOBODY}"),
    }
    refused = {}
    for what, request in tried.items():
        why = await _refused(request())
        if why is not None:
            refused[what] = why
    return refused


async def tax_rate(client: stripe.StripeClient, rate_id: str) -> TaxRate | None:
    """A tax rate of the account; None where there is none of that id."""
    try:
        rate = await requests.ask(client.v1.tax_rates.retrieve_async(rate_id))
    except ThingMissing:
        return None
    return TaxRate(rate.id, rate.display_name, Decimal(str(rate.percentage)), rate.inclusive, rate.active)


async def settlement_currencies(client: stripe.StripeClient) -> frozenset[str]:
    """What the account keeps money in, by all that the key may read of it; empty where it may read nothing.

    Stripe lists a further currency of an account once money came in it.
    """
    found: set[str] = set()
    with suppress(AccessRefused):
        account = await requests.ask(client.v1.accounts.retrieve_current_async())
        found.add(account.default_currency or "")
    with suppress(AccessRefused):
        balance = await requests.ask(client.v1.balance.retrieve_async())
        found.update(str(one["currency"]) for one in (*balance.available, *balance.pending))
    return frozenset(currency.upper() for currency in found if currency)


async def _refused(request: Awaitable[Any]) -> str | None:
    try:
        await requests.ask(request)
    except KeyRefused:
        raise
    except AccessRefused as error:
        return str(error)
    except (CustomerMissing, ThingMissing):
        return None  # let in, and nothing was there
    return None
