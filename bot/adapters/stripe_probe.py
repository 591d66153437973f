"""What a key at Stripe may do, tried by the calls that we need on things that there are not: nothing is changed."""

from collections.abc import Awaitable, Mapping
from typing import Any

import stripe

from bot.adapters import stripe_requests as requests
from bot.billing.ports import AccessRefused, CustomerMissing, ThingMissing

NOBODY = "echopilot_doctor"


async def lacking(client: stripe.StripeClient) -> Mapping[str, str]:
    """The calls that Stripe refuses this key, with its words; none where the key is sound."""
    v1 = client.v1
    tried: Mapping[str, Awaitable[Any]] = {
        "write customers": v1.customers.update_async(f"cus_{NOBODY}", {}),
        "write invoices": v1.invoices.update_async(f"in_{NOBODY}", {}),
        "read charges": v1.charges.retrieve_async(f"ch_{NOBODY}"),
        "read disputes": v1.disputes.retrieve_async(f"du_{NOBODY}"),
    }
    refused = {}
    for what, request in tried.items():
        why = await _refused(request)
        if why is not None:
            refused[what] = why
    return refused


async def _refused(request: Awaitable[Any]) -> str | None:
    try:
        await requests.ask(request)
    except AccessRefused as error:
        return str(error)
    except (CustomerMissing, ThingMissing):
        return None  # let in, and nothing was there
    return None
