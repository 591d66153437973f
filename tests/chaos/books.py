"""The admin who keeps the books while the program dies: what is planted there is found by /reconcile, and repaired."""

import re
from contextlib import suppress

from bot.access.model import TENANT
from bot.kernel.money import Money
from bot.ledger.books import of_invoice
from bot.ledger.model import Account, Line, Posting
from sandbox.stripe.api import Call
from sandbox.stripe.server import StripeStandIn
from sandbox.telegram.people import Person
from sandbox.telegram.seen import NotSeen, Seen
from storage.engine.database import Database
from storage.ledger import postings
from tests.chaos.people import FOREVER, PATIENCE_SECONDS, Story

PLANTED = "planted:"
WRONG_FEE, UNHEARD = 500, 200  # minor units
ROUNDS = 8  # within which everything has to agree
TAPS = 5
COMPARED = re.compile("movements compared")


class Books:
    """Erin. Each of her repairs is of money that the ledger and Stripe do not agree on."""

    def __init__(self, erin: Person, stripe: StripeStandIn, database: Database) -> None:
        self.planted = 0
        self.repaired = 0
        self._erin = erin
        self._stripe = stripe
        self._database = database

    async def plant(self, story: Story) -> None:
        """In turn a fee that nobody took, and a refund in the dashboard of which no webhook tells."""
        self.planted += 1
        theirs = next(one for one in self._stripe.invoices.values() if one["number"] == story.invoice)
        if self.planted % 2:
            await self._wrong_fee(int(theirs["metadata"]["echopilot_invoice"]))
        else:
            self._unheard_refund(theirs["id"])

    async def _wrong_fee(self, invoice_id: int) -> None:
        lines = ((Account.STRIPE_FEES, WRONG_FEE), (Account.STRIPE_BALANCE, -WRONG_FEE))
        wrong = tuple(Line(account, Money(minor, "USD")) for account, minor in lines)
        posting = Posting(f"{PLANTED}{self.planted}", "adjustment", of_invoice(invoice_id), wrong)
        await self._database.write(lambda tx: postings.post(tx, TENANT, posting))

    def _unheard_refund(self, stripe_id: str) -> None:
        (payment,) = self._stripe.test.store.invoice_payments.where("invoice", stripe_id)
        endpoints = self._stripe.webhooks.endpoints
        kept, endpoints[:] = list(endpoints), []
        intent = payment["payment"]["payment_intent"]
        self._stripe.test.refunding.create(Call({"payment_intent": intent, "amount": UNHEARD}))
        endpoints[:] = kept

    async def repair_all(self) -> bool:
        """Compare and repair until everything agrees; says whether it does."""
        for _ in range(ROUNDS):
            found = await self.compare()
            if not found:
                return True
            for number in found:
                await self._repair(number)
        return False

    async def repair_one(self) -> None:
        """Compare until something is found, and repair that."""
        for _ in range(ROUNDS):
            if found := await self.compare():
                await self._repair(found[0])
                return

    async def compare(self) -> list[str]:
        """The numbers of what is open, once it was compared; the same result as before is not shown once more."""
        card = await self._answered("/reconcile", re.compile("^Reconciliation"))
        mark = self._erin.mark()
        with suppress(NotSeen):
            if await self._tapped("Compare now", card):
                await self._erin.sees(COMPARED, after=mark, timeout=PATIENCE_SECONDS)
        card = await self._answered("/reconcile", re.compile("^Reconciliation"))
        return re.findall(r"/mismatch_(\d+)", card.text)

    async def _repair(self, number: str) -> None:
        card = await self._answered(f"/mismatch_{number}", re.compile(rf"^Mismatch {number} ·"))
        if "Repair" in card.labels:
            self.repaired += await self._tapped("Repair", card)

    async def _answered(self, words: str, wanted: re.Pattern[str]) -> Seen:
        """The answer; a fault of the bot's is answered by saying it again."""
        while True:
            mark = self._erin.mark()
            await self._erin.says(words)
            answer = await self._erin.sees(re.compile(f"{wanted.pattern}|our fault"), after=mark, timeout=FOREVER)
            if wanted.search(answer.text):
                return answer

    async def _tapped(self, label: str, card: Seen) -> bool:
        """Whether the tap was answered, or the button has gone."""
        for _ in range(TAPS):
            try:
                await self._erin.taps(label, card, timeout=PATIENCE_SECONDS)
            except NotSeen:
                shown = next(message for message in self._erin.messages() if message.id == card.id)
                if label not in shown.labels:
                    return True
            else:
                return True
        return False
