"""What moved on the balance at Stripe, and payouts: https://docs.stripe.com/api/balance_transactions/object,
https://docs.stripe.com/reports/reporting-categories.
"""

from datetime import UTC, datetime
from typing import Any

import stripe

from bot.adapters.stripe import requests
from bot.adapters.stripe.values import id_of, moves_of, settled
from bot.invoices.remote import RemoteMove, RemotePayout
from bot.kernel.money import Money

BOTH_WAYS = ["balance_transaction", "failure_balance_transaction"]


class StripeBalance:
    """See `payout`, `payouts`, `moves` and `paid_out` of `bot.invoices.ports.Payments`."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1

    async def payout(self, remote_id: str) -> RemotePayout:
        """See `Payments.payout`."""
        return _payout(await requests.ask(self._v1.payouts.retrieve_async(remote_id, {"expand": BOTH_WAYS})))

    async def payouts(self, since: datetime) -> list[RemotePayout]:
        """See `Payments.payouts`."""
        params: Any = {"limit": 100, "created": _from(since), "expand": [f"data.{name}" for name in BOTH_WAYS]}
        return [_payout(one) async for one in requests.listed(self._v1.payouts.list_async(params))]

    async def moves(self, since: datetime) -> list[RemoteMove]:
        """See `Payments.moves`."""
        return await self._moves({"created": _from(since)})

    async def paid_out(self, payout: str) -> list[RemoteMove]:
        """See `Payments.paid_out`."""
        return await self._moves({"payout": payout})

    async def _moves(self, which: dict[str, Any]) -> list[RemoteMove]:
        params: Any = {"limit": 100, "expand": ["data.source"], **which}
        listing = self._v1.balance_transactions.list_async(params)
        return [_move(one) async for one in requests.listed(listing)]


def _from(since: datetime) -> dict[str, int]:
    return {"gte": int(since.timestamp())}


def _move(one: stripe.BalanceTransaction) -> RemoteMove:
    source: Any = one.source
    named = source if source is not None and not isinstance(source, str) else None
    amount, currency = getattr(named, "amount", None), getattr(named, "currency", None)
    return RemoteMove(
        id=one.id,
        category=one.reporting_category,
        settled=settled(one),
        created_at=datetime.fromtimestamp(one.created, UTC),
        source=id_of(source),
        intent=id_of(getattr(named, "payment_intent", None)),
        face=Money(amount, currency.upper()) if amount is not None and currency else None,
        description=one.description or one.type,
    )


def _payout(payout: stripe.Payout) -> RemotePayout:
    return RemotePayout(
        id=payout.id,
        status=payout.status,
        amount=Money(payout.amount, payout.currency.upper()),
        arrives=datetime.fromtimestamp(payout.arrival_date, UTC),
        automatic=payout.automatic,
        counted=payout.automatic and payout.reconciliation_status == "completed",
        reason=payout.failure_code,
        moves=moves_of((payout.balance_transaction, payout.failure_balance_transaction)),
    )
