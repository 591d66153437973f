"""Tax rates (https://docs.stripe.com/api/tax_rates), and the tax of an invoice's lines by them.

A rate's percentage, and whether prices include it, never change, and nothing is deleted: what changes is another rate.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from stripe import params

from sandbox.stripe.api import Call, Route
from sandbox.stripe.errors import Json, StripeError, missing_parameter
from sandbox.stripe.events import Events
from sandbox.stripe.invoice_rules import check_texts
from sandbox.stripe.lists import page
from sandbox.stripe.metadata import merged
from sandbox.stripe.store import Store, new_id

LONGEST = {"display_name": 100, "jurisdiction": 200}
CHANGES = ("active", "country", "description", "display_name", "jurisdiction", "state", "tax_type")
MOST = 5  # on an invoice


class TaxRates:
    def __init__(self, store: Store, events: Events) -> None:
        self._store, self._events = store, events

    def routes(self) -> list[Route]:
        return [
            Route("POST", "tax_rates", lambda: params.TaxRateCreateParams, self.create),
            Route("GET", "tax_rates", lambda: params.TaxRateListParams, self.list),
            Route("GET", "tax_rates/{id}", lambda: params.TaxRateRetrieveParams, self.retrieve),
            Route("POST", "tax_rates/{id}", lambda: params.TaxRateUpdateParams, self.update),
        ]

    def create(self, call: Call) -> Json:
        given = call.params
        for name in ("display_name", "inclusive", "percentage"):
            if name not in given:
                raise missing_parameter(name)
        check_texts(given, LONGEST)
        percentage: float = given["percentage"]
        if not 0 <= percentage <= 100:
            raise StripeError("Tax percentage must be between 0 and 100.", param="percentage")
        if round(percentage, 4) != percentage:
            raise StripeError("A tax percentage has at most 4 decimal places.", param="percentage")
        rate: Json = {
            "id": new_id("txr"),
            "object": "tax_rate",
            "active": True,
            **dict.fromkeys(("country", "description", "jurisdiction", "state", "tax_type")),
            "created": self._store.now(),
            "display_name": given["display_name"],
            "effective_percentage": None,
            "flat_amount": None,
            "inclusive": given["inclusive"],
            "jurisdiction_level": None,
            "livemode": False,
            "metadata": merged({}, given.get("metadata")),
            "percentage": percentage,
            "rate_type": "percentage",
        }
        rate.update({name: given[name] for name in CHANGES if name in given})
        self._store.tax_rates.put(rate)
        self._events.record("tax_rate.created", rate)
        return rate

    def retrieve(self, call: Call) -> Json:
        return self._store.tax_rates.find(call.id)

    def list(self, call: Call) -> Json:
        return page(self._store.tax_rates, call.params, "/v1/tax_rates")

    def update(self, call: Call) -> Json:
        rate, given = self._store.tax_rates.find(call.id), call.params
        check_texts(given, LONGEST)
        rate.update({name: given[name] for name in CHANGES if name in given})
        rate["metadata"] = merged(rate["metadata"], given.get("metadata"))
        self._store.tax_rates.put(rate)
        self._events.record("tax_rate.updated", rate)
        return rate


def rates_of(given: Json, store: Store) -> list[Json]:
    """The rates that a request names for a whole invoice; raises StripeError for more than five, and archived ones."""
    named = given.get("default_tax_rates") or []
    if len(named) > MOST:
        raise StripeError(f"You can only set up to {MOST} tax rates.", param="default_tax_rates")
    rates = [store.tax_rates.refer(one, f"default_tax_rates[{at}]") for at, one in enumerate(named)]
    for at, rate in enumerate(rates):
        if not rate["active"]:
            raise StripeError(
                f"The tax rate {rate['id']} is inactive and cannot be used.", param=f"default_tax_rates[{at}]"
            )
    return [dict(rate) for rate in rates]


def taxes(amount: int, rates: Sequence[Json]) -> list[Json]:
    """The tax on an amount by each rate, half a minor unit rounded up; what is included is not taxed again."""
    percents = [Decimal(str(rate["percentage"])) for rate in rates]
    within = sum((percent for percent, rate in zip(percents, rates, strict=True) if rate["inclusive"]), Decimal())
    net = Decimal(amount) * 100 / (100 + within)
    return [_tax(net * percent / 100, net, rate) for percent, rate in zip(percents, rates, strict=True)]


def _tax(tax: Decimal, net: Decimal, rate: Json) -> Json:
    return {
        "amount": int(tax.quantize(Decimal(1), ROUND_HALF_UP)),
        "tax_behavior": "inclusive" if rate["inclusive"] else "exclusive",
        "tax_rate_details": {"tax_rate": rate["id"]},
        "taxability_reason": "not_available",
        "taxable_amount": int(net.quantize(Decimal(1), ROUND_HALF_UP)),
        "type": "tax_rate_details",
    }
