"""Refunds and disputes at Stripe: https://docs.stripe.com/api/refunds, https://docs.stripe.com/api/disputes."""

from datetime import UTC, datetime

import stripe

from bot.adapters.stripe import requests
from bot.adapters.stripe.values import id_of, moves_of
from bot.invoices.events import Reread
from bot.invoices.remote import RemoteNotice
from bot.kernel.money import Money

MOVES = ["balance_transaction", "failure_balance_transaction"]


class StripeRefunds:
    """See `bot.invoices.ports.Payments.notices`."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1

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
        refund.id, "refund", str(refund.status), amount, id_of(refund.payment_intent), reason, moves=moves_of(moves)
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
