"""Money: whole minor units and a currency, never a float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Self

from bot.kernel import translation
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _

# Minor-unit exponents that differ from 2, from ISO 4217 with Stripe's special cases
# (ISK and UGX have no minor unit in use but are sent to Stripe with two decimals):
# https://docs.stripe.com/currencies#zero-decimal and #special-cases
ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
THREE_DECIMAL = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


def exponent(currency: str) -> int:
    """How many decimal places the currency's amounts have on the wire: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` whole minor units (cents, paisa; yen for JPY) of `currency` (ISO 4217, upper case)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError(f"a currency is three capital letters, not {self.currency!r}")

    @classmethod
    def parse(cls, amount: str, currency: str) -> Self:
        """Read a decimal amount such as "120.50".

        Raises Refusal where it is no number or has more decimals than the currency.
        """
        try:
            value = Decimal(amount.strip().replace("_", ""))
            minor = value.scaleb(exponent(currency))
            if not value.is_finite() or minor != minor.to_integral_value():
                raise InvalidOperation
        except InvalidOperation:
            places = exponent(currency)
            raise Refusal(
                _(
                    "“{amount}” is not an amount of {currency}. Write it like {example}.",
                    amount=amount,
                    currency=currency,
                    example=f"{Decimal(120):.{places}f}",
                )
            ) from None
        return cls(int(minor), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def share(self, percent: Decimal) -> "Money":
        """This percentage of the amount, rounded half to even to whole minor units."""
        part = (self.minor * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return Money(int(part), self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.minor

    @property
    def plain(self) -> str:
        """For a person, where the currency stands beside it already: "1,240.00"."""
        return translation.decimal(self.decimal, exponent(self.currency))

    @property
    def neutral(self) -> str:
        """The same in nobody's language, for what is written down: "1,240.00 USD"."""
        return f"{self.decimal:,.{exponent(self.currency)}f} {self.currency}"

    def __str__(self) -> str:
        """For a person: "1,240.00 USD", "5,000 JPY"."""
        return f"{self.plain} {self.currency}"
