"""Payments, watched for a key that the provider refuses: admins hear of it once, and of its end."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.billing.payer import BillingDetails
from bot.billing.ports import AccessRefused, Attempt, InvoiceOrder, PaymentEvent, Payments, Place
from bot.billing.remote import RemoteInvoice, RemoteNotice
from bot.platform.guard import Change, News

T = TypeVar("T")
PROVIDER = "Stripe"
PROOF = "invoice"  # what a sound key has to be able to do


class WatchedPayments:
    """See `bot.billing.ports.Payments`. A key may be refused for one verb alone; its end is that verb's success."""

    def __init__(self, payments: Payments, changes: "asyncio.Queue[News]") -> None:
        self._payments = payments
        self._changes = changes
        self._refused: set[str] = set()
        self._proved = False

    async def place(self) -> Place:
        return await self._payments.place()

    async def customer(self, person_id: int, attempt: Attempt) -> str:
        return await self._watch("customer", self._payments.customer(person_id, attempt))

    async def describe(self, customer: str, details: BillingDetails) -> None:
        await self._watch("describe", self._payments.describe(customer, details))

    async def invoice(self, order: InvoiceOrder) -> RemoteInvoice:
        return await self._watch(PROOF, self._payments.invoice(order))

    async def read_invoice(self, remote_id: str) -> RemoteInvoice:
        return await self._watch("read_invoice", self._payments.read_invoice(remote_id))

    async def invoice_paid_by(self, intent: str) -> str | None:
        return await self._watch("invoice_paid_by", self._payments.invoice_paid_by(intent))

    async def notices(self, kind: str, remote_id: str) -> list[RemoteNotice]:
        return await self._watch(f"notices of a {kind}", self._payments.notices(kind, remote_id))

    async def events(self, kinds: Sequence[str], before: str | None) -> list[PaymentEvent]:
        return await self._payments.events(kinds, before)  # nothing stops where a key may not read these

    def verify(self, payload: bytes, signature: str, now: datetime) -> PaymentEvent:
        return self._payments.verify(payload, signature, now)

    async def _watch(self, verb: str, request: Awaitable[T]) -> T:
        try:
            result = await request
        except AccessRefused as error:
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
