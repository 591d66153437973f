"""Many refunds of one payment at the same time: no more goes back than came in, and each is answered."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

import pytest

from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.refunds.model import RefundState, spent
from storage.billing import invoices
from storage.engine.connection import Connection
from tests.desk import Desk, desk
from tests.house import Providers
from tests.money.races import RACES_A_PAYMENT, Tally, race
from tests.refunds import approval_of, now, of_invoice, paid, sent_back

AT_ONCE = 100
load_locked = invoices.load_invoice


async def ask_at_once(here: Desk, invoice_id: int, minor: int, count: int) -> list[Any]:
    """What each of so many requests came to: a refund, or why it was refused."""
    bob, verbs = await here.person(here.bob), here.app.services.refunds.refunds
    amount = Money(minor, "USD")
    asked = [verbs.request(bob, invoice_id, amount, "too late", f"race:{number}") for number in range(count)]
    return await asyncio.gather(*asked, return_exceptions=True)


async def all_of(work: Sequence[Awaitable[Any]]) -> None:
    """Have all done; raises what one raised that was no refusal."""
    for found in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(found, BaseException) and not isinstance(found, Stale):
            raise found


@pytest.mark.both_databases
async def test_a_hundred_at_once(stand_ins: Providers, database_url: str) -> None:
    """Of a hundred refunds of 20.00 at once on a payment of 120.00 six are taken, and sent once each, however often
    they are approved and carried out at once; the others read how much is left.
    """
    async with desk(stand_ins, database_url, refund_fuse_minutes=0, refund_solo_limit="USD 200") as here:
        invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
        services = here.app.services
        found = await ask_at_once(here, invoice.id, 2_000, AT_ONCE)
        refused = [one for one in found if isinstance(one, Refusal)]
        taken = [one.of.refund for one in found if not isinstance(one, BaseException)]
        assert (len(taken), len(refused)) == (6, AT_ONCE - 6)
        assert all("is left" in str(one) or "was refunded" in str(one) for one in refused)

        approvals = [await approval_of(here, refund) for refund in taken]
        yes = services.approvals.approve
        await all_of([yes(carol, one.id, one.mark) for one in approvals for _ in range(5)])
        await all_of([services.refunds.sending.carry_out(refund.id) for refund in taken for _ in range(3)])
        assert {(await now(here, refund)).state for refund in taken} == {RefundState.SUCCEEDED}
        assert sent_back(stand_ins) == 12_000
        assert len(stand_ins.stripe.refunds) == 6


async def test_the_race_is_seen(stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock on the invoice's row more is taken than came in, where several write at once: so the test above
    would see it.
    """

    async def unlocked(connection: Connection, invoice_id: int, *, lock: bool = False) -> Any:
        return await load_locked(connection, invoice_id)

    async with desk(stand_ins, database_url, refund_fuse_minutes=0) as here:
        invoice = await paid(here, stand_ins)
        monkeypatch.setattr(invoices, "load_invoice", unlocked)
        await ask_at_once(here, invoice.id, 7_000, AT_ONCE)
        refunds = await of_invoice(here, invoice)
        over = spent(refunds, refunds[0].intent) > 12_000
        assert over is not here.app.services.database.sqlite


@pytest.mark.both_databases
@pytest.mark.timeout(300)
async def test_from_four_processes(stand_ins: Providers, database_url: str) -> None:
    """Two at once from different processes until nothing is left: one is taken, approved and sent once, and the other
    reads why not. Where what is left is checked before the transaction that takes it, more is taken than came in.
    `python -m tests.money races` has a thousand.
    """
    count = RACES_A_PAYMENT
    sound, unsafe = await race(stand_ins, database_url, count, 12)
    assert sound == Tally(count, taken=count, sent=count)
    assert unsafe.over


@pytest.mark.both_databases
async def test_two_taps_are_one(stand_ins: Providers, database_url: str) -> None:
    """The same preview tapped many times at once asks for one refund."""
    async with desk(stand_ins, database_url, refund_fuse_minutes=0) as here:
        invoice, bob = await paid(here, stand_ins), await here.person(here.bob)
        ask, amount = here.app.services.refunds.refunds.request, Money(500, "USD")
        taps = [ask(bob, invoice.id, amount, "too late", "one tap") for _ in range(10)]
        found = await asyncio.gather(*taps)
        assert len({one.of.refund.id for one in found}) == 1
        assert len(await of_invoice(here, invoice)) == 1
