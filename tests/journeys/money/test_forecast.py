"""/forecast of a business that has just begun."""

from tests.house import House


async def test_not_enough_history(home: House) -> None:
    """An admin is told how much history is missing; a client may not look."""
    await home.staff()
    await home.carol.says("/forecast")
    await home.carol.sees("Not enough history: 0 of 28 days. The first forecast comes in 28 days.")
    await home.alice.says("/forecast")
    await home.alice.sees("may read reports")
