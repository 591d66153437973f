"""Probe of the payment provider: the key, what it may do, and the currency of the account."""

from collections.abc import Mapping
from typing import Protocol

from bot.billing.settings import BillingSettings
from bot.invoices.charges import smallest_charge
from bot.invoices.ports import AccessRefused, KeyRefused, Place
from bot.kernel.money import Money
from bot.kernel.probe import Finding, advice
from bot.kernel.task_type import TaskType
from bot.prices.model import price_of
from bot.prices.settings import PriceSettings


class Account(Protocol):
    """The payment provider, as far as the probe needs it. Every verb raises ProviderError."""

    async def place(self) -> Place:
        """Where our key leads."""
        ...

    async def lacking(self) -> Mapping[str, str]:
        """The calls that the key may not make, of those that we need, with the provider's words."""
        ...

    async def settlement_currencies(self) -> frozenset[str]:
        """What the account keeps money in; empty where the key may not read that."""
        ...


async def probe(settings: BillingSettings, prices: PriceSettings, payments: Account) -> Finding:
    """Whether the key may do all that we need, and whether the account takes our prices."""
    async with advice("STRIPE_SECRET_KEY", settings.stripe_api_url, AccessRefused):
        try:
            account = (await payments.place()).account
            lacking = await payments.lacking()
            settled_in = await payments.settlement_currencies()
        except KeyRefused as error:
            words = str(error).removeprefix("Stripe: ").rstrip(".")
            return Finding("problem", f"Stripe refuses the key: {words}. Check STRIPE_SECRET_KEY.")
    if lacking:
        words = f"the key may not {', '.join(lacking)}: {next(iter(lacking.values())).rstrip('.')}"
        return Finding("problem", f"{words}. Check STRIPE_SECRET_KEY, and what it may do in Stripe's dashboard.")
    kind = "test" if "_test_" in settings.stripe_secret_key.get_secret_value() else "live"
    money = "no real money moves" if kind == "test" else "real money moves"
    whose = f"account {account}" if account else "an account that this key may not name"
    return Finding("fine", f"{whose}, {kind} key: {money}{_conversion(prices, settled_in)}")


def _conversion(prices: PriceSettings, settled_in: frozenset[str]) -> str:
    """A warning where Stripe converts what clients pay: the smallest charge is then that of the other currency."""
    ours = prices.currency
    if not settled_in:
        return "; in which currency it keeps its money this key may not read, so that is not checked (Balance: read)"
    if ours in settled_in:
        return ""
    theirs = sorted(settled_in)
    words = f". Warning: prices are in {ours}, but the account keeps its money in {' and '.join(theirs)}"
    words += ", so Stripe converts each payment, for a fee"
    lowest = _lowest_price(prices)
    if lowest is None:
        return words
    least = " or ".join(str(smallest_charge(currency)) for currency in theirs)
    return f"{words}, and charges nothing that is worth less than {least}. Is your lowest price, {lowest}, above that?"


def _lowest_price(prices: PriceSettings) -> Money | None:
    """Of what is not free, the cheapest."""
    fixed = [prices.price_of(task_type) for task_type in TaskType]
    recording = price_of(TaskType.TRANSCRIPTION, prices.prices(), 60)
    return min((price for price in (*fixed, recording) if price.minor), key=lambda price: price.minor, default=None)
