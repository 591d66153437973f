"""The chapters on money: a refund that two people have to approve, and a ledger that does not agree with Stripe."""

import re

from bot.access.model import TENANT
from bot.invoices.events import OUR_INVOICE, OUR_SUBJECT
from bot.kernel.clock import SystemClock
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from sandbox.demo.cast import Cast, tap
from sandbox.demo.transcript import Transcript
from sandbox.stripe.errors import Json
from sandbox.stripe.server import StripeStandIn
from sandbox.telegram.seen import NotSeen, Seen
from storage.engine.database import Database, Transaction
from storage.ledger import postings

# The time in which a refund can be stopped, in minutes, and how fast these go by in the story.
FUSE_MINUTES, MINUTE_SECONDS = 5, 1.0
WRONG = Money(500, "USD")
_MISMATCH = re.compile(r"/mismatch_\d+")


class MoneyChapters:
    """Plays Bob, Carol and Erin; each chapter raises NotSeen where something that must happen does not.

    database_url: EchoPilot's, for what a fault of ours would write there.
    """

    def __init__(self, cast: Cast, stripe: StripeStandIn, told: Transcript, database_url: str) -> None:
        self._cast, self._words = cast, cast.words
        self._stripe = stripe
        self._told = told
        self._database_url = database_url

    async def refund(self, brief: int) -> None:
        """All of a brief's payment goes back, once two people approved it: stopped the first time, sent the second."""
        alice, bob, shown = self._cast.alice, self._cast.bob, self._words.shown
        invoice = self._invoice_of(brief)
        self._told.line("System", "says", "a minute of the time to stop a refund takes a second in this story")
        fuse = await self._approved_by_two(str(invoice["number"]))
        mark = bob.mark()
        await tap(self._cast.carol, "apstop", fuse)
        await bob.sees(shown("nothing done"), after=mark)
        self._sent_back(0)
        mark = bob.mark()
        await self._approved_by_two(str(invoice["number"]))
        await bob.sees(shown("sent back to client"), after=mark)
        await alice.sees(shown("refund"))
        self._sent_back(int(invoice["amount_paid"]))

    async def _approved_by_two(self, number: str) -> Seen:
        """Bob asks for it; Carol and Erin approve; returns Carol's card, on which the minutes are counted down."""
        carol, erin, shown = self._cast.carol, self._cast.erin, self._words.shown
        marks = {person.id: person.mark() for person in (carol, erin)}
        await self._asked_for(number)
        for person in (carol, erin):
            await tap(person, "apyes", await person.sees(shown("approval"), after=marks[person.id]))
        return await carol.sees(self._words.counted("fuse", FUSE_MINUTES), after=marks[carol.id])

    async def _asked_for(self, number: str) -> None:
        bob, shown = self._cast.bob, self._words.shown
        mark = bob.mark()
        await bob.says(f"/refund {number}")
        await tap(bob, "rfall", await bob.sees(shown("left"), after=mark))
        await bob.sees(shown("why"), after=mark)
        await bob.says(self._words.said.why)
        await tap(bob, "rfask", await bob.sees(shown("preview", number=number), after=mark))

    def _sent_back(self, minor: int) -> None:
        """Stripe sent so much back in all."""
        refunds = list(self._stripe.refunds.values())
        sent = sum(refund["amount"] for refund in refunds)
        if sent != minor or len(refunds) != bool(minor):
            raise NotSeen(f"Stripe was to send back {minor} by one refund, and sent {sent} by {len(refunds)}")
        self._told.line("Stripe", "has", f"1 refund, {Money(sent, 'USD')}" if minor else "no refund")

    def _invoice_of(self, brief: int) -> Json:
        return next(
            one for one in self._stripe.invoices.values() if one["metadata"].get(OUR_SUBJECT) == f"brief:{brief}"
        )

    async def mismatch(self, brief: int) -> None:
        """A wrong entry is planted; comparing with Stripe finds it, says what it is, and a tap repairs it."""
        carol, shown = self._cast.carol, self._words.shown
        await self._plant(f"invoice:{self._invoice_of(brief)['metadata'][OUR_INVOICE]}")
        mark = carol.mark()
        await carol.says("/reconcile")
        result = await self._compared(await carol.sees(shown("reconciliation"), after=mark), new=1)
        news = await carol.sees(_MISMATCH, after=mark)
        mark = carol.mark()
        await carol.says(_MISMATCH.findall(news.text)[0])
        await tap(carol, "mrepair", await carol.sees(shown("mismatch"), after=mark))
        await carol.sees(shown("repaired"), after=mark)
        after = await self._compared(result, new=0)
        if not shown("agrees").search(after.text):
            raise NotSeen(f"Carol: the ledger does not agree with Stripe after the repair:\n{after.text}")

    async def _compared(self, card: Seen, *, new: int) -> Seen:
        carol = self._cast.carol
        mark = carol.mark()
        await tap(carol, "reconcile", card)
        return await carol.sees(self._words.shown("compared", new=new), after=mark)

    async def _plant(self, reference: str) -> None:
        """Write down a fee that Stripe did not take, as a fault of ours would."""
        lines = Line(Account.STRIPE_FEES, WRONG), Line(Account.STRIPE_BALANCE, -WRONG)
        database = Database(self._database_url, SystemClock())

        async def work(tx: Transaction) -> None:
            await postings.post(tx, TENANT, Posting("planted", "adjustment", reference, lines))

        try:
            await database.write(work)
        finally:
            await database.close()
        self._told.line("System", "plants", f"an entry in the ledger: {WRONG} of fees that Stripe did not take")
