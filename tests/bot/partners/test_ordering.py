"""What a partner's program orders: once for each key, within its quota, at the agreed price, seen by nobody else."""

import asyncio
from dataclasses import replace

import pytest

from bot.briefs.model import State
from bot.flags.model import Change, Flag, Mode, SwitchedOff
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.partners.model import (
    Answered,
    Caller,
    InFlight,
    KeyReused,
    NewOrder,
    NoSuchBrief,
    NotReady,
    OtherPrice,
    QuotaUsed,
    Tier,
)
from storage.briefs import briefs, drafts
from storage.engine.database import Transaction
from storage.partners import orders
from tests.bot.partners.partner import ORDER, another_partner, caller_of
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers


async def order(home: Desk, caller: Caller, key: str = "one", new: NewOrder = ORDER) -> Answered:
    """Order a brief; the answer is its number and where it stands."""
    return await home.app.services.partners.ordering.order(caller, key, new, lambda brief: f"{brief.id} {brief.state}")


async def test_an_order_is_a_brief(stand_ins: Providers, database_url: str) -> None:
    """An order is a brief of the partner's client that is under way, and its client reads of it in the chat."""
    async with desk(stand_ins, database_url) as home:
        caller = await caller_of(home)
        answered = await order(home, caller)
        brief = await home.app.services.partners.ordering.brief(caller, answered.brief_id)
        assert (brief.client_id, brief.state, brief.price) == (caller.client.id, State.QUEUED, Money(12_000, "USD"))
        assert f"Brief {brief.id} · In the queue" in (await home.told(home.alice.id))[-1].text


async def test_the_same_key_again(stand_ins: Providers, database_url: str) -> None:
    """The same order under the same key is answered to the letter, whatever became of the brief, and ordered once."""
    async with desk(stand_ins, database_url) as home:
        caller = await caller_of(home)
        first = await order(home, caller)

        async def begin(tx: Transaction) -> None:
            brief = await briefs.get(tx.connection, caller.partner.tenant, first.brief_id)
            await briefs.move(tx, brief, State.DRAFTING)

        await home.app.services.database.write(begin)
        assert await order(home, caller) == replace(first, replayed=True)
        assert (await home.app.services.partners.ordering.stats(caller)).used == 1


async def test_the_same_key_for_another_order(stand_ins: Providers, database_url: str) -> None:
    """Another order under the same key is refused, and another key orders another brief."""
    async with desk(stand_ins, database_url) as home:
        caller = await caller_of(home)
        first = await order(home, caller)
        with pytest.raises(KeyReused):
            await order(home, caller, new=replace(ORDER, task_type=TaskType.RESEARCH))
        assert (await order(home, caller, "two")).brief_id != first.brief_id


@pytest.mark.both_databases
async def test_the_same_order_ten_times_at_once(stand_ins: Providers, database_url: str) -> None:
    """Ten of the same order at once are one brief: the others hear that it is in flight, or what was answered."""
    async with desk(stand_ins, database_url) as home:
        caller = await caller_of(home)
        found = await asyncio.gather(*(order(home, caller) for _ in range(10)), return_exceptions=True)
        answered = [one for one in found if isinstance(one, Answered)]
        assert all(isinstance(one, Answered | InFlight) for one in found), found
        assert len({one.brief_id for one in answered}) == 1
        assert [one.replayed for one in answered].count(False) == 1


@pytest.mark.both_databases
async def test_a_quota_is_never_passed(stand_ins: Providers, database_url: str) -> None:
    """Of ten orders at once a quota of three lets three through, and an admin who raises it lets more."""
    async with desk(stand_ins, database_url) as home:
        caller, verbs = await caller_of(home), home.app.services.partners
        carol = await home.person(home.carol)
        await verbs.partners.set_quota(carol, caller.partner.id, "3")
        found = await asyncio.gather(*(order(home, caller, str(n)) for n in range(10)), return_exceptions=True)
        assert sum(isinstance(one, Answered) for one in found) == 3
        assert sum(isinstance(one, QuotaUsed) for one in found) == 7, found
        await verbs.partners.set_quota(carol, caller.partner.id, "4")
        await order(home, caller, "after all")


