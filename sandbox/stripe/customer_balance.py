"""What customers are owed or owe (https://docs.stripe.com/api/customer_balance_transactions).

A positive amount is owed by the customer, a negative one to them. What was entered is never changed.
"""

from collections import Counter

from stripe import params

from sandbox.memory import Remembering
from sandbox.stripe.api import Call, Route
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.lists import page
from sandbox.stripe.metadata import merged
from sandbox.stripe.money import check_currency
from sandbox.stripe.store import Store, new_id


class CustomerBalance(Remembering):
    """A customer has a balance in each currency: `balance` is that of its own, the others are not shown."""

    REMEMBERED = ("_others",)

    def __init__(self, store: Store) -> None:
        self._store = store
        self._others: Counter[tuple[str, str]] = Counter()

    def routes(self) -> list[Route]:
        path = "customers/{id}/balance_transactions"
        return [
            Route("POST", path, lambda: params.CustomerBalanceTransactionCreateParams, self.create),
            Route("GET", path, lambda: params.CustomerBalanceTransactionListParams, self.list),
        ]

    def create(self, call: Call) -> Json:
        """An adjustment by hand."""
        customer, given = self._store.customers.find(call.id), call.params
        check_currency(given["currency"])
        if given["amount"] == 0:
            raise StripeError("The amount of a customer balance transaction must not be zero.", param="amount")
        made = self.enter(customer, given["currency"], given["amount"], "adjustment")
        made.update(description=given.get("description"), metadata=merged({}, given.get("metadata")))
        return made

    def list(self, call: Call) -> Json:
        customer = self._store.customers.find(call.id)
        url = f"/v1/customers/{customer['id']}/balance_transactions"
        return page(self._store.balance_entries, {**call.params, "customer": customer["id"]}, url)

    def of(self, customer: Json, currency: str) -> int:
        """What the customer owes in this currency; negative where they are owed."""
        if customer["currency"] in (None, currency):
            return int(customer["balance"])
        return self._others[customer["id"], currency]

    def enter(
        self,
        customer: Json,
        currency: str,
        amount: int,
        kind: str,
        *,
        invoice: str | None = None,
        credit_note: str | None = None,
    ) -> Json:
        """Change the customer's balance, and keep why."""
        if customer["currency"] in (None, currency):
            customer["balance"] += amount
        else:
            self._others[customer["id"], currency] += amount
        entry: Json = {
            "id": new_id("cbtxn"),
            "object": "customer_balance_transaction",
            "amount": amount,
            "checkout_session": None,
            "created": self._store.now(),
            "credit_note": credit_note,
            "currency": currency,
            "customer": customer["id"],
            "customer_account": None,
            "description": None,
            "ending_balance": self.of(customer, currency),
            "invoice": invoice,
            "livemode": False,
            "metadata": {},
            "type": kind,
        }
        return self._store.balance_entries.put(entry)
