"""From a draft to money: finalising, charging, paying elsewhere (https://docs.stripe.com/invoicing/integration)."""

from collections.abc import Callable

from sandbox.memory import Remembering
from sandbox.stripe.balance import Balance
from sandbox.stripe.cards import Card
from sandbox.stripe.customer_balance import CustomerBalance
from sandbox.stripe.disputes import Disputes
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.events import Events
from sandbox.stripe.invoice_rules import check_email, check_payable
from sandbox.stripe.money import check_largest, whole
from sandbox.stripe.payments import Payments
from sandbox.stripe.store import Store

NEEDS_ACTION = (
    "This payment requires additional user action before it can be completed successfully. Payment can be completed "
    "using the PaymentIntent associated with the invoice."
)
NOT_AUTHENTICATED = "We are unable to authenticate your payment method."
NO_METHODS = (
    "This invoice cannot be finalized because there are no payment method types that can be used with its currency and "
    "amount. Activate one at https://dashboard.stripe.com/settings/payments and try again."
)


class Collection(Remembering):
    """`address`: the URL of an invoice's page. `without_methods`: no way of paying is enabled, so finalising fails."""

    REMEMBERED = ("without_methods",)

    def __init__(
        self,
        store: Store,
        events: Events,
        balance: Balance,
        payments: Payments,
        disputes: Disputes,
        customer_balance: CustomerBalance,
        address: Callable[[str], str],
    ) -> None:
        self.without_methods = False
        self._store, self._events, self._balance = store, events, balance
        self._payments, self._disputes, self._address = payments, disputes, address
        self._customer_balance = customer_balance

    def finalize(self, invoice: Json, *, auto_advance: bool | None = None) -> None:
        """Open a draft, or find it paid where nothing is due; raises StripeError where it stays a draft."""
        check_largest(invoice["total"], invoice["currency"])
        customer = self._store.customers.refer(invoice["customer"], "customer")
        check_email(invoice["collection_method"], invoice["customer_email"])
        self._check_methods(invoice)
        now = self._store.now()
        if not invoice["number"]:
            invoice["number"] = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
            customer["next_invoice_sequence"] += 1
        self._apply_balance(invoice, customer)
        page_address = self._address(invoice["id"])
        invoice.update(
            status="open",
            effective_at=now,
            automatically_finalizes_at=None,
            hosted_invoice_url=page_address,
            invoice_pdf=f"{page_address}/pdf",
            auto_advance=invoice["auto_advance"] if auto_advance is None else auto_advance,
        )
        invoice["status_transitions"]["finalized_at"] = now
        self._store.invoices.put(invoice)
        self._events.record("invoice.finalized", invoice)
        if invoice["amount_due"] == 0:
            invoice["attempted"] = True
            self._paid(invoice)
            return
        self._payments.prepare(invoice)
        if invoice["auto_advance"] and invoice["collection_method"] == "send_invoice":
            self._events.record("invoice.sent", invoice)

    def charge(self, invoice: Json, card: Card, amount: int | None = None) -> None:
        """Pay an invoice by card, all that is left or another amount.

        Raises StripeError if it cannot be paid, the card is declined, or its bank first asks the customer.
        """
        check_payable(invoice)
        invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1)
        amount = invoice["amount_remaining"] if amount is None else amount
        if card.authenticates:
            self._payments.challenge(invoice, card, amount)
            self._events.record("invoice.payment_action_required", invoice)
            raise StripeError(
                NEEDS_ACTION, status=402, kind="card_error", code="invoice_payment_intent_requires_action"
            )
        self._take(invoice, card, amount)

    def charge_together(self, invoices: list[Json], card: Card) -> None:
        """Pay several invoices of a customer by one charge. Raises StripeError for one that cannot be paid."""
        for invoice in invoices:
            check_payable(invoice)
        self._payments.collect_together(invoices, card)
        for invoice in invoices:
            invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1)
            self._received(invoice, invoice["amount_remaining"])

    def is_challenged(self, invoice: Json) -> bool:
        """Whether a bank waits for the customer's answer."""
        return invoice["id"] in self._payments.challenged

    def authenticate(self, invoice: Json, *, passed: bool) -> None:
        """Answer the bank's question, and pay if that `passed`. Raises StripeError if it did not, or there is none."""
        check_payable(invoice)
        if not self.is_challenged(invoice):
            raise StripeError("There is nothing to authenticate on this invoice.")
        card, amount = self._payments.challenged[invoice["id"]]
        if passed:
            self._take(invoice, card, amount)
            return
        self._payments.fail_challenge(invoice)
        self._events.record("invoice.payment_failed", invoice)
        code = "payment_intent_authentication_failure"
        raise StripeError(NOT_AUTHENTICATED, status=402, kind="card_error", code=code)

    def _take(self, invoice: Json, card: Card, amount: int) -> None:
        try:
            charge = self._payments.collect(invoice, card, amount)
        except StripeError:
            self._events.record("invoice.payment_failed", invoice)
            raise
        self._received(invoice, charge["amount"])
        if card.disputed:
            self._disputes.begin(charge["id"], "fraudulent")

    def pay_elsewhere(self, invoice: Json) -> None:
        """Take an invoice for paid by other ways than Stripe: no charge, no attempt, and no payment that succeeded."""
        check_payable(invoice)
        left = invoice["amount_remaining"]
        invoice["amount_paid_off_stripe"] = left
        invoice["amount_paid"] += left
        self._payments.cancel(invoice)
        self._paid(invoice, elsewhere=True)

    def credit(self, invoice: Json, amount: int) -> None:
        """Ask for less by a credit note (negative: for more again); where nothing is left, the invoice is paid."""
        left = invoice["amount_remaining"] - amount
        invoice.update(amount_due=invoice["amount_due"] - amount, amount_remaining=left)
        invoice["pre_payment_credit_notes_amount"] += amount
        if left:
            self._payments.expect(invoice, left)
            self._events.record("invoice.updated", invoice)
            return
        self._payments.cancel(invoice)
        self._paid(invoice)

    def _received(self, invoice: Json, amount: int) -> None:
        """Several payments may add up; what comes on top of the amount due becomes the customer's credit."""
        paid = invoice["amount_paid"] + amount
        over = max(paid - invoice["amount_due"], 0)
        left = max(invoice["amount_due"] - paid, 0)
        invoice.update(amount_paid=paid, amount_remaining=left, amount_overpaid=over)
        if left:
            self._payments.expect(invoice, left)
            self._events.record("invoice.updated", invoice)
            return
        self._payments.cancel(invoice)
        if over:
            customer = self._store.customers.find(invoice["customer"])
            self._customer_balance.enter(
                customer, invoice["currency"], -over, "invoice_overpaid", invoice=invoice["id"]
            )
            self._events.record("invoice.overpaid", invoice)
        self._paid(invoice)

    def _paid(self, invoice: Json, *, elsewhere: bool = False) -> None:
        invoice.update(status="paid", amount_remaining=0, auto_advance=False)
        invoice["status_transitions"]["paid_at"] = self._store.now()
        self._store.invoices.put(invoice)
        self._events.record("invoice.paid", invoice)
        if not elsewhere:
            self._events.record("invoice.payment_succeeded", invoice)

    def _check_methods(self, invoice: Json) -> None:
        if not self.without_methods:
            return
        code = "invoice_no_payment_method_types"
        invoice["last_finalization_error"] = {"code": code, "message": NO_METHODS, "type": "invalid_request_error"}
        self._events.record("invoice.finalization_failed", invoice)
        raise StripeError(NO_METHODS, code=code)

    def _apply_balance(self, invoice: Json, customer: Json) -> None:
        """Apply what the customer owes or is owed; what cannot be charged is carried to the next invoice."""
        currency: str = invoice["currency"]
        start = self._customer_balance.of(customer, currency)
        due = invoice["total"] + start
        charged = whole(due, currency)
        if charged <= 0 or not self._balance.chargeable(charged, currency):
            charged = 0
        left = due - charged
        invoice.update(starting_balance=start, ending_balance=left, amount_due=charged, amount_remaining=charged)
        if left != start:
            kind = "applied_to_invoice" if start else "invoice_too_small"
            self._customer_balance.enter(customer, currency, left - start, kind, invoice=invoice["id"])
