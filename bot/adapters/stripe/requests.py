"""Requests to Stripe: their idempotency keys, their pages, and what their errors mean for the caller."""

from collections.abc import AsyncIterator, Awaitable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import stripe

from bot.invoices.events import OUR_INSTALLATION, OUR_ROW
from bot.invoices.ports import AccessRefused, Attempt, CustomerMissing, DetailsRefused, KeyRefused, ThingMissing
from bot.kernel.errors import KeyUsed, ProviderError
from bot.kernel.translation import gettext as _

T = TypeVar("T")
# What our requests say of the payer, by the names of Stripe's parameters.
DETAILS = {"email": "email", "name": "name", "address": "address", "custom_fields": "tax_id"}
LISTED_BEFORE = timedelta(days=1)  # lists are narrowed by more than any clock can be off


def once(kind: str, row: int, step: str, attempt: Attempt) -> Any:
    """The option that makes a request once: the same key for all tries within an attempt at this very row."""
    which = f"{row}.{attempt.row}" if attempt.row else str(row)
    return {"idempotency_key": f"ep:{attempt.installation}:{kind}:{which}:{step}:v{attempt.number}"}


def marks(attempt: Attempt) -> dict[str, str]:
    """What the metadata says of whose it is."""
    return {OUR_INSTALLATION: attempt.installation} | ({OUR_ROW: attempt.row} if attempt.row else {})


def made_since(since: datetime) -> Any:
    """What lists are narrowed to."""
    return {"gte": int((since - LISTED_BEFORE).timestamp())}


async def listed(listing: Awaitable[stripe.ListObject[Any]]) -> AsyncIterator[Any]:
    """Everything in a list, newest first, page by page."""
    page = await ask(listing)
    while True:
        for one in page.data:
            yield one
        if not page.has_more:
            return
        page = await ask(page.next_page_async())


async def ask(request: Awaitable[T]) -> T:
    """Await a request to Stripe and turn what goes wrong into errors that carry the decision."""
    try:
        return await request
    except stripe.APIConnectionError as error:
        why = _("no answer: {why}", why=error.user_message or _("connection failed"))
        raise ProviderError("Stripe", why, unknown=True) from None
    except stripe.RateLimitError:
        raise ProviderError("Stripe", _("too many requests"), retry_after=2.0) from None
    except stripe.StripeError as error:
        raise _meaning(error) from None


def _details_field(error: stripe.StripeError) -> str | None:
    """Which of a payer's details Stripe says no to; None where it is about something else."""
    if not isinstance(error, stripe.InvalidRequestError):
        return None
    if error.code == "email_invalid":
        return "email"
    param = str(error.param or "")
    return "country" if param == "address[country]" else DETAILS.get(param.partition("[")[0])


def _meaning(error: stripe.StripeError) -> ProviderError:
    words = str(error.user_message or error)
    if isinstance(error, stripe.AuthenticationError):
        return KeyRefused("Stripe", words)
    if isinstance(error, stripe.PermissionError):
        return AccessRefused("Stripe", words)
    if isinstance(error, stripe.IdempotencyError) and error.http_status != 409:
        return KeyUsed("Stripe", words)
    if isinstance(error, stripe.APIError | stripe.IdempotencyError):
        return ProviderError("Stripe", words, unknown=True)
    if isinstance(error, stripe.InvalidRequestError) and error.code == "resource_missing":
        customer = error.param == "customer" or words.startswith("No such customer")
        return (CustomerMissing if customer else ThingMissing)("Stripe", words, permanent=True)
    field = _details_field(error)
    if field is not None:
        return DetailsRefused("Stripe", words, field)
    return ProviderError("Stripe", words, permanent=True)