async def test_a_new_month(stand_ins: Providers, database_url: str) -> None:
    """With the month the quota begins anew."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        caller = await caller_of(home)
        await home.app.services.partners.partners.set_quota(await home.person(home.carol), caller.partner.id, "1")
        await order(home, caller)
        with pytest.raises(QuotaUsed) as raised:
            await order(home, caller, "two")
        clock.passes(seconds=(raised.value.resets - clock.now()).total_seconds())
        await order(home, caller, "two")


async def test_an_order_whose_process_died(stand_ins: Providers, database_url: str) -> None:
    """An order that was begun and never ended is in flight for a while, and then dealt with by whoever asks again."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock) as home:
        caller, database = await caller_of(home), home.app.services.database
        tenant, partner = caller.partner.tenant, caller.partner.id
        await database.write(lambda tx: orders.begin(tx, tenant, partner, "one", ORDER.fingerprint))
        with pytest.raises(InFlight):
            await order(home, caller)
        clock.passes(seconds=31)
        assert not (await order(home, caller)).replayed


async def test_the_price_is_agreed(stand_ins: Providers, database_url: str) -> None:
    """A tier has its discount; whoever expects another price orders nothing, and the key stays free."""
    async with desk(stand_ins, database_url, partner_discount_plus=10) as home:
        caller, verbs = await caller_of(home), home.app.services.partners
        await verbs.partners.set_tier(await home.person(home.carol), caller.partner.id, 1, Tier.PLUS)
        standing = await verbs.partners.standing(await home.person(home.carol), caller.partner.id)
        caller = Caller(standing.partner, caller.client)
        assert standing.partner.monthly_quota == Tier.PLUS.quota
        with pytest.raises(OtherPrice) as raised:
            await order(home, caller, new=replace(ORDER, expected=Money(12_000, "USD")))
        answered = await order(home, caller, new=replace(ORDER, expected=raised.value.price))
        assert (await verbs.ordering.brief(caller, answered.brief_id)).price == Money(10_800, "USD")


async def test_what_cannot_be_a_brief(stand_ins: Providers, database_url: str) -> None:
    """A refused order leaves nothing behind: the key is free, the quota untouched, no brief there."""
    async with desk(stand_ins, database_url) as home:
        caller = await caller_of(home)
        with pytest.raises(Refusal, match="nothing in it"):
            await order(home, caller, new=replace(ORDER, text="…"))
        assert (await home.app.services.partners.ordering.stats(caller)).used == 0
        await order(home, caller)


@pytest.mark.parametrize("flag", [Flag.INTAKE, Flag.PARTNER_API])
async def test_switched_off(stand_ins: Providers, database_url: str, flag: Flag) -> None:
    """While no briefs are taken, or no programs answered, nothing is ordered."""
    async with desk(stand_ins, database_url) as home:
        caller, ordering = await caller_of(home), home.app.services.partners.ordering
        await home.app.services.flags.switch(await home.person(home.carol), flag, Change(Mode.OFF), "a test")
        tried = ordering.check_open(caller) if flag is Flag.PARTNER_API else order(home, caller)
        with pytest.raises(SwitchedOff):
            await tried
        assert (await ordering.stats(caller)).used == 0


async def test_others_see_nothing(stand_ins: Providers, database_url: str) -> None:
    """Another partner, of this tenant or another, has no such brief, and the client's from the chat is none."""
    async with desk(stand_ins, database_url) as home:
        services, caller = home.app.services, await caller_of(home)
        await services.tenants.found("acme", "Acme Studio")
        number = (await order(home, caller)).brief_id
        chatted = await home.delivered(home.alice)
        others = [await another_partner(services), await another_partner(services, "acme", 1008)]
        for who, brief_id in [*((one, number) for one in others), (caller, chatted.id), (caller, -1), (caller, 2**70)]:
            with pytest.raises(NoSuchBrief):
                await services.partners.ordering.brief(who, brief_id)
            with pytest.raises(NoSuchBrief):
                await services.partners.ordering.result(who, brief_id)


async def test_the_result(stand_ins: Providers, database_url: str) -> None:
    """There is a result once the work is delivered, and not while people decide on it."""
    async with desk(stand_ins, database_url) as home:
        caller, ordering = await caller_of(home), home.app.services.partners.ordering
        number = (await order(home, caller)).brief_id

        async def move(tx: Transaction, *states: State) -> None:
            brief = await briefs.get(tx.connection, caller.partner.tenant, number)
            if brief.draft_id is None:
                draft = await drafts.add_draft(tx, brief, 1, "The work", "gpt-6-luna")
                brief = await briefs.change(tx, brief, draft_id=draft.id, attempt=1)
            for state in states:
                brief = await briefs.move(tx, brief, state)

        database = home.app.services.database
        await database.write(lambda tx: move(tx, State.DRAFTING, State.JUDGING, State.IN_REVIEW))
        with pytest.raises(NotReady):
            await ordering.result(caller, number)
        await database.write(lambda tx: move(tx, State.APPROVED, State.DELIVERED))
        assert (await ordering.result(caller, number))[1] == "The work"
