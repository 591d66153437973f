"""What can be charged at all: Stripe's currencies, steps, smallest and largest amounts.

Source: https://docs.stripe.com/currencies. An account that settles in another currency has that one's smallest charge,
after conversion, which nobody can know here: the doctor warns of it.
"""

from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _

WHOLE_UNITS = frozenset(["ISK", "UGX"])  # two decimals on the wire, and none in use
LAST_DIGIT_ZERO = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
_SUPPORTED = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR "
    "ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR "
    "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR "
    "SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XOF "
    "XPF YER ZAR ZMW"
)
CURRENCIES = frozenset(_SUPPORTED.split())
SMALLEST = {
    "AED": 200,
    "BGN": 100,
    "CZK": 1_500,
    "DKK": 250,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17_500,
    "MXN": 1_000,
    "MYR": 200,
    "NOK": 300,
    "PLN": 200,
    "RON": 200,
    "SEK": 300,
    "THB": 1_000,
}
SMALLEST_ELSEWHERE = 50
DIGITS = {"IDR": 12, "COP": 10, "INR": 9}
DIGITS_ELSEWHERE = 8


def step(currency: str) -> int:
    """Amounts are multiples of this many minor units."""
    if currency in WHOLE_UNITS:
        return 100
    return 10 if currency in LAST_DIGIT_ZERO else 1


def smallest_charge(currency: str) -> Money:
    """The least that can be charged."""
    least = SMALLEST.get(currency, SMALLEST_ELSEWHERE)
    return Money(-(-least // step(currency)) * step(currency), currency)


def largest_charge(currency: str) -> Money:
    """The most that can be charged at once, by any way of paying."""
    most = 10 ** DIGITS.get(currency, DIGITS_ELSEWHERE) - 1
    return Money(most // step(currency) * step(currency), currency)


def chargeable(amount: Money) -> Money:
    """The nearest amount that can be charged; nothing stays nothing."""
    if amount.minor == 0:
        return amount
    by, least, most = (
        step(amount.currency),
        smallest_charge(amount.currency).minor,
        largest_charge(amount.currency).minor,
    )
    return Money(min(max((amount.minor + by // 2) // by * by, least), most), amount.currency)


def check_currency(currency: str) -> None:
    """Raise Refusal for a currency that nothing can be charged in."""
    if currency not in CURRENCIES:
        raise Refusal(_("Stripe charges nothing in {currency}.", currency=currency))


def check_step(amount: Money) -> None:
    """Raise Refusal for an amount between two that can be charged."""
    if amount.minor % step(amount.currency) == 0:
        return
    if amount.currency in WHOLE_UNITS:
        rule = _(
            "{money} cannot be charged: Stripe takes whole units only of {currency}.",
            money=amount,
            currency=amount.currency,
        )
    else:
        rule = _(
            "{money} cannot be charged: Stripe takes a third decimal of 0 only of {currency}.",
            money=amount,
            currency=amount.currency,
        )
    raise Refusal(rule)


def check_price(amount: Money) -> None:
    """Raise Refusal for a price that can never be charged; one of 0 is free, and never charged."""
    check_step(amount)
    least, most = smallest_charge(amount.currency), largest_charge(amount.currency)
    if amount.minor and not least.minor <= amount.minor <= most.minor:
        raise Refusal(
            _(
                "{money} cannot be charged: Stripe takes {least} to {most}, and 0 is free.",
                money=amount,
                least=least.plain,
                most=most,
            )
        )
