"""Limits on what people move: exact to the cent, counted once, and never overrun by two at once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest

from bot.access.model import TENANT, Person, Role
from bot.flags.model import Change, Flag, Mode, Switch, SwitchedOff
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.ledger.rates import Rates
from bot.limits.model import Deed, Limit, Limited, Limits, Used, reached
from bot.limits.service import Barrier, give_back
from bot.limits.settings import LimitSettings
from bot.tenants.model import Own
from storage.engine.database import Database, Transaction
from storage.flags import flags
from storage.people import people, tenants
from tests.clock import SimulatedClock
from tests.ledger_rates import WRITTEN
from tests.storage.conftest import opened

DEFAULTS = LimitSettings(_env_file=None).limits()  # type: ignore[call-arg]
WIDE: Limits = {**dict.fromkeys(Limit, 10**9), Limit.TRANSACTION: 500_000}


@asynccontextmanager
async def rooms(database_url: str) -> AsyncIterator[tuple[Database, Person, Person]]:
    """A database with rates, and two operators."""
    async with opened(database_url) as database:
        await Rates(database, WRITTEN).settle()

        async def enroll(tx: Transaction) -> list[Person]:
            return [await people.enroll(tx, TENANT, at, "Bob", Role.OPERATOR, "en") for at in (1002, 1007)]

        bob, ben = await database.write(enroll)
        yield database, bob, ben


async def passes(
    database: Database, barrier: Barrier, who: Person | None, amount: Money, key: str, deed: Deed = Deed.REFUND
) -> bool:
    """Whether it is let through."""
    try:
        await database.write(lambda tx: barrier.check(tx, TENANT, who, deed, amount, key=key))
    except Limited:
        return False
    return True


@pytest.mark.parametrize(
    ("currency", "fits"),
    [
        ("USD", {499_999: True, 500_000: True, 500_001: False}),
        ("JPY", {757_574: True, 757_575: True, 757_576: False}),
        ("INR", {39_999_920: True, 40_000_000: True, 40_000_001: False}),
        ("KWD", {1_538_458: True, 1_538_461: True, 1_538_462: False}),
    ],
)
@pytest.mark.both_databases
async def test_exact_to_a_cent(database_url: str, currency: str, fits: dict[int, bool]) -> None:
    """5,000.00 USD and what is worth as much passes; a cent more does not, in any currency."""
    async with rooms(database_url) as (database, bob, _):
        barrier = Barrier(WIDE)
        found = {
            minor: await passes(database, barrier, bob, Money(minor, currency), f"{currency}:{minor}") for minor in fits
        }
    assert found == fits


@pytest.mark.parametrize("deed", list(Deed))
@pytest.mark.both_databases
async def test_two_at_once(database_url: str, deed: Deed) -> None:
    """Of twenty at once, by two people, as many pass as the day has room for, and no more."""
    async with rooms(database_url) as (database, bob, ben):
        barrier = Barrier({**WIDE, Limit.DAY_SUM: 700_000})
        tries = [
            passes(database, barrier, who, Money(100_000, "USD"), f"{who.id}:{n}", deed)
            for n in range(10)
            for who in (bob, ben)
        ]
        assert sum(await asyncio.gather(*tries)) == 7


@pytest.mark.both_databases
async def test_the_same_at_once(database_url: str) -> None:
    """The same deed twenty times at once passes each time, and counts once."""
    async with rooms(database_url) as (database, bob, _):
        barrier = Barrier({**WIDE, Limit.DAY_COUNT: 1, Limit.DAY_SUM: 100_000})
        tries = [passes(database, barrier, bob, Money(100_000, "USD"), "one") for _ in range(20)]
        assert all(await asyncio.gather(*tries))
        assert not await passes(database, barrier, bob, Money(1, "USD"), "two")


@pytest.mark.both_databases
async def test_in_any_24_hours(database_url: str) -> None:
    """What was let through counts for 24 hours, to the second, whatever the calendar says; given back it does not."""
    async with rooms(database_url) as (database, bob, _):
        clock = SimulatedClock(database.clock.now())
        database.clock = clock
        barrier = Barrier({**WIDE, Limit.DAY_SUM: 500_000})
        assert await passes(database, barrier, bob, Money(500_000, "USD"), "one")
        clock.passes(hours=23, minutes=59, seconds=59)
        assert not await passes(database, barrier, bob, Money(1, "USD"), "two")
        clock.passes(seconds=1)
        assert await passes(database, barrier, bob, Money(500_000, "USD"), "two")
        await database.write(lambda tx: give_back(tx, TENANT, Deed.REFUND, "two"))
        assert await passes(database, barrier, bob, Money(400_000, "USD"), "three")
        assert await passes(database, barrier, bob, Money(100_000, "USD"), "two")
        assert not await passes(database, barrier, bob, Money(1, "USD"), "four")


async def test_each_by_itself(database_url: str) -> None:
    """One person's sum is theirs, invoices and refunds count apart, so do tenants, and what no person does has none."""
    async with rooms(database_url) as (database, bob, ben):
        barrier = Barrier({**WIDE, Limit.PERSON_SUM: 100_000})
        amount = Money(100_000, "USD")
        assert await passes(database, barrier, bob, amount, "1")
        assert not await passes(database, barrier, bob, amount, "2")
        assert await passes(database, barrier, bob, amount, "2", Deed.INVOICE)
        assert await passes(database, barrier, ben, amount, "3")
        assert [await passes(database, barrier, None, amount, f"{n}") for n in (4, 5)] == [True, True]
        narrow = Barrier({**WIDE, Limit.DAY_COUNT: 4})
        assert not await passes(database, narrow, None, amount, "6")
        await database.write(lambda tx: narrow.check(tx, "acme", None, Deed.REFUND, amount, key="6"))


