"""Which of Stripe's tax rates an invoice bears, by the country of its payer. Pure.

https://docs.stripe.com/billing/taxes/tax-rates
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from bot.invoices.countries import codes
from bot.kernel.money import Money

_RATE = re.compile(r"(?:([A-Z]{2})\s+)?(txr_[A-Za-z0-9]{1,100})")
EXAMPLE = "DE txr_1a2b3c, ES txr_4d5e6f, txr_7g8h9i"


@dataclass(frozen=True, slots=True)
class TaxRates:
    """Ids of tax rates by the payer's country; other: for all other payers, "" for none."""

    by_country: Mapping[str, str] = field(default_factory=dict)
    other: str = ""

    def of(self, country: str) -> str:
        """The rate for a payer of that country ("": not known); "" where there is none."""
        return self.by_country.get(country, self.other)

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them, each once."""
        named = (*self.by_country.values(), self.other)
        return tuple(dict.fromkeys(one for one in named if one))


@dataclass(frozen=True, slots=True)
class UsualTerms:
    """What invoices say unless their own rows say otherwise: in how many days they are due, and their tax."""

    due_days: int
    tax_rates: TaxRates = field(default_factory=TaxRates)


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax rate as the provider has it. included: whether it is part of the prices, and not added to them."""

    id: str
    name: str
    percent: Decimal
    included: bool
    active: bool

    def on(self, net: Money) -> Money:
        """The tax on a sum that is without it, half a minor unit rounded up as the provider does."""
        return Money(int((net.minor * self.percent / 100).quantize(Decimal(1), ROUND_HALF_UP)), net.currency)


def tax_rates_in(text: str) -> TaxRates:
    """The rates that are written with commas between them. Raises ValueError with words for a setting."""
    by_country: dict[str, str] = {}
    for part in (part.strip() for part in text.split(",") if part.strip()):
        written = _RATE.fullmatch(part)
        if written is None:
            raise ValueError(f"“{part[:40]}” is no tax rate of Stripe; write it like {EXAMPLE}")
        country = written[1] or ""
        if country and country not in codes():
            raise ValueError(f"names {country}, which is no country's code; write it like {EXAMPLE}")
        if country in by_country:
            raise ValueError(f"has two tax rates for {country or 'all others'}")
        by_country[country] = written[2]
    other = by_country.pop("", "")
    return TaxRates(by_country, other)
