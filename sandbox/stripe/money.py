"""Stripe's rules for amounts: minor units, zero-decimal currencies, smallest and largest charges, fees.

Sources: https://docs.stripe.com/currencies (decimals, smallest and largest amounts), https://stripe.com/pricing.
"""

from decimal import Decimal

from babel.numbers import format_currency

from sandbox.stripe.errors import StripeError


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


ZERO_DECIMAL = words("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf")
THREE_DECIMAL = words("bhd jod kwd omr tnd")
WHOLE_UNITS = words("isk ugx")  # two decimals on the wire, and none in use
SUPPORTED = words(
    "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf "
    "chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf "
    "idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop "
    "mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd "
    "scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof "
    "xpf yer zar zmw"
)
SMALLEST = {
    "aed": 200,
    "bgn": 100,
    "czk": 1500,
    "dkk": 250,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "thb": 1000,
}
DIGITS = {"idr": 12, "cop": 10, "inr": 9}
DISPUTE_FEE = 1_500


def decimals(currency: str) -> int:
    """How many decimals the currency has on the wire."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def major(amount: int, currency: str) -> Decimal:
    """An amount of minor units in major units: 1999 "usd" is 19.99, 500 "jpy" is 500."""
    return Decimal(amount).scaleb(-decimals(currency))


def shown(amount: int, currency: str) -> str:
    """An amount of minor units as a person reads it: 1999 "usd" is `$19.99`."""
    return format_currency(major(amount, currency), currency.upper(), locale="en_US")


def smallest(currency: str) -> int:
    """The smallest charge in minor units; 50 where Stripe's table has no line of its own."""
    return SMALLEST.get(currency, 50)


def fee(amount: int, currency: str) -> int:
    """What Stripe keeps of a card payment, in minor units: 2.9 %, half up, and 30 (0 in zero-decimal currencies).

    One rule for every currency. Real accounts settle in their bank's currencies and pay other rates for foreign cards;
    this one has a bank account in each currency, so nothing is converted.
    """
    return (amount * 29 + 500) // 1000 + (0 if currency in ZERO_DECIMAL else 30)


def dispute_fee(currency: str) -> int:
    """What Stripe keeps for a dispute: 15.00 in minor units, whatever the currency."""
    return int(DISPUTE_FEE * Decimal(10) ** (decimals(currency) - 2))


def check_currency(currency: str) -> None:
    """Raises StripeError unless this is a supported currency, in lower case as Stripe documents it."""
    if currency not in SUPPORTED:
        supported = ", ".join(sorted(SUPPORTED))
        raise StripeError(
            f"Invalid currency: {currency}. Stripe currently supports these currencies: {supported}", param="currency"
        )


def check_largest(amount: int, currency: str) -> None:
    """Raises StripeError `amount_too_large` above so many digits of minor units as every way of paying takes."""
    largest = 10 ** DIGITS.get(currency, 8) - 1
    if abs(amount) > largest:
        raise StripeError(
            f"Amount must be no more than {shown(largest, currency)}", code="amount_too_large", param="amount"
        )


def check_last_digit(amount: int, currency: str) -> None:
    """Raises StripeError for an amount of a three-decimal currency whose last digit is not 0."""
    if currency in THREE_DECIMAL and amount % 10:
        raise StripeError(
            f"Invalid amount. The last digit of an amount in {currency} must be 0: round it to the nearest ten.",
            param="amount",
        )


def check_whole(amount: int, currency: str) -> None:
    """Raises StripeError for a part of a króna or a shilling."""
    if currency in WHOLE_UNITS and amount % 100:
        raise StripeError(
            f"Invalid amount. Amounts in {currency} have no decimals in use: they are multiples of 100.",
            code="invalid_charge_amount_no_decimal_compatible",
            param="amount",
        )


def whole(amount: int, currency: str) -> int:
    """What an invoice asks for of this amount: krónur and shillings are rounded to whole ones, the rest is carried."""
    return (amount + 50) // 100 * 100 if currency in WHOLE_UNITS else amount
