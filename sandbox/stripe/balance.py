"""Balance transactions, and the balance (https://docs.stripe.com/api/balance_transactions)."""

from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from stripe import params

from sandbox.memory import Remembering
from sandbox.stripe.api import Call, Route
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.lists import Keep, page
from sandbox.stripe.money import decimals, major, smallest
from sandbox.stripe.store import Store, new_id

SETTLING = 2 * 86_400


class Balance(Remembering):
    """What the account holds, by currency. Card payments become available two days later, or by `make_available`.

    The account has a bank account in every currency, until `settle_in` names the only one that it has.
    """

    REMEMBERED = ("_available", "_paid_out", "_unpaid", "_only", "_rates")

    def __init__(self, store: Store) -> None:
        self._store = store
        self._available: Counter[str] = Counter()
        self._paid_out: dict[str, str] = {}
        self._unpaid: dict[str, list[str]] = {}
        self._only: str | None = None
        self._rates: Mapping[str, Decimal] = {}

    def settle_in(self, currency: str, rates: Mapping[str, Decimal]) -> None:
        """From now on everything is settled in this currency; `rates`: what one unit of another is worth in it."""
        self._only, self._rates = currency, rates

    @property
    def main_currency(self) -> str:
        """What is settled in where nothing else is said."""
        return self._only or "usd"

    def chargeable(self, amount: int, currency: str) -> bool:
        """Whether an amount reaches the smallest charge: that of the settlement currency, after conversion."""
        settled, into, _ = self._settled(amount, currency)
        return settled >= smallest(into)

    def _settled(self, amount: int, currency: str) -> tuple[int, str, Decimal | None]:
        """An amount in the currency that it is settled in, and at which rate."""
        if self._only in (None, currency) or currency not in self._rates:
            return amount, currency, None
        rate = self._rates[currency]
        exact = (major(amount, currency) * rate).scaleb(decimals(self._only))
        return int(exact.to_integral_value(ROUND_HALF_UP)), self._only, rate

    def routes(self) -> list[Route]:
        return [
            Route("GET", "balance", lambda: params.BalanceRetrieveParams, self.retrieve),
            Route("GET", "balance_transactions", lambda: params.BalanceTransactionListParams, self.list_transactions),
            Route(
                "GET", "balance_transactions/{id}", lambda: params.BalanceTransactionRetrieveParams, self.transaction
            ),
        ]

    def retrieve(self, _call: Call) -> Json:
        self._mature()
        pending: Counter[str] = Counter()
        for one in self._store.transactions.where("status", "pending"):
            pending[one["currency"]] += one["net"]
        currencies = sorted({self.main_currency, *pending, *self._available})
        return {
            "object": "balance",
            "available": [_holding(currency, self._available[currency]) for currency in currencies],
            "livemode": self._store.livemode,
            "pending": [_holding(currency, pending[currency]) for currency in currencies],
        }

    def transaction(self, call: Call) -> Json:
        self._mature()
        return self._store.transactions.find(call.id)

    def list_transactions(self, call: Call) -> Json:
        self._mature()
        given = dict(call.params)
        named = given.pop("payout", None)
        keep = None if named is None else self._paid_out_by(self._store.payouts.refer(named, "payout"))
        return page(self._store.transactions, given, "/v1/balance_transactions", keep)

    def _paid_out_by(self, payout: Json) -> Keep:
        """What is in an automatic payout; it is not known before Stripe has counted it together."""
        if not payout["automatic"]:
            raise StripeError(
                "Balance transaction history can only be filtered on automatic transfers, not manual.", param="payout"
            )
        counted = payout["reconciliation_status"] == "completed"
        return lambda one: counted and self._paid_out.get(one["id"]) == payout["id"]

    def enter(
        self,
        kind: str,
        amount: int,
        source: Json,
        *,
        fee: int = 0,
        description: str | None = None,
        category: str | None = None,
        pending: bool = False,
    ) -> Json:
        """Book a movement of `amount` minor units (negative: out) less `fee`, both in the currency of its source."""
        now = self._store.now()
        fee = self._settled(fee, source["currency"])[0]
        amount, currency, rate = self._settled(amount, source["currency"])
        transaction: Json = {
            "id": new_id("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": now + SETTLING if pending else now,
            "balance_type": "payments",
            "created": now,
            "currency": currency,
            "description": description,
            "exchange_rate": None if rate is None else float(rate),
            "fee": fee,
            "fee_details": [_fee_detail(fee, currency)] if fee else [],
            "net": amount - fee,
            "reporting_category": category or kind,
            "source": source["id"],
            "status": "pending" if pending else "available",
            "type": kind,
        }
        if not pending:
            self._available[currency] += transaction["net"]
        self._unpaid.setdefault(currency, []).append(transaction["id"])
        return self._store.transactions.put(transaction)

    def make_available(self, currency: str | None = None) -> None:
        """Let the settling days pass for everything pending, or for one currency."""
        for one in self._store.transactions.where("status", "pending"):
            if currency in (None, one["currency"]):
                self._release(one)

    def available(self, currency: str) -> int:
        """What can be paid out."""
        self._mature()
        return self._available[currency]

    def include(self, payout: Json) -> None:
        """Take all that was entered since the last one for what this payout pays out, itself among it."""
        for included in self._unpaid.pop(payout["currency"], []):
            self._paid_out[included] = payout["id"]

    def _mature(self) -> None:
        now = self._store.now()
        for one in self._store.transactions.where("status", "pending"):
            if one["available_on"] > now:
                break
            self._release(one)

    def _release(self, transaction: Json) -> None:
        transaction.update(status="available", available_on=min(transaction["available_on"], self._store.now()))
        self._available[transaction["currency"]] += transaction["net"]
        self._store.transactions.put(transaction)


def _holding(currency: str, amount: int) -> Json:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


def _fee_detail(fee: int, currency: str) -> Json:
    return {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
