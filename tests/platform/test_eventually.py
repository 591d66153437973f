"""How tests wait."""

from itertools import count

import pytest

from tests.eventually import eventually


async def test_until_it_is_so() -> None:
    """What is read is given back once it is as wanted, whether reading it is awaited or not."""
    numbers = count()

    async def read() -> int:
        return next(numbers)

    assert await eventually(read, lambda number: number == 2) == 2
    assert await eventually(lambda: next(numbers), lambda number: number == 4) == 4


async def test_not_for_ever() -> None:
    """What never becomes so fails with what was read last."""
    with pytest.raises(AssertionError, match="last read: 'no'"):
        await eventually(lambda: "no", lambda answer: answer == "yes", within=0.05)
