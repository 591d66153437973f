"""One account in one mode: what it holds, and everything that serves it (https://docs.stripe.com/keys#test-live-modes).

The two modes of an account share its id and nothing else; what one made does not exist in the other.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.memory import Memory, Remembering
from sandbox.stripe.account import Account
from sandbox.stripe.api import Route
from sandbox.stripe.balance import Balance
from sandbox.stripe.collection import Collection
from sandbox.stripe.credit_notes import CreditNotes
from sandbox.stripe.customer_balance import CustomerBalance
from sandbox.stripe.customers import Customers
from sandbox.stripe.disputes import Disputes
from sandbox.stripe.errors import Json
from sandbox.stripe.events import Events
from sandbox.stripe.expansion import Expansion
from sandbox.stripe.hosted import Hosted
from sandbox.stripe.idempotency import Keys
from sandbox.stripe.invoice_items import InvoiceItems
from sandbox.stripe.invoices import Invoices
from sandbox.stripe.payments import Payments
from sandbox.stripe.payouts import Payouts
from sandbox.stripe.refunds import Refunds
from sandbox.stripe.search import Search
from sandbox.stripe.store import Store
from sandbox.stripe.tax_rates import TaxRates


class Environment:
    """The parts of one account in one mode, each with its routes."""

    def __init__(self, store: Store, hosted: Hosted) -> None:
        self.store = store
        self.keys = Keys()
        self.event_log = Events(store)
        self.search = Search()
        self.balance = Balance(store)
        self.payouts = Payouts(store, self.event_log, self.balance)
        self.customer_balance = CustomerBalance(store)
        self.payments = Payments(store, self.event_log, self.search, self.balance)
        self.refunding = Refunds(store, self.event_log, self.balance, self.payments)
        self.disputes = Disputes(store, self.event_log, self.balance, self.refunding)
        self.items = InvoiceItems(store, self.event_log)
        self.collection = Collection(
            store,
            self.event_log,
            self.balance,
            self.payments,
            self.disputes,
            self.customer_balance,
            self._address,
        )
        self.crediting = CreditNotes(store, self.event_log, self.refunding, self.customer_balance, self.collection)
        self.invoicing = Invoices(
            store, self.event_log, self.search, self.items, self.payments, self.collection, self._renewed
        )
        self.account = Account(store, self.balance)
        self.expansion = Expansion(store)
        self.expansion.computed = {
            ("invoice", "payments"): self.payments.of_invoice,
            ("invoice", "confirmation_secret"): self.payments.confirmation_secret,
            ("charge", "refunds"): self.refunding.of_charge,
        }
        self.tax_rates = TaxRates(store, self.event_log)
        self._hosted = hosted
        customers = Customers(store, self.event_log, self.search)
        parts = (
            customers,
            self.invoicing,
            self.items,
            self.payments,
            self.refunding,
            self.balance,
            self.payouts,
            self.disputes,
            self.crediting,
            self.customer_balance,
            self.account,
            self.tax_rates,
        )
        self.routes = {(route.method, route.path): route for part in parts for route in part.routes()}

    def memory(self) -> Memory:
        """All that it knows, but for keys of idempotency, which Stripe itself forgets in a day."""
        return {name: part.memory() for name, part in self._remembering()}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Know what another one knew; what that did not have stays as it is."""
        for name, part in self._remembering():
            if name in memory:
                part.remember(memory[name])

    def _remembering(self) -> list[tuple[str, Store | Remembering]]:
        return [
            ("payments", self.payments),
            ("balance", self.balance),
            ("customer_balance", self.customer_balance),
            ("collection", self.collection),
            ("store", self.store),
        ]

    def route(self, route: Route) -> Route:
        """This environment's own handler of a route of another."""
        return self.routes[route.method, route.path]

    @property
    def id(self) -> str:
        """The account's id."""
        return self.store.account_id

    @property
    def livemode(self) -> bool:
        return self.store.livemode

    @property
    def customers(self) -> dict[str, Json]:
        """Every customer by id, in the order of creation, as sent to clients; a deleted one is a stub."""
        return self.store.customers.things

    @property
    def invoices(self) -> dict[str, Json]:
        """Every invoice by id, in the order of creation, as sent to clients; deleted drafts are gone."""
        return self.store.invoices.things

    @property
    def events(self) -> dict[str, Json]:
        """Every event by id, in the order in which they happened, as sent to clients."""
        return self.store.events.things

    @property
    def charges(self) -> dict[str, Json]:
        """Every charge by id, in the order of creation, as sent to clients; failed ones too."""
        return self.store.charges.things

    @property
    def refunds(self) -> dict[str, Json]:
        """Every refund by id, in the order of creation, as sent to clients."""
        return self.store.refunds.things

    def _address(self, invoice_id: str) -> str:
        return self._hosted.address(self.store, invoice_id, self.collection)

    def _renewed(self, invoice: Json) -> str:
        return self._hosted.renewed(self.store, invoice)
