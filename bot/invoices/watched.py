"""Payments, watched: of a provider that does not answer, or refuses our key, admins hear once, and of its end."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.invoices.events import Reread
from bot.invoices.payer import BillingDetails
from bot.invoices.ports import AccessRefused, Attempt, InvoiceOrder, PaymentEvent, Payments, Place, RefundOrder
from bot.invoices.remote import RemoteCharge, RemoteInvoice, RemoteMove, RemoteNotice, RemotePayout
from bot.invoices.tax import TaxRate
from bot.kernel.breaker import Breaker, Circuit
from bot.kernel.clock import Clock
from bot.kernel.errors import ProviderError
from bot.models.guard import Change, News
from bot.ops.metrics import Metrics

T = TypeVar("T")
PROVIDER = "Stripe"
PROOF = "invoice"  # what a sound key has to be able to do


class WatchedPayments:
    """See `bot.invoices.ports.Payments`. A key may be refused for one verb alone; its end is that verb's success.

    The breaker only tells an outage from a fault of one invoice: whoever calls waits by itself, and is not held back.
    """

    def __init__(self, payments: Payments, clock: Clock, changes: "asyncio.Queue[News]", metrics: Metrics) -> None:
        self._payments = payments
        self._metrics = metrics
        self._clock = clock
        self._changes = changes
        self._breaker = Breaker()
        self._refused: set[str] = set()
        self._proved = False

    async def place(self) -> Place:
        return await self._noted("place", self._payments.place())

    async def customer(self, person_id: int, attempt: Attempt) -> str:
        return await self._watch("customer", self._payments.customer(person_id, attempt))

    async def describe(self, customer: str, details: BillingDetails) -> None:
        await self._watch("describe", self._payments.describe(customer, details))

    async def invoice(self, order: InvoiceOrder) -> RemoteInvoice:
        return await self._watch(PROOF, self._payments.invoice(order))

    async def void(self, invoice_id: int, remote_id: str, attempt: Attempt) -> None:
        await self._watch("void", self._payments.void(invoice_id, remote_id, attempt))

    async def write_off(self, invoice_id: int, remote_id: str, attempt: Attempt) -> None:
        await self._watch("write_off", self._payments.write_off(invoice_id, remote_id, attempt))

    async def read_invoice(self, remote_id: str) -> RemoteInvoice:
        return await self._watch("read_invoice", self._payments.read_invoice(remote_id))

    async def invoices_paid_by(self, intent: str) -> list[str]:
        return await self._watch("invoices_paid_by", self._payments.invoices_paid_by(intent))

    async def charges(self, remote_id: str) -> list[RemoteCharge]:
        return await self._watch("charges", self._payments.charges(remote_id))

    async def refund(self, order: RefundOrder) -> RemoteNotice:
        return await self._watch("refund", self._payments.refund(order))

    async def refund_made(self, order: RefundOrder) -> RemoteNotice | None:
        return await self._watch("refund_made", self._payments.refund_made(order))

    async def notices(self, kind: Reread, remote_id: str) -> list[RemoteNotice]:
        return await self._watch(f"notices of a {kind}", self._payments.notices(kind, remote_id))

    async def tax_rate(self, rate_id: str) -> TaxRate | None:
        return await self._watch("tax rate", self._payments.tax_rate(rate_id))

    async def payout(self, remote_id: str) -> RemotePayout:
        return await self._watch("payout", self._payments.payout(remote_id))

    async def payouts(self, since: datetime) -> list[RemotePayout]:
        # nothing but the comparison stops where a key may not read these
        return await self._counted("payouts", self._payments.payouts(since))

    async def moves(self, since: datetime) -> list[RemoteMove]:
        return await self._counted("moves", self._payments.moves(since))

    async def paid_out(self, payout: str) -> list[RemoteMove]:
        return await self._counted("paid_out", self._payments.paid_out(payout))

    async def events(self, kinds: Sequence[str], before: str | None) -> list[PaymentEvent]:
        return await self._counted("events", self._payments.events(kinds, before))  # nothing stops without these

    def verify(self, payload: bytes, signature: str, now: datetime) -> PaymentEvent:
        return self._payments.verify(payload, signature, now)

    async def _watch(self, verb: str, request: Awaitable[T]) -> T:
        try:
            result = await self._noted(verb, request)
        except AccessRefused as error:
            error.outage = True
            self._refused.add(verb)
            self._changes.put_nowait(Change(PROVIDER, up=False, reason=str(error), refused=True))
            raise
        first = verb == PROOF and not self._proved
        self._proved = self._proved or first
        if verb in self._refused or first:
            self._refused.discard(verb)
            if not self._refused:
                self._changes.put_nowait(Change(PROVIDER, up=True))
        return result

    async def _counted(self, verb: str, request: Awaitable[T]) -> T:
        with self._metrics.call("stripe", verb):
            return await request

    async def _noted(self, verb: str, request: Awaitable[T]) -> T:
        """What came of a request says whether the provider answers."""
        self._breaker.enter()
        try:
            result = await self._counted(verb, request)
        except ProviderError as error:
            if error.permanent or isinstance(error, AccessRefused):
                self._answered()
            elif self._breaker.failed(self._clock.now()):
                self._changes.put_nowait(Change(PROVIDER, up=False, reason=str(error)))
            elif self._breaker.state is Circuit.OPEN and self._breaker.tells_again(self._clock.now()):
                self._changes.put_nowait(Change(PROVIDER, up=False, reason=str(error), still=True))
            error.outage = self._breaker.state is not Circuit.CLOSED
            raise
        except BaseException:
            self._breaker.left()
            raise
        self._answered()
        return result

    def _answered(self) -> None:
        was_down = self._breaker.state is not Circuit.CLOSED
        now = self._clock.now()
        self._breaker.succeeded(now)
        if was_down and not self._refused:
            self._changes.put_nowait(Change(PROVIDER, up=True))
        elif self._breaker.tells_again(now):
            self._changes.put_nowait(Change(PROVIDER, up=True, still=True))
