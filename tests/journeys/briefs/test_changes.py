"""A change to a delivery without bad stars, over the wire."""

import pytest

from bot.parts import Part
from tests.house import BRIEF, Providers, house

WISH = "The opening hours are missing: Monday to Friday, 8 to 18."


@pytest.mark.both_databases
async def test_a_priced_change(stand_ins: Providers, database_url: str) -> None:
    """[Change this] asks, says the price, and makes it at a tap; a person decides; it comes with its own invoice."""
    async with house(stand_ins, database_url, frozenset(Part), changes="priced", change_percent=25) as home:
        await home.staff()
        number = await home.brief(BRIEF)
        await home.alice.sees("To pay")
        delivery = await home.alice.sees(f"Brief {number} · Delivered\nWrite")
        await home.alice.taps("Change this", delivery)
        await home.alice.sees("A change costs 30.00 USD")
        await home.alice.says(WISH)
        await home.alice.taps("Start the change", await home.alice.sees("A change for 30.00 USD?"))
        await home.alice.sees("It costs 30.00 USD, with an invoice of its own")
        card = await home.bob.sees(f"Asked for: {WISH}")
        await home.bob.taps("Approve", card)
        await home.alice.sees(f"Brief {number + 1} · Delivered\nChange of {number}")
        await home.alice.sees("30.00 USD")


@pytest.mark.both_databases
async def test_an_asked_change(stand_ins: Providers, database_url: str) -> None:
    """Where the team is asked, what the client writes comes to operators with the brief, and their answer goes back."""
    async with house(stand_ins, database_url) as home:
        await home.staff()
        number = await home.brief(BRIEF)
        await home.alice.sees("To pay")
        await home.alice.taps("Change this", await home.alice.sees(f"Brief {number} · Delivered\nWrite"))
        await home.alice.sees("the team reads it and answers")
        await home.alice.says(WISH)
        await home.alice.sees("They answer here.")
        card = await home.bob.sees("The opening hours are missing")
        await home.bob.taps("Answer", card)
        await home.bob.says("We add them today, for nothing.")
        await home.alice.sees("We add them today, for nothing.")
