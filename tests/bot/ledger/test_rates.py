"""What an amount is worth in US dollars, for limits."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.invoices.charges import CURRENCIES
from bot.kernel.errors import Refusal
from bot.kernel.money import Money, exponent
from bot.ledger.model import LARGEST
from bot.ledger.rate import Rate, rates_in
from bot.ledger.rates import Rates, in_usd
from tests.storage.conftest import opened

WRITTEN = "JPY 0.0066 2026-11-01, INR 0.0119 2026-10-01, INR 0.0125 2026-11-20; KWD 3.25 2026-11-01"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


CASES = (
    (757_575, "JPY", 500_000),  # 4,999.995 dollars: what is left over counts as a cent
    (757_576, "JPY", 500_001),
    (757_574, "JPY", 499_999),
    (40_000_000, "INR", 500_000),
    (40_000_001, "INR", 500_001),
    (39_999_920, "INR", 499_999),
    (1_538_461, "KWD", 500_000),
    (1_538_462, "KWD", 500_001),
    (1_538_458, "KWD", 499_999),
    (-1, "KWD", -1),
    (0, "KWD", 0),
    (500_001, "USD", 500_001),
    (LARGEST, "KWD", -(-LARGEST * 325 // 1_000)),
)


@pytest.mark.both_databases
async def test_worth_on_that_day(database_url: str) -> None:
    """An amount is worth what the newest rate of before says, exact, and rounded up to a cent."""
    async with opened(database_url) as database:
        await Rates(database, WRITTEN).settle()
        async with database.reading() as connection:
            for minor, currency, cents in CASES:
                assert await in_usd(connection, Money(minor, currency), NOW) == cents, (minor, currency)
            before = NOW - timedelta(days=9)
            assert await in_usd(connection, Money(40_000_000, "INR"), before) == 476_000


async def test_what_is_not_known(database_url: str) -> None:
    """Without a rate, with one of later only, or with one of long ago, an amount is worth nothing that is known."""
    async with opened(database_url) as database:
        await Rates(database, WRITTEN).settle()
        async with database.reading() as connection:
            for currency, at in (("EUR", NOW), ("JPY", NOW - timedelta(days=28)), ("KWD", NOW + timedelta(days=92))):
                with pytest.raises(Refusal, match=currency):
                    await in_usd(connection, Money(1, currency), at)


async def test_a_rate_that_was_wrong(database_url: str) -> None:
    """Another rate for the same day takes the place of the one that was given before."""
    async with opened(database_url) as database:
        await Rates(database, "JPY 6.6 2026-11-01").settle()
        await Rates(database, WRITTEN).settle()
        await Rates(database, "").settle()
        async with database.reading() as connection:
            assert await in_usd(connection, Money(757_576, "JPY"), NOW) == 500_001


@pytest.mark.parametrize(
    "written",
    [
        "EUR",
        "EUR 1.08",
        "EUR 1,08 2026-11-01",
        "EUR -1 2026-11-01",
        "EUR 0 2026-11-01",
        "EUR 1e3 2026-11-01",
        "EUR nan 2026-11-01",
        "EUR 1.08 2026-02-30",
        "EUR 1.08 01.11.2026",
        "eur 1.08 2026-11-01",
        "USD 1 2026-11-01",
        "XYZ 1 2026-11-01",
        "EUR 1 2026-11-01, EUR 2 2026-11-01",
    ],
)
def test_no_rates(written: str) -> None:
    """What is not written like a rate is refused, and nothing of it is read."""
    with pytest.raises(ValueError, match=r"rate|Stripe|calendar"):
        rates_in(written)


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(-LARGEST, LARGEST), st.integers(1, 10**15))
def test_never_worth_less(currency: str, minor: int, millionths: int) -> None:
    """In any currency and at any rate: as many whole cents as the amount needs, and no more."""
    rate = Rate(currency, Decimal(millionths).scaleb(-6), date(2026, 11, 1))
    exact = Fraction(minor, 10 ** exponent(currency)) * Fraction(millionths, 10**6) * 100
    cents = rate.in_cents(Money(minor, currency))
    assert abs(exact) <= abs(cents) < abs(exact) + 1
    assert (cents > 0) is (exact > 0)
