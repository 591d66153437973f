"""What the stage does for `benchmarks.refund_path`: invoices are paid, and money of them is asked back and approved."""

import asyncio
import re
import time

from sandbox.telegram.people import Person
from tests.house import CAROL, WEBHOOK_SECRET, Providers

FIRST_CLERK = 300_001
PATIENCE_SECONDS = 60.0
INVOICE_NUMBER = re.compile(r"^Invoice (\S+) · To pay")
NEEDS_APPROVAL = re.compile(r"^Refund \d+ · Needs approval")


class RefundActs:
    """Clients who pay, clerks who ask for a part of it back, and Carol, who approves it."""

    def __init__(self, providers: Providers) -> None:
        self._providers = providers
        self._people: list[Person] = []
        self._clerks: list[Person] = []

    async def webhooks(self, port: int) -> None:
        """Send Stripe's events to the program on this port from now on."""
        self._providers.stripe.webhook(f"http://127.0.0.1:{port}/webhooks/stripe", WEBHOOK_SECRET)

    async def clerks(self, count: int) -> list[int]:
        """See to it that there are so many; returns their Telegram ids."""
        made = [self._providers.telegram.person(f"Clerk {n + 1}", id=FIRST_CLERK + n) for n in range(count)]
        self._clerks = made
        return [person.id for person in made]

    async def pay_all(self) -> list[str]:
        """Each client pays their invoice, and reads the receipt; returns the invoices' numbers."""
        return await asyncio.gather(*(self._pays(person) for person in self._people))

    async def _pays(self, person: Person) -> str:
        card = await person.sees(INVOICE_NUMBER, timeout=PATIENCE_SECONDS)
        found = INVOICE_NUMBER.search(card.text)
        assert found is not None
        invoices = self._providers.stripe.invoices.values()
        await self._providers.stripe.pay(next(str(one["id"]) for one in invoices if one["number"] == found[1]))
        await person.sees("thank you", timeout=PATIENCE_SECONDS)
        return found[1]

    async def settled(self) -> None:
        """Every payment is settled, and every event taken."""
        self._providers.stripe.settle_charges()
        await self._providers.stripe.delivered()

    async def refunds(self, numbers: list[str], each: int) -> tuple[float, list[float]]:
        """A clerk for each invoice asks so often for 1.00 of it; returns the seconds in all, and those of each."""
        carol = self._providers.telegram.person("Carol", id=CAROL)
        mark = carol.mark()
        await carol.says("/approvals")
        await carol.sees("Nothing waits", after=mark, timeout=PATIENCE_SECONDS)
        began = time.perf_counter()
        pairs = zip(self._clerks, numbers, strict=True)
        asking = asyncio.gather(*(self._in_a_row_back(clerk, number, each) for clerk, number in pairs))
        async with asyncio.TaskGroup() as taps:
            mark = carol.mark()
            for _ in range(len(numbers) * each):
                card = await carol.sees(NEEDS_APPROVAL, after=mark, timeout=PATIENCE_SECONDS)
                mark = card.seq
                taps.create_task(carol.taps("Approve", card, timeout=PATIENCE_SECONDS))
        waits = [wait for one in await asking for wait in one]
        return time.perf_counter() - began, waits

    async def _in_a_row_back(self, clerk: Person, number: str, each: int) -> list[float]:
        waits = []
        for _ in range(each):
            began, mark = time.perf_counter(), clerk.mark()
            for words, answer in ((f"/refund {number}", "Left to refund"), ("1", "Why?"), ("Too late", "Not asked")):
                await clerk.says(words)
                preview = await clerk.sees(answer, after=mark, timeout=PATIENCE_SECONDS)
            await clerk.taps("Ask for approval", preview, timeout=PATIENCE_SECONDS)
            await clerk.sees("· Sent back", after=mark, timeout=PATIENCE_SECONDS)
            waits.append(time.perf_counter() - began)
        return waits
