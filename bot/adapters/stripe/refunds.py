"""Refunds and disputes at Stripe: https://docs.stripe.com/api/refunds, https://docs.stripe.com/api/disputes."""

from datetime import UTC, datetime

import stripe

from bot.adapters.stripe import requests
from bot.adapters.stripe.values import id_of
from bot.invoices.events import Reread
from bot.invoices.remote import RemoteNotice
from bot.kernel.money import Money


class StripeRefunds:
    """See `bot.invoices.ports.Payments.notices`."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1

    async def notices(self, kind: Reread, remote_id: str) -> list[RemoteNotice]:
        """See `Payments.notices`."""
        if kind is Reread.DISPUTE:
            return [_dispute(await requests.ask(self._v1.disputes.retrieve_async(remote_id)))]
        if kind is Reread.REFUND:
            return [_refund(await requests.ask(self._v1.refunds.retrieve_async(remote_id)))]
        listing = self._v1.refunds.list_async({"charge": remote_id, "limit": 100})
        return [_refund(refund) async for refund in requests.listed(listing)]


def _refund(refund: stripe.Refund) -> RemoteNotice:
    amount = Money(refund.amount, refund.currency.upper())
    reason = getattr(refund, "failure_reason", None) or refund.reason
    return RemoteNotice(refund.id, "refund", str(refund.status), amount, id_of(refund.payment_intent), reason)


def _dispute(dispute: stripe.Dispute) -> RemoteNotice:
    amount, due = Money(dispute.amount, dispute.currency.upper()), dispute.evidence_details.due_by
    until = datetime.fromtimestamp(due, UTC) if due else None
    intent = id_of(dispute.payment_intent)
    return RemoteNotice(dispute.id, "dispute", str(dispute.status), amount, intent, dispute.reason, until)
