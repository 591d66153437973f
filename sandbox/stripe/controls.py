"""What Stripe, the customer and the bank do at a word: for tests, and for the demo's story. Amounts are minor units."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sandbox.stripe.api import Call
from sandbox.stripe.cards import card_of
from sandbox.stripe.door import Door
from sandbox.stripe.environment import Environment
from sandbox.stripe.errors import Json, missing_thing


class Controls:
    """Ids are looked for in every account and mode; what names no id is for the first account's test mode."""

    def __init__(self, door: Door) -> None:
        self._door = door

    @property
    def test(self) -> Environment:
        """The first account in test mode."""
        return self._door.accounts[0][0]

    @property
    def live(self) -> Environment:
        """The first account in live mode."""
        return self._door.accounts[0][1]

    async def pay(self, invoice_id: str, card: str = "4242424242424242", amount: int | None = None) -> Json:
        """Pay an open invoice as the customer would on its page, and return it; `amount`: a part, or too much.

        Raises StripeError: 404 for an unknown invoice, 400 for one that cannot be paid, 402 for a declined card.
        """
        here = self._having("invoice", invoice_id)
        invoice = here.store.invoices.find(invoice_id)
        here.collection.charge(invoice, card_of(card), amount)
        return invoice

    def pay_together(self, invoice_ids: Sequence[str], card: str = "4242424242424242") -> None:
        """Pay open invoices of one customer by a single charge. Raises StripeError for one that cannot be paid."""
        here = self._having("invoice", invoice_ids[0])
        here.collection.charge_together([here.store.invoices.find(one) for one in invoice_ids], card_of(card))

    def forget_keys(self) -> None:
        """Let every idempotency key be new again, as Stripe does when keys are a day old."""
        for here in self._door.environments:
            here.keys.forget()

    def refuse_text(self, text: str) -> None:
        """Let Stripe say no to this text about a customer, as it does to addresses that it knows better."""
        self.test.store.refused.add(text)

    def tax_rate(self, display_name: str, percentage: float, *, inclusive: bool) -> Json:
        """Make a tax rate, as its owner does in the dashboard."""
        given = {"display_name": display_name, "percentage": percentage, "inclusive": inclusive}
        return self.test.tax_rates.create(Call(given))

    def restrict(self, *paths: str) -> None:
        """Refuse POSTs to these routes (such as "invoices/{id}/finalize") once they have begun; to none by default.

        So Stripe does to an account that owes it documents, until it has them.
        """
        for here in self._door.environments:
            here.account.restricted = frozenset(paths)

    def set_search_lag(self, seconds: float) -> None:
        """Let searches find objects only after this time, as the real index may take a minute."""
        for here in self._door.environments:
            here.search.lag = seconds

    def keep_refunds_pending(self, reason: str | None = "processing") -> None:
        """Let new refunds wait for `settle_refund`, for this `pending_reason`, or as "requires_action"."""
        for here in self._door.environments:
            here.refunding.pending = reason

    def settle_refund(self, refund_id: str, *, fails: bool | None = None) -> Json:
        """End a pending refund, or let a succeeded one fail; by default as its card does."""
        return self._having("refund", refund_id).refunding.settle(refund_id, fails=fails)

    def capture_after(self, seconds: float | None) -> None:
        """Let charges have no balance transaction until so many seconds later, or until `settle_charges` if None.

        It is a moment later by default, as at Stripe; 0 is at once.
        """
        for here in self._door.environments:
            here.payments.capture_after = seconds

    def settle_charges(self) -> None:
        """Capture what waits for it: the balance transactions are there, and `charge.updated` tells."""
        for here in self._door.environments:
            here.payments.settle()

    @property
    def capturing(self) -> bool:
        """Whether a charge anywhere waits to be captured."""
        return any(here.payments.capturing for here in self._door.environments)

    def settle_in(self, currency: str, rates: Mapping[str, Decimal]) -> None:
        """Let accounts settle in one currency; `rates`: what one unit of another currency is worth in it.

        The smallest charge is then that currency's, and the account and its balance name it.
        """
        for here in self._door.environments:
            here.balance.settle_in(currency, rates)

    def fail_finalizing(self, fails: bool = True) -> None:
        """Let no way of paying be enabled, so that no draft can be finalised."""
        for here in self._door.environments:
            here.collection.without_methods = fails

    def take_fee(self, amount: int, currency: str = "usd") -> Json:
        """Let Stripe take what it asks for a product such as Invoicing: an entry of its own, long after the payment."""
        source = {"id": None, "currency": currency}
        return self.test.balance.enter("stripe_fee", -amount, source, description="Invoicing", category="fee")

    def make_available(self, currency: str | None = None) -> None:
        """Let pending funds become available now."""
        for here in self._door.environments:
            here.payments.settle()
            here.balance.make_available(currency)

    def credit_note(self, invoice_id: str, amount: int, **back: int) -> Json:
        """Credit a part of an invoice, as somebody does in the dashboard.

        back: how what was paid goes back: `refund_amount`, `credit_amount`, `out_of_band_amount`. Raises StripeError
        for what Stripe refuses.
        """
        here = self._having("invoice", invoice_id)
        return here.crediting.create(Call({"invoice": invoice_id, "amount": amount, **back}))

    def pay_out(self, currency: str = "usd", status: str = "paid") -> Json:
        """Make everything in a currency available and pay it out; raises ValueError when there is nothing.

        status: how far it gets: pending, in_transit, or paid; `advance_payout` has it go on.
        """
        self.test.payments.settle()
        return self.test.payouts.pay_out(currency, status)

    def pay_out_by_hand(self, amount: int, currency: str = "usd") -> Json:
        """Pay out a part of what is available, as somebody does in the dashboard. Raises StripeError above that."""
        return self.test.payouts.create(Call({"amount": amount, "currency": currency}))

    def advance_payout(self, payout_id: str, status: str = "paid") -> Json:
        """Let a payout be on its way to the bank (in_transit), or there (paid)."""
        return self._having("payout", payout_id).payouts.advance(payout_id, status)

    def fail_payout(self, payout_id: str, code: str = "account_closed") -> Json:
        """Let the bank send a payout back, also one that was paid."""
        return self._having("payout", payout_id).payouts.fail(payout_id, code)

    def dispute(self, charge_id: str, reason: str = "fraudulent", *, inquiry: bool = False) -> Json:
        """Let the customer's bank take a payment back, or only inquire about it: then no money moves."""
        here = self._having("charge", charge_id)
        here.payments.settle(charge_id)
        return here.disputes.begin(charge_id, reason, inquiry=inquiry)

    def decide_dispute(self, dispute_id: str, *, won: bool) -> Json:
        """Let the bank decide a dispute."""
        return self._having("dispute", dispute_id).disputes.decide(dispute_id, won=won)

    def _having(self, kind: str, thing_id: str) -> Environment:
        for here in self._door.environments:
            if here.store.by_id(thing_id) is not None:
                return here
        raise missing_thing(kind, thing_id)
