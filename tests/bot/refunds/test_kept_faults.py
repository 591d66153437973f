"""Faults of Stripe's own that it keeps under the idempotency key of a refund."""

import pytest

from bot.kernel.tasks import RunAgain
from bot.refunds.model import RefundState
from sandbox.faults import Fault
from tests.clock import SimulatedClock
from tests.desk import desk
from tests.house import Providers
from tests.refunds import approved, now, paid, requested, sent_back


async def test_a_fault_that_stripe_keeps(stand_ins: Providers, database_url: str) -> None:
    """A fault of Stripe's that it keeps under the key holds a refund up for an hour, not until the key is forgotten."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock, refund_fuse_minutes=0) as here:
        invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
        sending = here.app.services.refunds.sending
        refund = await approved(here, await requested(here, invoice, 2_000), carol)
        stand_ins.stripe.faults.add(Fault(r"POST .*/refunds$", "keep"))
        for wait, attempt in ((0, 1), (300, 2)):
            clock.passes(seconds=wait)
            with pytest.raises(RunAgain):
                await sending.carry_out(refund.id)
            assert (await now(here, refund)).attempt == attempt
        clock.passes(hours=1)
        await sending.carry_out(refund.id)
        assert (await now(here, refund)).state is RefundState.SUCCEEDED
        assert sent_back(stand_ins) == 2_000
