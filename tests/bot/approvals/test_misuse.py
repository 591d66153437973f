"""What somebody may try with an approval, and is refused, at the verb: nothing is counted, sent or changed by it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.access.model import TENANT, Permission, Person, Role, stranger
from bot.approvals.model import LASTS, Approval, ApprovalState
from bot.kernel.errors import Refusal
from bot.refunds.model import Refund, RefundState
from storage.people import people
from storage.tables.money.approvals import approvals
from storage.tables.money.refunds import refunds
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers
from tests.refunds import another_admin, approval_of, enrolled, now, paid, requested

FRANK, GRACE = 1006, 1008


@dataclass
class Scene:
    """A refund of 9.00 that Bob asked for and one other person has to approve, and one of 110.00 that two have to."""

    here: Desk
    stand_ins: Providers
    clock: SimulatedClock
    small: Refund
    large: Refund
    bob: Person
    carol: Person
    erin: Person

    async def approval(self, refund: Refund) -> Approval:
        return await approval_of(self.here, refund)

    async def says(self, verb: str, who: Person, refund: Refund, seen: int | None = None) -> Any:
        approval = await self.approval(refund)
        mark = approval.mark if seen is None else seen
        return await getattr(self.here.app.services.approvals, verb)(who, approval.id, mark)

    async def changed(self, table: Any, row_id: int, **values: Any) -> None:
        """Something else changes a row: another program, a person at the database."""
        statement = update(table).where(table.c.tenant == TENANT, table.c.id == row_id).values(**values)
        await self.here.app.services.database.write(lambda tx: tx.run(statement))

    async def becomes(self, who: Person, role: Role) -> None:
        await self.here.app.services.database.write(lambda tx: people.set_role(tx, who, role))


Try = Callable[[Scene], Awaitable[Any]]


def case(verb: str, who: str, which: str = "small", seen: int | None = None) -> Try:
    async def work(on: Scene) -> None:
        await on.says(verb, getattr(on, who), getattr(on, which), seen)

    return work


def by(role: Role, verb: str, name: str = "Grace", number: int = GRACE) -> Try:
    async def work(on: Scene) -> None:
        await on.says(verb, await enrolled(on.here, on.stand_ins, name, number, role), on.small)

    return work


def by_stranger(verb: str) -> Try:
    async def work(on: Scene) -> None:
        await on.says(verb, stranger(1009, "Eve"), on.small)

    return work


def by_other_tenant(verb: str) -> Try:
    async def work(on: Scene) -> None:
        await on.here.app.services.tenants.found("acme", "Acme Studio")
        enroll = people.enroll
        frank = await on.here.app.services.database.write(
            lambda tx: enroll(tx, "acme", FRANK, "Frank", Role.ADMIN, "en")
        )
        await on.says(verb, frank, on.small)

    return work


def pretending(verb: str, **values: Any) -> Try:
    """Whoever calls says that they are more than they are: what stands in the row counts."""

    async def work(on: Scene) -> None:
        grace = await enrolled(on.here, on.stand_ins, "Grace", GRACE, Role.CLIENT)
        await on.says(verb, replace(grace, **values), on.small)

    return work


def demoted(verb: str, role: Role) -> Try:
    async def work(on: Scene) -> None:
        await on.becomes(on.erin, role)
        await on.says(verb, on.erin, on.small)

    return work


def altered(table: Any, **values: Any) -> Try:
    """The row changed after the card was shown."""

    async def work(on: Scene) -> None:
        approval = await on.approval(on.small)
        row = on.small.id if table is refunds else approval.id
        await on.changed(table, row, **values)
        await on.here.app.services.approvals.approve(on.carol, approval.id, approval.mark)

    return work


def after(verb: str, then: str, who: str = "carol", by_whom: str = "erin") -> Try:
    """One word ends it, and another comes after."""

    async def work(on: Scene) -> None:
        await on.says(verb, getattr(on, who), on.small)
        await says_in_vain(on, lambda: on.says(then, getattr(on, by_whom), on.small))

    return work


async def says_in_vain(on: Scene, words: Callable[[], Awaitable[Any]]) -> None:
    before = await now(on.here, on.small), await on.approval(on.small)
    with pytest.raises(Refusal):
        await words()
    assert (await now(on.here, on.small), await on.approval(on.small)) == before
    raise Refusal("as expected")


async def twice(on: Scene) -> None:
    await on.says("approve", on.carol, on.large)
    await on.says("approve", on.carol, on.large)


async def twice_at_once(on: Scene) -> None:
    """Of two taps of the same person at the same time one counts."""
    taps = [on.says("approve", on.carol, on.large) for _ in range(2)]
    found = await asyncio.gather(*taps, return_exceptions=True)
    (refused,) = [one for one in found if isinstance(one, Refusal)]
    raise refused


async def too_late(on: Scene) -> None:
    on.clock.passes(seconds=LASTS.total_seconds())
    await on.says("approve", on.carol, on.small)


async def no_too_late(on: Scene) -> None:
    on.clock.passes(seconds=LASTS.total_seconds())
    await on.says("refuse", on.carol, on.small)


async def expired(on: Scene) -> None:
    approval = await on.approval(on.small)
    on.clock.passes(seconds=LASTS.total_seconds())
    await on.here.app.services.approvals.carry_on(approval.id)
    assert (await now(on.here, on.small)).state is RefundState.CANCELLED
    await on.says("approve", on.carol, on.small)


async def mark_of_another(on: Scene) -> None:
    """A yes to the small one, carried over to the large one."""
    await on.says("approve", on.carol, on.large, (await on.approval(on.small)).mark)


async def no_such_number(on: Scene) -> None:
    await on.here.app.services.approvals.approve(on.carol, 999_999, 1)


async def stopped_by_an_operator(on: Scene) -> None:
    """Another operator stops during the fuse what Bob asked for."""
    grace = await enrolled(on.here, on.stand_ins, "Grace", GRACE, Role.OPERATOR)
    await fuse(on)
    await on.says("stop", grace, on.large)


async def fuse(on: Scene) -> None:
    await on.says("approve", on.carol, on.large)
    await on.says("approve", on.erin, on.large)
    assert (await on.approval(on.large)).state is ApprovalState.FUSE


async def yes_during_the_fuse(on: Scene) -> None:
    await fuse(on)
    await on.says("approve", on.carol, on.large)


async def no_during_the_fuse(on: Scene) -> None:
    await fuse(on)
    await on.says("refuse", on.carol, on.large)


async def stop_after_the_fuse(on: Scene) -> None:
    await fuse(on)
    on.clock.passes(minutes=10)
    await on.here.app.services.approvals.carry_on((await on.approval(on.large)).id)
    assert (await now(on.here, on.large)).state is RefundState.APPROVED
    await on.says("stop", on.carol, on.large)


async def own_by_an_admin(on: Scene) -> None:
    """Carol asks for one herself, and says yes."""
    mine = await requested(on.here, await invoice_of(on), 500, on.carol)
    await on.says("approve", on.carol, mine)


async def own_no_by_an_operator(on: Scene) -> None:
    await on.says("refuse", on.bob, on.small)


async def invoice_of(on: Scene) -> Any:
    return await paid(on.here, on.stand_ins, chat_id=77_777)


async def made_an_admin_meanwhile(on: Scene) -> None:
    """Bob asked for it, became an admin since, and says yes to his own."""
    await on.becomes(on.bob, Role.ADMIN)
    await on.says("approve", on.bob, on.small)


async def asks_without_a_role(on: Scene) -> None:
    await on.becomes(on.bob, Role.CLIENT)
    await requested(on.here, await invoice_of(on), 500, on.bob)


async def asks_of_nobody(on: Scene) -> None:
    """Two would have to approve it, and only one other person may."""
    await on.becomes(on.erin, Role.OPERATOR)
    await requested(on.here, await invoice_of(on), 11_000, on.carol)


CASES: Mapping[str, Try] = {
    "an operator approves their own": case("approve", "bob"),
    "an admin approves their own": own_by_an_admin,
    "an operator who became an admin approves their own": made_an_admin_meanwhile,
    "an operator refuses": own_no_by_an_operator,
    "the same person twice": twice,
    "the same person twice at once": twice_at_once,
    "an analyst approves": by(Role.ANALYST, "approve"),
    "an analyst refuses": by(Role.ANALYST, "refuse"),
    "an analyst stops": by(Role.ANALYST, "stop"),
    "another operator approves": by(Role.OPERATOR, "approve"),
    "another operator refuses": by(Role.OPERATOR, "refuse"),
    "another operator takes it back": by(Role.OPERATOR, "stop"),
    "another operator stops the fuse": stopped_by_an_operator,
    "a client approves": by(Role.CLIENT, "approve"),
    "a client stops": by(Role.CLIENT, "stop"),
    "somebody removed approves": by(Role.REMOVED, "approve"),
    "a stranger approves": by_stranger("approve"),
    "a stranger refuses": by_stranger("refuse"),
    "a stranger stops": by_stranger("stop"),
    "another tenant's admin approves": by_other_tenant("approve"),
    "another tenant's admin refuses": by_other_tenant("refuse"),
    "another tenant's admin stops": by_other_tenant("stop"),
    "a client who says they are an admin": pretending("approve", role=Role.ADMIN),
    "a client who says they are an admin refuses": pretending("refuse", role=Role.ADMIN),
    "somebody demoted to operator": demoted("approve", Role.OPERATOR),
    "somebody demoted to analyst": demoted("approve", Role.ANALYST),
    "somebody removed meanwhile": demoted("approve", Role.REMOVED),
    "somebody demoted refuses": demoted("refuse", Role.OPERATOR),
    "another amount of the refund": altered(refunds, amount_minor=2_001),
    "another currency of the refund": altered(refunds, currency="EUR"),
    "another version of the refund": altered(refunds, version=2),
    "a refund that was cancelled": altered(refunds, state="cancelled"),
    "a refund that was sent": altered(refunds, state="sent"),
    "another amount of the request": altered(approvals, amount_minor=11_000),
    "another currency of the request": altered(approvals, currency="EUR"),
    "another version in the request": altered(approvals, subject_version=2),
    "a request that names another refund": altered(approvals, subject="refund:1002000"),
    "a mark that was made up": case("approve", "carol", seen=1),
    "no mark": case("approve", "carol", seen=0),
    "a no with a mark that was made up": case("refuse", "carol", seen=1),
    "a stop with a mark that was made up": case("stop", "bob", seen=1),
    "the mark of another request": mark_of_another,
    "a number that nothing has": no_such_number,
    "too late": too_late,
    "a no too late": no_too_late,
    "after it expired": expired,
    "a yes after a no": after("refuse", "approve"),
    "a no after a no": after("refuse", "refuse"),
    "a yes after it was approved": after("approve", "approve"),
    "a no after it was approved": after("approve", "refuse"),
    "a stop after it was approved": after("approve", "stop", by_whom="bob"),
    "a yes after it was taken back": after("stop", "approve", who="bob"),
    "an admin takes it back": case("stop", "carol"),
    "a yes during the fuse": yes_during_the_fuse,
    "a no during the fuse": no_during_the_fuse,
    "a stop after the fuse": stop_after_the_fuse,
    "asking without the role": asks_without_a_role,
    "asking where too few may approve": asks_of_nobody,
}


@pytest.mark.parametrize("name", CASES)
async def test_refused(stand_ins: Providers, database_url: str, name: str) -> None:
    """It is refused with words, and no money moves."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as here:
        invoice = await paid(here, stand_ins)
        erin = await another_admin(here, stand_ins)
        bob, carol = await here.person(here.bob), await here.person(here.carol)
        small = await requested(here, invoice, 900)
        large = await requested(here, invoice, 11_000)
        on = Scene(here, stand_ins, clock, small, large, bob, carol, erin)
        with pytest.raises(Refusal) as refused:
            await CASES[name](on)
        assert str(refused.value)
        assert stand_ins.stripe.refunds == {}


