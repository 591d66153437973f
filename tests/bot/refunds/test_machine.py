"""Refunds in any order: asked for, approved, refused, stopped, sent, made in the dashboard, failing days later; and the
ledger that follows them, corrected and held against Stripe meanwhile.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from stripe import InvalidRequestError

from bot.access.model import TENANT
from bot.approvals.model import ApprovalState
from bot.billing.webhooks import SOURCE
from bot.invoices.ports import PaymentEvent
from bot.kernel.errors import Refusal
from bot.kernel.tasks import RunAgain
from bot.refunds.model import RefundState, spent
from storage.core import inbox
from storage.core.pages import Page
from storage.ledger import postings
from tests.clock import SimulatedClock
from tests.desk import desk
from tests.house import providers
from tests.machines import run
from tests.refunds import another_admin, approval_of, dashboard, of_invoice, paid, requested, sent_back

AMOUNTS = st.sampled_from([1, 4_000, 9_000, 11_999, 12_000, 12_001])
VERBS = st.sampled_from(["approve", "approve", "approve", "refuse", "stop"])
PEOPLE = st.sampled_from(["bob", "carol", "erin"])
CAME_IN = 12_000


class OnePayment(RuleBasedStateMachine):
    """A payment of 120.00, three people of the team, and Stripe."""

    migrated: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="echopilot-refunds-")
        self.stack, self.clock, self.count = AsyncExitStack(), SimulatedClock(), 0
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        path = Path(self.folder.name) / "echopilot.db"
        shutil.copyfile(self.migrated, path)
        self.stand_ins = await self.stack.enter_async_context(providers())
        self.here = await self.stack.enter_async_context(desk(self.stand_ins, f"sqlite:///{path}", self.clock))
        self.invoice = await paid(self.here, self.stand_ins)
        erin = await another_admin(self.here, self.stand_ins)
        bob, carol = [await self.here.person(who) for who in (self.here.bob, self.here.carol)]
        self.team = {"bob": bob, "carol": carol, "erin": erin}

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()

    def _try(self, work: Callable[[], Awaitable[Any]]) -> None:
        async def tried() -> None:
            try:
                await work()
            except (Refusal, RunAgain, InvalidRequestError):
                return

        self.runner.run(tried())

    async def _tell(self, kind: str, theirs: str) -> None:
        self.count += 1
        webhooks = self.here.app.services.billing.invoices.webhooks
        event = PaymentEvent(f"evt_{self.count}", kind, {"id": theirs})
        await self.here.app.services.database.write(lambda tx: webhooks.receive(tx, [event]))
        async with self.here.app.services.database.reading() as connection:
            waiting = await inbox.waiting(connection, SOURCE, 10)
        for arrival in waiting:
            await webhooks.apply_event(arrival.id)

    @rule(minor=AMOUNTS, who=PEOPLE)
    def asks(self, minor: int, who: str) -> None:
        """Somebody asks for a refund."""
        self._try(lambda: requested(self.here, self.invoice, minor, self.team[who]))

    @rule(
        which=st.integers(0, 9), who=PEOPLE, verb=st.sampled_from(["approve", "approve", "approve", "refuse", "stop"])
    )
    def answers(self, which: int, who: str, verb: str) -> None:
        """Somebody says yes, no or stop to one of them."""

        async def work() -> None:
            asked = [one for one in await of_invoice(self.here, self.invoice) if one.asked_by is not None]
            if asked:
                approval = await approval_of(self.here, asked[which % len(asked)])
                say = getattr(self.here.app.services.approvals, verb)
                await say(self.team[who], approval.id, approval.mark)

        self._try(work)

    @rule(minutes=st.integers(0, 12))
    def time_passes(self, minutes: int) -> None:
        """Fuses burn down, and what is approved is sent."""
        self.clock.passes(minutes=minutes)
        for refund in self.runner.run(of_invoice(self.here, self.invoice)):
            if refund.asked_by is not None:
                approval = self.runner.run(approval_of(self.here, refund))
                if approval.state is ApprovalState.FUSE:
                    self._try(lambda number=approval.id: self.here.app.services.approvals.carry_on(number))  # type: ignore[misc]
            self._try(lambda number=refund.id: self.here.app.services.refunds.sending.carry_out(number))  # type: ignore[misc]

    @rule(minor=AMOUNTS)
    def in_the_dashboard(self, minor: int) -> None:
        """Somebody refunds at Stripe, and its webhook comes."""

        async def work() -> None:
            (charge,) = self.stand_ins.stripe.charges.values()
            async with dashboard(self.here) as client:
                refund = await client.v1.refunds.create_async({"charge": charge["id"], "amount": minor})
            await self._tell("refund.created", refund.id)

        self._try(work)

    @rule(which=st.integers(0, 9))
    def fails_later(self, which: int) -> None:
        """A refund that was sent comes back days later."""
        sent = [one["id"] for one in self.stand_ins.stripe.refunds.values() if one["status"] == "succeeded"]
        if sent:
            theirs = sent[which % len(sent)]
            self.stand_ins.stripe.settle_refund(theirs, fails=True)
            self.runner.run(self._tell("refund.failed", theirs))

    @rule(which=st.integers(0, 99), dated=st.booleans())
    def corrects(self, which: int, dated: bool) -> None:
        """An entry is taken back, and the same is posted in its place."""

        async def work() -> None:
            async with self.here.app.services.database.reading() as connection:
                entries = await postings.page(connection, TENANT, Page(limit=100))
            entry = entries[which % len(entries)]
            books = self.here.app.services.ledger.books
            await books.correct(self.team["carol"], entry.id, "looked at again", entry.lines, dated=dated)

        self._try(work)

    @rule()
    def compares(self) -> None:
        """The ledger is held against Stripe, and agrees with it."""
        comparing = self.here.app.services.reconciliation.comparing
        said = self.runner.run(comparing.of_tenant(TENANT))
        standing = self.runner.run(comparing.standing(self.team["carol"]))
        assert standing.open == 0, said

    @invariant()
    def never_more_than_came_in(self) -> None:
        """Neither here nor at Stripe is more sent back than came in, and the ledger has what Stripe sent."""
        refunds = self.runner.run(of_invoice(self.here, self.invoice))
        at_stripe = sent_back(self.stand_ins)
        assert at_stripe <= CAME_IN
        made = [one for one in refunds if one.asked_by is not None]
        alone = spent(made, made[0].intent) if made else 0
        theirs = sum(one.amount.minor for one in refunds if one.asked_by is None and one.counts)
        assert alone <= CAME_IN
        done = {RefundState.SUCCEEDED, RefundState.PENDING}
        assert sum(one.amount.minor for one in refunds if one.state in done) == at_stripe
        assert theirs <= at_stripe
        balances = self.runner.run(self._balances())
        assert balances.get(("refunds", "USD"), 0) == at_stripe
        assert sum(balances.values()) == 0

    async def _balances(self) -> dict[tuple[str, str], int]:
        async with self.here.app.services.database.reading() as connection:
            return dict(await postings.balances(connection, TENANT))


def test_any_order(migrated_file: Path) -> None:
    """Whatever is asked for, answered, sent, and done elsewhere: no more goes back than came in."""
    run(OnePayment, migrated_file, examples=6, steps=20)
