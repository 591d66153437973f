"""The baseline of `refund`: the same calls to the same providers and as many commits, and nothing else."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from benchmarks.bare.script import Script

AMOUNT = 100


class RefundScript(Script):
    """Each chat has a paid invoice, of which 1.00 goes back again and again."""

    def __init__(self, order: dict[str, Any]) -> None:
        super().__init__(order)
        self._paid: dict[int, tuple[str, str, str]] = {}
        self._last: dict[int, str] = {}

    async def pay(self) -> None:
        """A paid invoice for each chat. Raises ValueError where there is a kind of call that it cannot make."""
        for chat in self._chats:
            customer = await self._customer(chat)
            invoices, items = self._stripe.v1.invoices, self._stripe.v1.invoice_items
            made = await invoices.create_async({"customer": customer, "currency": "usd", "auto_advance": False})
            await items.create_async({"customer": customer, "invoice": made.id, "amount": 12_000, "currency": "usd"})
            await invoices.finalize_invoice_async(made.id)
            await invoices.pay_async(made.id, {"payment_method": "pm_card_visa"})
            paid = await invoices.retrieve_async(made.id, {"expand": ["payments.data.payment.payment_intent"]})
            assert paid.payments is not None
            intent: Any = paid.payments.data[0].payment.payment_intent
            self._paid[chat] = made.id, intent.id, str(intent.latest_charge)
        if unknown := self._per_brief.keys() - self._calls(self._chats[0], "").keys() - {"commits"}:
            raise ValueError(f"no such call: {sorted(unknown)}")

    def _calls(self, chat: int, name: str) -> dict[str, Callable[[], Awaitable[Any]]]:
        invoice, intent, charge = self._paid[chat]
        v1, of_intent = self._stripe.v1, {"type": "payment_intent", "payment_intent": intent}
        paid_by: Any = {"payment": of_intent, "limit": 1}
        return super()._calls(chat, name) | {
            "POST refunds": lambda: self._refund(chat, intent, name),
            "GET invoices/{id}": lambda: v1.invoices.retrieve_async(
                invoice, {"expand": ["payments.data.payment.payment_intent"]}
            ),
            "GET invoice_payments": lambda: v1.invoice_payments.list_async(paid_by),
            "GET charges/{id}": lambda: v1.charges.retrieve_async(charge, {"expand": ["balance_transaction"]}),
            "GET refunds": lambda: v1.refunds.list_async({"charge": charge, "limit": 100}),
            "GET refunds/{id}": lambda: v1.refunds.retrieve_async(self._last[chat]),
        }

    async def _refund(self, chat: int, intent: str, name: str) -> None:
        made = await self._stripe.v1.refunds.create_async(
            {"payment_intent": intent, "amount": AMOUNT}, {"idempotency_key": f"{name}:refund"}
        )
        self._last[chat] = made.id


async def main() -> None:
    """Carry the one order out."""
    order = orjson.loads(sys.stdin.readline())
    script = RefundScript(order)
    await script.pay()
    took = await script.run(order["clients"], order["each"])
    print(orjson.dumps(took).decode(), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
