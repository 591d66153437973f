"""Refunds that Stripe gives no answer to, or a fault: nobody is paid twice, and nothing waits for ever."""

import pytest

from bot.kernel.errors import Refusal
from bot.kernel.tasks import RunAgain
from bot.refunds.model import RefundState
from sandbox.faults import Fault
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers
from tests.refunds import approved, now, paid, requested, sent_back


async def told(here: Desk, chat_id: int) -> str:
    return "\n".join(card.text for card in await here.told(chat_id))


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", ["lose_reply", "lose_request"])
async def test_no_answer(stand_ins: Providers, database_url: str, kind: str) -> None:
    """No answer: it counts as spent, Stripe is asked after 5 min, and the money is sent exactly once."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock, refund_fuse_minutes=0) as here:
        invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
        sending = here.app.services.refunds.sending
        refund = await approved(here, await requested(here, invoice, 2_000), carol)
        stand_ins.stripe.faults.add(Fault(r"POST .*/refunds$", kind, times=3))  # type: ignore[arg-type]
        with pytest.raises(RunAgain) as again:
            await sending.carry_out(refund.id)
        assert again.value.delay == pytest.approx(300, abs=1)
        assert (await now(here, refund)).state is RefundState.UNKNOWN
        with pytest.raises(Refusal, match=r"more than the 100\.00 USD"):
            await requested(here, invoice, 11_000)
        with pytest.raises(RunAgain):
            await sending.carry_out(refund.id)
        clock.passes(minutes=5)
        await sending.carry_out(refund.id)
        assert (await now(here, refund)).state is RefundState.SUCCEEDED
        assert sent_back(stand_ins) == 2_000


async def test_no_answer_in_a_day(stand_ins: Providers, database_url: str) -> None:
    """Asked after 5 min, 1 h and 1 day in vain, a person hears, and has Stripe asked once more, also where that message
    is long gone.
    """
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock, refund_fuse_minutes=0) as here:
        invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
        services = here.app.services
        refund = await approved(here, await requested(here, invoice, 2_000), carol)
        stand_ins.stripe.faults.add(Fault(r"/refunds", "lose_reply", times=None))
        for wait in (0, 300, 3_600):
            clock.passes(seconds=wait)
            with pytest.raises(RunAgain):
                await services.refunds.sending.carry_out(refund.id)
        clock.passes(days=1)
        await services.refunds.sending.carry_out(refund.id)
        assert "Nobody knows whether it was sent" in await told(here, here.carol.id)
        stand_ins.stripe.faults.clear()
        assert [
            button.label for row in (await here.says(here.bob, f"/refund_{refund.id}")).rows for button in row
        ] == []
        shown = await here.says(here.carol, f"/refund_{refund.id}")
        assert "Nobody knows whether it was sent" in shown.text
        assert [button.label for row in shown.rows for button in row] == ["Ask Stripe again"]
        lost = await now(here, refund)
        await services.refunds.refunds.ask_again(carol, lost.id, lost.version)
        await services.refunds.sending.carry_out(refund.id)
        assert (await now(here, refund)).state is RefundState.SUCCEEDED
        assert sent_back(stand_ins) == 2_000