def test_how_many() -> None:
    """The table has at least the forty cases that are asked for."""
    assert len(CASES) >= 40


async def test_enough_by_those_who_may(stand_ins: Providers, database_url: str) -> None:
    """A yes whose giver may no longer approve does not count, neither before the second nor at the fuse's end."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as here:
        erin, carol = await another_admin(here, stand_ins), await here.person(here.carol)
        grace = await enrolled(here, stand_ins, "Grace", GRACE, Role.ADMIN)
        refund = await requested(here, await paid(here, stand_ins), 11_000)
        bob = await here.person(here.bob)
        on = Scene(here, stand_ins, clock, refund, refund, bob, carol, erin)
        await on.says("approve", erin, refund)
        await on.becomes(erin, Role.OPERATOR)
        await on.says("approve", carol, refund)
        assert (await on.approval(refund)).state is ApprovalState.WAITING
        await on.says("approve", grace, refund)
        burning = await on.approval(refund)
        assert burning.state is ApprovalState.FUSE
        assert burning.due_at == clock.now() + timedelta(minutes=10)
        await on.becomes(grace, Role.OPERATOR)
        clock.passes(minutes=10)
        await here.app.services.approvals.carry_on(burning.id)
        assert (await on.approval(refund)).state is ApprovalState.STOPPED
        assert (await now(here, refund)).state is RefundState.CANCELLED


def test_who_may() -> None:
    """Operators ask, and only admins approve."""
    assert {role for role in Role if _may(role, Permission.REQUEST_REFUNDS)} == {Role.OPERATOR, Role.ADMIN}
    assert {role for role in Role if _may(role, Permission.APPROVE_REFUNDS)} == {Role.ADMIN}


def _may(role: Role, permission: Permission) -> bool:
    return Person(1, TENANT, 1, "Somebody", role).may(permission)
