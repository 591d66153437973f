"""What a brief costs its client."""

import pytest

from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.prices.model import Prices, price_of

PRICES = Prices({task_type: Money(6000, "USD") for task_type in TaskType}, Money(200, "USD"))


@pytest.mark.parametrize(("seconds", "minor"), [(0, 200), (1, 200), (60, 200), (61, 400), (3600, 12_000)])
def test_minutes_begun(seconds: int, minor: int) -> None:
    """A recording is paid by minutes begun, one at least."""
    assert price_of(TaskType.TRANSCRIPTION, PRICES, seconds) == Money(minor, "USD")


@pytest.mark.parametrize(("task_type", "seconds"), [(TaskType.TRANSCRIPTION, None), (TaskType.DRAFTING, 3600)])
def test_price_by_type(task_type: TaskType, seconds: int | None) -> None:
    """What is no recording to transcribe has the price of its type, whatever it came as."""
    assert price_of(task_type, PRICES, seconds) == Money(6000, "USD")
