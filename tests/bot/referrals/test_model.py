"""The rules of referrals' credits."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.invoices.charges import CURRENCIES, smallest_charge, step
from bot.kernel.money import Money
from bot.referrals.model import Referral, credit_of, taken_off, to_claw

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def referral(earned: int, used: int = 0, clawed: int = 0, *, currency: str = "USD", disputed: int = 0) -> Referral:
    """A referral with such a credit."""
    return Referral(1, "main", 2, 3, NOW, 4, currency, earned, used, clawed, disputed, 1)


@pytest.mark.parametrize(
    ("minor", "currency", "percent", "credit"),
    [
        (12_000, "USD", 10, 1_200),
        (12_345, "USD", 10, 1_234),
        (12_345, "ISK", 10, 1_200),
        (5_129, "KWD", 10, 510),
        (12_000, "USD", 0, 0),
        (-500, "USD", 10, 0),
        (999, "JPY", 10, 99),
    ],
)
def test_credit(minor: int, currency: str, percent: int, credit: int) -> None:
    """The share is rounded down to what can be charged of its currency."""
    assert credit_of(Money(minor, currency), percent).minor == credit


@given(
    currency=st.sampled_from(sorted(CURRENCIES)),
    total=st.integers(0, 10**6),
    earned=st.lists(st.integers(0, 10**5), max_size=5),
)
def test_an_invoice_can_still_be_charged(currency: str, total: int, earned: list[int]) -> None:
    """What is taken off leaves at least the smallest charge, comes in the currency's steps, and is there."""
    by = step(currency)
    found = [referral(one * by, currency=currency) for one in earned]
    parts = taken_off(found, Money(total * by, currency))
    off = sum(part for _one, part in parts)
    assert off == 0 or total * by - off >= smallest_charge(currency).minor
    assert off % by == 0
    assert all(0 < part <= one.left for one, part in parts)


@pytest.mark.parametrize(
    ("of", "returned", "clawed"),
    [
        (referral(1_200), 0, 0),
        (referral(1_200), 6_000, 600),
        (referral(1_200), 12_000, 1_200),
        (referral(1_200), 13_000, 1_200),
        (referral(1_200, used=1_000), 12_000, 200),
        (referral(1_200, used=1_200), 12_000, 0),
        (referral(1_200, clawed=600), 0, 0),
        (referral(1_200, disputed=12_000), 0, 1_200),
        (referral(1_200), 1, 1),
    ],
)
def test_claw(of: Referral, returned: int, clawed: int) -> None:
    """The share that went back is taken back, and no more than is not used."""
    assert to_claw(of, returned, 12_000) == clawed
