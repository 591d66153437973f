"""Which price a type needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.finance.proposals import MOST_STEP, Past, proposal, rounded_up
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType

PRICE = Money(12_000, "USD")


def test_enough_is_left() -> None:
    """Nothing is proposed where the target is reached, exactly too."""
    past = Past(revenue=240_000, models=48_000, others=0)
    assert proposal(TaskType.DRAFTING, PRICE, past, 12_000, 80).proposed is None


def test_too_little_is_left() -> None:
    """The price that leaves the target, and what last month would have been with as many orders."""
    past = Past(revenue=240_000, models=50_000, others=12_000)
    one = proposal(TaskType.DRAFTING, PRICE, past, 12_000, 75)
    assert one.proposed == Money(12_500, "USD")
    assert one.would == Past(revenue=250_000, models=50_000, others=12_500)
    assert one.would.share == pytest.approx(0.75)


def test_few_orders_say_nothing() -> None:
    """Of fewer than ten orders' revenue nothing is proposed, however little was left."""
    assert proposal(TaskType.DRAFTING, PRICE, Past(119_999, 100_000, 0), 12_000, 80).proposed is None
    assert proposal(TaskType.DRAFTING, PRICE, Past(120_000, 100_000, 0), 12_000, 80).proposed == Money(15_000, "USD")


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 99))
def test_never_lower_and_never_far(revenue: int, models: int, others: int, target: int) -> None:
    """A proposal is higher, by a quarter at most before it is rounded, and leaves more."""
    one = proposal(TaskType.OTHER, PRICE, Past(revenue, models, others), 12_000, target)
    if one.proposed is None or one.would is None:
        return
    assert PRICE.minor < one.proposed.minor <= rounded_up(Money(int(PRICE.minor * (1 + MOST_STEP)), "USD")).minor
    assert one.would.models == models


@pytest.mark.parametrize(("minor", "rounded"), [(7, 7), (99, 99), (101, 105), (12_010, 12_500), (12_500, 12_500)])
def test_rounded(minor: int, rounded: int) -> None:
    """To what people can remember, never down."""
    assert rounded_up(Money(minor, "USD")) == Money(rounded, "USD")
