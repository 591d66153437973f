"""Dated exchange rates, and an amount in US dollars by them: pure."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from bot.invoices.charges import CURRENCIES
from bot.kernel.money import Money, exponent

DOLLARS = "USD"
LASTS = timedelta(days=92)  # older ones say too little of what an amount is worth
_WRITTEN = re.compile(r"([A-Z]{3})\s+([0-9]{1,9}(?:\.[0-9]{1,12})?)\s+(\d{4}-\d\d-\d\d)")
EXAMPLE = "EUR 1.0842 2026-11-01"


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in US dollars, from that day on."""

    currency: str
    usd: Decimal
    day: date

    def holds(self, on: date) -> bool:
        """Whether it says what an amount is worth on that day."""
        return self.day <= on <= self.day + LASTS

    def in_cents(self, amount: Money) -> int:
        """The amount in US cents, exact, and rounded away from zero, so that no limit is slipped under by rounding."""
        if amount.currency != self.currency:
            raise ValueError(f"{amount.currency} is not {self.currency}")
        cents = Fraction(amount.minor, 10 ** exponent(self.currency)) * Fraction(self.usd) * 100
        whole = -(-abs(cents.numerator) // cents.denominator)
        return whole if cents >= 0 else -whole


def rates_in(text: str) -> tuple[Rate, ...]:
    """The rates that are written with commas or lines between them. Raises ValueError with words for a setting."""
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    found = [_rate(part) for part in parts]
    for (currency, day), times in Counter((rate.currency, rate.day) for rate in found).items():
        if times > 1:
            raise ValueError(f"has two rates for {currency} from {day} on")
    return tuple(found)


def _rate(part: str) -> Rate:
    written = _WRITTEN.fullmatch(part)
    if written is None:
        raise ValueError(f"“{part[:40]}” is no rate; write it like {EXAMPLE}")
    currency, usd = written[1], Decimal(written[2])
    if currency not in CURRENCIES:
        raise ValueError(f"names {currency}, in which Stripe charges nothing")
    if currency == DOLLARS or usd == 0:
        raise ValueError(f"“{part}” says nothing; a rate is more than 0, and of another currency than {DOLLARS}")
    try:
        return Rate(currency, usd, date.fromisoformat(written[3]))
    except ValueError:
        raise ValueError(f"“{part}” has no day of the calendar in it; write it like {EXAMPLE}") from None
