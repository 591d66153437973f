"""Probe of the payment provider: the key, what it may do, and the currency of the account."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.billing.settings import BillingSettings
from bot.invoices.charges import smallest_charge
from bot.invoices.ports import AccessRefused, KeyRefused, Place
from bot.invoices.tax import TaxRate, tax_rates_in
from bot.kernel.money import Money
from bot.kernel.probe import Finding, advice
from bot.kernel.task_type import TaskType
from bot.prices.model import price_of
from bot.prices.settings import PriceSettings

_WRONG = "TAX_RATES names"


class Account(Protocol):
    """The payment provider, as far as the probe needs it. Every verb raises ProviderError."""

    async def place(self) -> Place:
        """Where our key leads."""
        ...

    async def lacking(self) -> Mapping[str, str]:
        """The calls that the key may not make, of those that we need, with the provider's words."""
        ...

    async def tax_rate(self, rate_id: str) -> TaxRate | None:
        """One of its tax rates; None where there is none of that id."""
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
            taxes = await _taxes(settings, payments)
        except KeyRefused as error:
            words = str(error).removeprefix("Stripe: ").rstrip(".")
            return Finding("problem", f"Stripe refuses the key: {words}. Check STRIPE_SECRET_KEY.")
    if lacking:
        words = f"the key may not {', '.join(lacking)}: {next(iter(lacking.values())).rstrip('.')}"
        return Finding("problem", f"{words}. Check STRIPE_SECRET_KEY, and what it may do in Stripe's dashboard.")
    if wrong := next((words for words in taxes if words.startswith(_WRONG)), None):
        return Finding("problem", wrong)
    kind = "test" if "_test_" in settings.stripe_secret_key.get_secret_value() else "live"
    money = "no real money moves" if kind == "test" else "real money moves"
    whose = f"account {account}" if account else "an account that this key may not name"
    return Finding("fine", f"{whose}, {kind} key: {money}{_listed(taxes)}{_conversion(prices, settled_in)}")


async def _taxes(settings: BillingSettings, payments: Account) -> list[str]:
    """Each tax rate of the setting in words, or what is wrong with it."""
    found = []
    for rate_id in tax_rates_in(settings.tax_rates).ids:
        rate = await payments.tax_rate(rate_id)
        if rate is None:
            found.append(f"{_WRONG} {rate_id}, which this account does not have. Check it in Stripe's dashboard.")
        elif not rate.active:
            found.append(
                f"{_WRONG} {rate_id}, which is archived, so that Stripe takes it for no invoice. Name another."
            )
        else:
            how = "included in prices" if rate.included else "added to prices"
            found.append(f"{rate.name} {rate.percent.normalize():f} % {how}")
    return found


def _listed(taxes: Sequence[str]) -> str:
    return f"; tax: {', '.join(taxes)}" if taxes else ""


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