async def test_what_is_refused_does_not_count(database_url: str) -> None:
    """A refusal leaves nothing behind, and neither does what its own transaction took back."""
    async with rooms(database_url) as (database, bob, _):
        barrier = Barrier({**WIDE, Limit.DAY_SUM: 200_000})
        assert not await passes(database, barrier, bob, Money(200_001, "USD"), "1")

        async def fails(tx: Transaction) -> None:
            await barrier.check(tx, TENANT, bob, Deed.REFUND, Money(200_000, "USD"), key="2")
            raise Refusal("no")

        with pytest.raises(Refusal, match="no"):
            await database.write(fails)
        assert await passes(database, barrier, bob, Money(200_000, "USD"), "3")


async def test_another_amount_under_the_same_key(database_url: str) -> None:
    """A key that was let through lets no other amount through."""
    async with rooms(database_url) as (database, bob, _):
        barrier = Barrier(DEFAULTS)
        assert await passes(database, barrier, bob, Money(1, "USD"), "1")
        for amount in (Money(2, "USD"), Money(1, "EUR")):
            with pytest.raises(ValueError, match="not"):
                await passes(database, barrier, bob, amount, "1")
        for nothing in (0, -1):
            with pytest.raises(ValueError, match="moves"):
                await passes(database, barrier, bob, Money(nothing, "USD"), "2")


async def test_without_a_rate(database_url: str) -> None:
    """A currency without a rate, or with one that is too old, is refused, and says who adds one."""
    async with rooms(database_url) as (database, bob, _):
        for at in (timedelta(), timedelta(days=92)):
            database.clock = SimulatedClock(database.clock.now() + at)
            with pytest.raises(Refusal, match=r"adds (one|a newer one) to EXCHANGE_RATES"):
                await passes(database, Barrier(DEFAULTS), bob, Money(1, "EUR" if not at else "KWD"), "1")


async def test_switched_off(database_url: str) -> None:
    """While payments are off nothing passes, what was let through before neither; a part of the clients may be let."""
    async with rooms(database_url) as (database, bob, _):
        barrier, amount = Barrier(DEFAULTS), Money(1, "USD")
        assert await passes(database, barrier, bob, amount, "1")
        for version, change in enumerate((Change(Mode.OFF), Change(Mode.CANARY, names=("77",))), 1):
            switch = Switch(Flag.PAYMENTS, change, "why", version=version)
            await database.write(partial(flags.put, tenant=TENANT, switch=switch, person_id=bob.id))
            for key in ("1", "2"):
                with pytest.raises(SwitchedOff, match="Payments are switched off"):
                    await passes(database, barrier, bob, amount, key)
        check = barrier.check
        await database.write(lambda tx: check(tx, TENANT, bob, Deed.REFUND, amount, key="3", subject=77))
        await database.write(lambda tx: tenants.add(tx, "acme", "Acme", Own()))
        with pytest.raises(SwitchedOff):
            await database.write(lambda tx: check(tx, "acme", None, Deed.REFUND, amount, key="3"))


@pytest.mark.parametrize(
    ("used", "limit", "said"),
    [
        ((Used(), Used()), Limit.TRANSACTION, "5,000.01 USD is over the limit of 5,000.00 USD for one transaction"),
        ((Used(50, 0), Used()), Limit.PERSON_COUNT, "You did this 50 times in the last 24 hours.*one person is 50"),
        ((Used(1, 999_950), Used()), Limit.PERSON_SUM, "over the limit of 10,000.00 USD.*0.50 USD of it is left"),
        (
            (Used(), Used(200, 0)),
            Limit.DAY_COUNT,
            "The team did this 200 times in the last 24 hours; the limit is 200",
        ),
        ((Used(), Used(9, 1_999_950)), Limit.DAY_SUM, "over the limit of 20,000.00 USD.*0.50 USD of it is left"),
    ],
)
def test_which_limit_and_who_lifts_it(used: Sequence[Used], limit: Limit, said: str) -> None:
    """A refusal says which limit it is, the figures, that nothing was done, and the setting by which it is lifted."""
    cents = 500_001 if limit is Limit.TRANSACTION else 100
    found = reached(cents, DEFAULTS, *used)
    assert found is not None
    assert found.limit is limit
    with pytest.raises(Limited, match=said) as caught:
        raise Limited(Money(cents, "USD"), cents, found)
    assert f"Nothing was done. Whoever runs this bot can raise it: {limit.value}." in str(caught.value)
    other = Limited(Money(757_576, "JPY"), 500_001, reached(500_001, DEFAULTS, None, Used()) or found)
    assert "757,576 JPY (5,000.01 USD)" in str(other)
