"""Prices that Stripe can never charge are refused at the start, and what is taken at the start is taken by Stripe."""

from collections.abc import AsyncIterator

import pytest
import stripe

from bot.invoices.charges import CURRENCIES, check_price, largest_charge, smallest_charge, step
from bot.kernel.errors import InvalidSettings, Refusal
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.prices.model import Prices, price_of
from bot.settings import Settings
from sandbox.stripe import money as at_stripe
from tests.contract.stripe_account import SDK_WARNS, Account, stripe_account
from tests.house import Providers

GIVEN = {
    "_env_file": None,
    "telegram_bot_token": f"1:{'x' * 35}",
    "admin_telegram_ids": "2",
    "openai_api_key": "k",
    "stripe_secret_key": "sk_test_k",
    "stripe_webhook_secret": "whsec_k",
}


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stripe_account() as account:
        yield account


def problems(**changes: object) -> list[str]:
    with pytest.raises(InvalidSettings) as caught:
        Settings.load(**(GIVEN | changes))
    return caught.value.problems


@pytest.mark.parametrize(
    ("currency", "price", "takes"),
    [
        ("USD", "1000000", "0.50 to 999,999.99 USD"),
        ("USD", "0.49", "0.50 to 999,999.99 USD"),
        ("GBP", "0.29", "0.30 to 999,999.99 GBP"),
        ("HUF", "174.99", "175.00 to 999,999.99 HUF"),
        ("JPY", "100000000", "50 to 99,999,999 JPY"),
        ("INR", "10000000", "0.50 to 9,999,999.99 INR"),
        ("COP", "100000000", "0.50 to 99,999,999.99 COP"),
        ("IDR", "10000000000", "0.50 to 9,999,999,999.99 IDR"),
        ("KWD", "12.345", "a third decimal of 0 only of KWD"),
        ("KWD", "100000", "0.050 to 99,999.990 KWD"),
        ("ISK", "100.50", "whole units only of ISK"),
        ("UGX", "5000.01", "whole units only of UGX"),
        ("JPY", "99.5", ""),
    ],
)
@pytest.mark.parametrize("setting", ["price_drafting", "price_other"])
def test_price_that_cannot_be_charged(setting: str, currency: str, price: str, takes: str) -> None:
    """Such a price is a problem that names its setting and says what would be taken."""
    others = {name: "180" for name in Settings.model_fields if name.startswith("price_")}  # chargeable everywhere
    (problem,) = problems(**(others | {"currency": currency, setting: price}))
    assert problem.startswith(f"{setting.upper()}: ")
    assert takes in problem


async def test_trial_prices(stand_ins: Providers) -> None:
    """A million dollars, and 12.345 dinars, are refused before the first brief."""
    for currency, price in (("USD", "1000000"), ("KWD", "12.345")):
        with pytest.raises(ValueError, match="price_drafting"):
            stand_ins.settings("sqlite:///e.db", currency=currency, price_drafting=price)


@pytest.mark.parametrize("currency", ["IQD", "LYD", "XAU", "AAA"])
def test_currency_that_stripe_lacks(currency: str) -> None:
    """A currency that nothing can be charged in is a problem of CURRENCY."""
    assert f"CURRENCY: Stripe charges nothing in {currency}." in problems(currency=currency)


@pytest.mark.parametrize(("currency", "rate"), [("USD", "2252.26"), ("KWD", "0.125"), ("ISK", "9.50")])
def test_rate_that_cannot_be_charged(currency: str, rate: str) -> None:
    """A rate a minute at which the longest recording is above the largest charge, or between two steps, is refused."""
    (problem,) = problems(currency=currency, price_transcription_minute=rate, price_transcription="180")
    assert problem.startswith("PRICE_TRANSCRIPTION_MINUTE: ")


def test_free_is_taken() -> None:
    """A price of 0 is free: it is never charged, and so never too little."""
    settings = Settings.load(**GIVEN, price_other="0", price_transcription_minute="0")
    assert settings.price_of(TaskType.OTHER) == Money(0, "USD")
    assert price_of(TaskType.TRANSCRIPTION, settings.prices(), 90) == Money(0, "USD")


@pytest.mark.parametrize(
    ("rate", "seconds", "price"),
    [(10, 60, 50), (10, 301, 60), (225_200, 60 * 444, 99_988_800), (225_200, 10**6, 99_999_999)],
)
def test_recording_costs_what_can_be_charged(rate: int, seconds: int, price: int) -> None:
    """A short recording costs the smallest charge at least, and many long ones the largest at most."""
    prices = Prices(dict.fromkeys(TaskType, Money(6_000, "USD")), Money(rate, "USD"))
    assert price_of(TaskType.TRANSCRIPTION, prices, seconds) == Money(price, "USD")


def test_same_currencies_as_the_stand_in() -> None:
    """The stand-in and the product know the same currencies, and each has the same smallest charge in both."""
    assert {currency.lower() for currency in CURRENCIES} == at_stripe.SUPPORTED
    for currency in CURRENCIES:
        assert smallest_charge(currency).minor >= at_stripe.smallest(currency.lower())


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD", "ISK", "UGX", "HUF", "INR", "COP", "IDR", "GBP"])
@SDK_WARNS
async def test_stripe_takes_what_settings_take(account: Account, currency: str) -> None:
    """The smallest and the largest price are invoiced as they are; the next ones beyond are not."""
    least, most = smallest_charge(currency), largest_charge(currency)
    for amount in (least, most):
        check_price(amount)
        assert (await account.open(amount.minor, currency.lower())).amount_due == amount.minor
    for beyond in (Money(least.minor - step(currency), currency), Money(most.minor + step(currency), currency)):
        try:
            invoice = await account.open(beyond.minor, currency.lower())
        except stripe.InvalidRequestError:
            pass
        else:
            assert beyond.minor == 0 or invoice.amount_due == 0
        if beyond.minor:
            with pytest.raises(Refusal):
                check_price(beyond)
