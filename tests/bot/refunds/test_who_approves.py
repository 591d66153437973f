"""Who has to approve a refund, and who sees that it waits."""

from bot.access.model import Role
from bot.kernel.money import Money
from tests.desk import desk
from tests.house import Providers
from tests.refunds import ERIN, another_admin, approval_of, dashboard, enrolled, paid, requested


async def test_own_behind_many(stand_ins: Providers, database_url: str) -> None:
    """Whoever asked sees it in /approvals, although more than it shows wait before it that are other people's."""
    async with desk(stand_ins, database_url, refund_fuse_minutes=0, refund_solo_limit="USD 120") as here:
        invoice, erin = await paid(here, stand_ins), await enrolled(here, stand_ins, "Erin", ERIN, Role.OPERATOR)
        for minor in range(100, 112):
            await requested(here, invoice, minor, erin)
        mine = await requested(here, invoice, 200)
        verbs = here.app.services.approvals
        waits = [one.approval.number for one in await verbs.waiting(await here.person(here.bob))]
        assert waits == [mine.id]
        assert len(await verbs.waiting(await here.person(here.carol))) == 10


async def test_in_slices(stand_ins: Providers, database_url: str) -> None:
    """What goes over the limit in several refunds of a payment needs two people, as all of it at once does; what was
    refused, and what somebody refunded in the dashboard, does not count.
    """
    async with desk(stand_ins, database_url, refund_fuse_minutes=0) as here:
        await another_admin(here, stand_ins)
        invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
        bob, verbs = await here.person(here.bob), here.app.services.refunds.refunds
        (charge,) = stand_ins.stripe.charges.values()
        async with dashboard(here) as client:
            await client.v1.refunds.create_async({"charge": charge["id"], "amount": 500})
        first = await requested(here, invoice, 6_000)
        assert (await approval_of(here, first)).needed == 1
        assert (await verbs.preview(bob, invoice.id, Money(4_000, "USD"), "too late")).needed == 1
        assert (await verbs.preview(bob, invoice.id, Money(4_001, "USD"), "too late")).needed == 2
        second = await requested(here, invoice, 4_001)
        assert (await approval_of(here, second)).needed == 2
        approval = await approval_of(here, first)
        await here.app.services.approvals.refuse(carol, approval.id, approval.mark)
        assert (await verbs.preview(bob, invoice.id, Money(5_999, "USD"), "too late")).needed == 1
