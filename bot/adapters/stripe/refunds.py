"""Refunds and disputes at Stripe: https://docs.stripe.com/api/refunds, https://docs.stripe.com/api/disputes."""

from datetime import UTC, datetime
from typing import Any

import stripe

from bot.adapters.stripe import requests
from bot.adapters.stripe.invoice_payments import StripeInvoicePayments
from bot.adapters.stripe.values import id_of, mark_of, moves_of, our_refund, row_of
from bot.invoices.events import OUR_REFUND, Reread
from bot.invoices.ports import RefundOrder
from bot.invoices.remote import RemoteCharge, RemoteNotice
from bot.kernel.money import Money

MOVES = ["balance_transaction", "failure_balance_transaction"]


class StripeRefunds:
    """See `charges`, `refund`, `refund_made` and `notices` of `bot.invoices.ports.Payments`."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1
        self._payments = StripeInvoicePayments(client)

    async def charges(self, remote_id: str) -> list[RemoteCharge]:
        """See `Payments.charges`."""
        return [await self._plain(one, charge) for one, charge in await self._payments.charged(remote_id)]

    async def _plain(self, payment: stripe.InvoicePayment, charge: stripe.Charge) -> RemoteCharge:
        settled, card = charge.balance_transaction, getattr(charge.payment_method_details, "card", None)
        fee = None
        if isinstance(settled, stripe.BalanceTransaction):
            fee = Money(settled.fee, settled.currency.upper())
        return RemoteCharge(
            intent=id_of(charge.payment_intent) or charge.id,
            amount=Money(payment.amount_paid or 0, payment.currency.upper()),
            fee=fee,
            ending=str(card.last4) if card is not None and card.last4 else "",
            disputed=charge.disputed and await self._disputed(charge.id),
            refunds=tuple(await self.notices(Reread.CHARGE, charge.id)),
        )

    async def _disputed(self, charge: str) -> bool:
        """A charge stays disputed for ever; each of its disputes says whether it can be refunded now."""
        listing = self._v1.disputes.list_async({"charge": charge, "limit": 100})
        return not all([one.is_charge_refundable async for one in requests.listed(listing)])

    async def make(self, order: RefundOrder) -> RemoteNotice:
        """See `Payments.refund`."""
        marks = {OUR_REFUND: str(order.refund_id), **requests.marks(order.attempt)}
        params: Any = {"payment_intent": order.intent, "amount": order.amount.minor, "metadata": marks, "expand": MOVES}
        once = requests.once("refund", order.refund_id, "create", order.attempt)
        return _refund(await requests.ask(self._v1.refunds.create_async(params, once)))

    async def made(self, order: RefundOrder) -> RemoteNotice | None:
        """See `Payments.refund_made`. Stripe's lists have what was just written."""
        expand = [f"data.{name}" for name in MOVES]
        listing = self._v1.refunds.list_async({"payment_intent": order.intent, "limit": 100, "expand": expand})
        async for refund in requests.listed(listing):
            made_at, ours = datetime.fromtimestamp(refund.created, UTC), our_refund(refund) == order.refund_id
            if ours and order.attempt.made(mark_of(refund), row_of(refund), made_at):
                return _refund(refund)
        return None

    async def notices(self, kind: Reread, remote_id: str) -> list[RemoteNotice]:
        """See `Payments.notices`."""
        if kind is Reread.DISPUTE:
            return [_dispute(await requests.ask(self._v1.disputes.retrieve_async(remote_id)))]
        if kind is Reread.REFUND:
            return [_refund(await requests.ask(self._v1.refunds.retrieve_async(remote_id, {"expand": MOVES})))]
        expand = [f"data.{name}" for name in MOVES]
        listing = self._v1.refunds.list_async({"charge": remote_id, "limit": 100, "expand": expand})
        return [_refund(refund) async for refund in requests.listed(listing)]


def _refund(refund: stripe.Refund) -> RemoteNotice:
    amount = Money(refund.amount, refund.currency.upper())
    reason = getattr(refund, "failure_reason", None) or refund.reason
    moves = [refund.balance_transaction, getattr(refund, "failure_balance_transaction", None)]
    return RemoteNotice(
        refund.id,
        "refund",
        str(refund.status),
        amount,
        id_of(refund.payment_intent),
        reason,
        moves=moves_of(moves),
        refund_id=our_refund(refund),
        installation=mark_of(refund),
        row=row_of(refund),
        made_at=datetime.fromtimestamp(refund.created, UTC),
    )


def _dispute(dispute: stripe.Dispute) -> RemoteNotice:
    amount, due = Money(dispute.amount, dispute.currency.upper()), dispute.evidence_details.due_by
    until = datetime.fromtimestamp(due, UTC) if due else None
    return RemoteNotice(
        dispute.id,
        "dispute",
        str(dispute.status),
        amount,
        id_of(dispute.payment_intent),
        dispute.reason,
        until,
        moves_of(dispute.balance_transactions),
    )
